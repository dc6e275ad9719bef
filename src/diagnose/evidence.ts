/**
 * What there is to go by: one real-time endpoint of a session that is over, as plain data, and what witnesses saw beside it.
 * Times are meeting seconds.
 */
import type { ConnectionMode, Endpoint } from '../emulator/endpoint.ts';
import type { Failure } from '../emulator/failure.ts';
import {
  type Account,
  type ConnectionRecord,
  type DropReason,
  ENDPOINT_EVENTS,
  noDrops,
} from '../emulator/ledger.ts';
import type { Session } from '../emulator/session.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { PingsSeen } from './pings.ts';

export interface Evidence {
  readonly endpoint: EndpointEvidence;
  readonly mode: ConnectionMode;
  readonly durationSeconds: number;
  /** Somebody ended the meeting early. */
  readonly interrupted: boolean;
  readonly participants: readonly { readonly id: number; readonly name: string | null }[];
  /** In the order of dialling; the first thousand. */
  readonly connections: readonly ConnectionEvidence[];
  /** When each participant was to be heard, by the timeline. */
  readonly unmuted: readonly Interval[];
  readonly witnesses: Witnesses;
}

interface EndpointEvidence {
  readonly secure: boolean;
  /** A query, a header or a user name in the URL: something that may be a token. */
  readonly hasToken: boolean;
  /** Upgrades were signed. */
  readonly signed: boolean;
}

interface Interval {
  /** Index of the participant. */
  readonly participant: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export type ConnectionEvidence = Readonly<Omit<ConnectionRecord, 'endpointIndex'>> & {
  readonly accounts: readonly AccountEvidence[];
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
};

/** The audio (or pictures) of one participant on one connection. */
interface AccountEvidence {
  /** Index of the participant. */
  readonly participant: number;
  readonly sent: number;
  readonly causes: readonly Failure[];
  readonly missing: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** What others saw. All of it may be absent. */
export interface Witnesses {
  /** The receiver's process has ended. */
  readonly exit?: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly atSeconds: number;
    /** How far from that a connection may have ended which was lost with it; default 2. Faster than life, a moment is long. */
    readonly withinSeconds?: number;
    /** The last lines that it wrote to its standard error. */
    readonly stderr: readonly string[];
  };
  readonly pings?: PingsSeen;
  /** The last message before a connection was lost. */
  readonly lastMessages?: readonly {
    readonly connection: number;
    readonly kind: 'text' | 'binary';
    readonly bytes: number;
    readonly event: string;
  }[];
  /** What the app asked of Recall's API while the meeting ran. */
  readonly calls?: readonly { readonly name: string; readonly atSeconds: number }[];
}

/** A cause shows in the first ones; a call of hours at a receiver that loses every connection has many. */
const MAX_CONNECTIONS = 1_000;

/** One for each endpoint. For a session that is over; of one that runs, it is what has happened until now. */
export function evidenceOf(session: Session, witnesses: Witnesses = {}): Evidence[] {
  const { ledger, options, timeline, endpoints } = session;
  const accounts = new Map<ConnectionRecord, Account[]>();
  for (const account of ledger.accounts) {
    const known = accounts.get(account.connection);
    if (known === undefined) accounts.set(account.connection, [account]);
    else known.push(account);
  }
  const shared = {
    mode: options.mode,
    durationSeconds: timeline.durationSamples / SAMPLE_RATE,
    interrupted: session.interruptedSeconds !== undefined,
    participants: session.participants,
    unmuted: timeline.streams.map(({ participant, startSample, endSample }) => ({
      participant,
      fromSeconds: startSample / SAMPLE_RATE,
      toSeconds: endSample / SAMPLE_RATE,
    })),
    witnesses,
  };
  return endpoints.map((endpoint, index) => ({
    ...shared,
    endpoint: endpointEvidence(endpoint, options.endpoints[index]!),
    connections: ledger.connections
      .filter(({ endpointIndex }) => endpointIndex === index)
      .slice(0, MAX_CONNECTIONS)
      .map((record) => connectionEvidence(record, accounts.get(record) ?? [])),
  }));
}

function endpointEvidence(
  { url }: Endpoint,
  { headers = {}, secret }: Session['options']['endpoints'][number],
): EndpointEvidence {
  const { protocol, search, username } = new URL(url);
  return {
    secure: protocol === 'wss:',
    hasToken: search !== '' || username !== '' || Object.keys(headers).length > 0,
    signed: secret !== undefined,
  };
}

function connectionEvidence(record: ConnectionRecord, accounts: readonly Account[]): ConnectionEvidence {
  const dropped = noDrops();
  let scheduled = 0;
  let sent = 0;
  for (const account of accounts) {
    scheduled += account.scheduled;
    sent += account.sent;
    for (const reason of Object.keys(dropped) as DropReason[]) dropped[reason] += account.dropped[reason];
  }
  return {
    ...record,
    scheduled,
    sent,
    dropped,
    accounts: accounts
      .filter(({ participant }) => participant !== ENDPOINT_EVENTS)
      .map(({ participant, sent, causes, missing }) => ({
        participant,
        sent,
        causes: [...causes.keys()],
        missing: missing.map(({ startSample, endSample }) => ({
          fromSeconds: startSample / SAMPLE_RATE,
          toSeconds: endSample / SAMPLE_RATE,
        })),
      })),
  };
}
