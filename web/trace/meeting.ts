/** A meeting of the trace as the page draws it: who was there, what was sent of them, and what else happened. Pure. */

import type { Mark, MeetingReport } from '../../src/check/report.ts';
import type { Participant } from '../../src/protocol/participant.ts';
import { type FrameColumns, OUTCOMES, type Outcome } from '../../src/trace/columns.ts';
import type {
  TraceAccount,
  TraceConnection,
  TraceEnd,
  TraceMeeting,
  TraceRow,
} from '../../src/trace/format.ts';
import type { Connection } from '../lanes/ConnectionTrack.tsx';
import { type Person, personAt } from '../lanes/people.ts';
import type { MeetingBlocks, SoundElement } from './read.ts';

export const SAMPLE_RATE = 16_000;

export interface Span {
  readonly from_s: number;
  readonly to_s: number;
}

/** A participant's time with one set of data about them: what their messages say. */
interface StreamSpan extends Span {
  readonly as: Participant;
}

export interface PersonTrace {
  readonly place: number;
  readonly person: Person;
  readonly streams: readonly StreamSpan[];
  readonly lane: {
    readonly unmuted: readonly Span[];
    readonly missing: readonly Span[];
    readonly peaks: Uint8Array;
  };
  /** Rows of `frames`, in the order of their positions. */
  readonly rows: Int32Array;
  readonly sounds: readonly SoundElement[];
}

/** Something that happened, for the list. */
export interface Happening {
  readonly id: string;
  readonly at: number;
  readonly kind: 'event' | 'request' | 'webhook' | 'log' | 'connection';
  readonly title: string;
  readonly detail: string;
  readonly isWrong: boolean;
  readonly json: unknown;
}

export interface MeetingTrace {
  readonly head: TraceMeeting;
  readonly end: TraceEnd | undefined;
  readonly durationSeconds: number;
  readonly people: readonly PersonTrace[];
  readonly frames: FrameColumns;
  readonly accounts: ReadonlyMap<number, TraceAccount>;
  readonly connections: readonly Connection[];
  /** Place of the endpoint that a connection leads to, by its number. */
  readonly endpointOf: ReadonlyMap<number, number>;
  readonly refusals: MeetingReport['wire'];
  readonly marks: readonly Mark[];
  readonly happenings: readonly Happening[];
  readonly checked: { readonly meeting: MeetingReport; readonly lines: readonly CheckedLine[] } | undefined;
}

interface CheckedLine {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  readonly participant: number | null;
  readonly from_s: number | null;
  readonly to_s: number | null;
}

export function outcomeOf(frames: FrameColumns, row: number): Outcome {
  return OUTCOMES[frames.outcome[row]!] ?? 'sent';
}

export function meetingOf({ head, rows, frames, peaks, sounds }: MeetingBlocks): MeetingTrace {
  const of = <Kind extends TraceRow['kind']>(kind: Kind) =>
    rows.filter((row): row is Extract<TraceRow, { kind: Kind }> => row.kind === kind);
  const end = of('end').at(-1);
  const accounts = new Map(of('account').map((account) => [account.number, account]));
  const connections = [...new Map(of('connection').map((each) => [each.number, each])).values()];
  const durationSeconds = lengthOf(end, frames, rows);
  const checked = end?.checked as MeetingTrace['checked'];
  const people = peopleOf(rows, frames, accounts, durationSeconds).map((each) => ({
    ...each,
    lane: {
      unmuted: each.streams.map(({ from_s, to_s }) => ({ from_s, to_s })),
      missing: missingOf(each.rows, frames),
      peaks: peaks.get(each.place) ?? new Uint8Array(0),
    },
    sounds: sounds
      .filter(({ participant }) => participant === each.place)
      .sort((a, b) => a.startSample - b.startSample),
  }));
  return {
    head,
    end,
    durationSeconds,
    people: people.length > 0 ? people : peopleOfReport(checked?.meeting),
    frames,
    accounts,
    connections:
      connections.length === 0
        ? (checked?.meeting.connections ?? [])
        : connectionsOf(connections, accounts, people),
    endpointOf: new Map(connections.map(({ number, endpoint }) => [number, endpoint])),
    refusals:
      connections.length === 0
        ? (checked?.meeting.wire ?? [])
        : connections.flatMap(({ number, refused }) =>
            refused.map(({ at, text }) => ({ at_s: at, connection: number, kind: 'refused' as const, text })),
          ),
    marks: rows.length > 1 ? marksOf(rows) : (checked?.meeting.marks ?? []),
    happenings: happeningsOf(rows, connections, head.kind),
    checked,
  };
}

function connectionsOf(
  connections: readonly TraceConnection[],
  accounts: ReadonlyMap<number, TraceAccount>,
  people: readonly PersonTrace[],
): Connection[] {
  const ids = new Map(people.map(({ place, person }) => [place, person.id]));
  const carried = new Map<number, Set<number>>();
  for (const { connection, participant } of accounts.values()) {
    if (participant < 0) continue;
    const of = carried.get(connection) ?? new Set();
    carried.set(connection, of.add(ids.get(participant) ?? participant));
  }
  return connections.map((each) => ({
    number: each.number,
    participants: [...(carried.get(each.number) ?? [])],
    opened_s: each.opened,
    closed_s: each.closed,
    close_code: each.code,
    close_reason: each.reason,
    ended_by: each.endedBy,
    error: each.error,
  }));
}

/** What was played step by step has no frames here: the report of the check says what was sent. */
function peopleOfReport(report: MeetingReport | undefined): PersonTrace[] {
  return (report?.lanes ?? []).map(({ participant: id, name, unmuted, missing, peaks }, place) => ({
    place,
    person: personAt(place, { id, name }),
    streams: [],
    lane: { unmuted, missing, peaks: Uint8Array.from(peaks) },
    rows: new Int32Array(0),
    sounds: [],
  }));
}

function lengthOf(end: TraceEnd | undefined, frames: FrameColumns, rows: readonly TraceRow[]): number {
  let latest = end?.at ?? 0;
  for (let row = 0; row < frames.count; row++)
    latest = Math.max(latest, (frames.startSample[row]! + frames.samples[row]!) / SAMPLE_RATE);
  for (const row of rows) if (row.kind === 'connection') latest = Math.max(latest, row.closed ?? 0);
  return Math.max(0.1, latest);
}

type PersonRows = Omit<PersonTrace, 'lane' | 'sounds'>;

function peopleOf(
  rows: readonly TraceRow[],
  frames: FrameColumns,
  accounts: ReadonlyMap<number, TraceAccount>,
  durationSeconds: number,
): PersonRows[] {
  const streams = new Map<number, { from_s: number; to_s: number; as: Participant }[]>();
  for (const row of rows) {
    if (row.kind === 'stream') {
      const own = streams.get(row.participant) ?? [];
      own.push({ from_s: row.at, to_s: durationSeconds, as: row.as });
      streams.set(row.participant, own);
    } else if (row.kind === 'mute') {
      const last = streams.get(row.participant)?.at(-1);
      if (last !== undefined) last.to_s = row.at;
    }
  }
  const rowsOf = rowsByParticipant(frames, accounts);
  return [...streams.entries()]
    .sort(([a], [b]) => a - b)
    .map(([place, own], index) => ({
      place,
      person: personAt(index, own[0]!.as),
      streams: own,
      rows: rowsOf.get(place) ?? new Int32Array(0),
    }));
}

/**
 * Rows of audio, by participant and position. A frame that was sent and then lost with its connection has two rows: the later one
 * is what became of it.
 */
function rowsByParticipant(
  frames: FrameColumns,
  accounts: ReadonlyMap<number, TraceAccount>,
): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  const lost = new Map<string, number>();
  for (let row = 0; row < frames.count; row++)
    if (frames.outcome[row] !== 0) lost.set(`${frames.account[row]} ${frames.startSample[row]}`, row);
  for (let row = 0; row < frames.count; row++) {
    const account = accounts.get(frames.account[row]!);
    if (account === undefined || account.medium !== 'audio') continue;
    if (lost.size > 0) {
      const later = lost.get(`${frames.account[row]} ${frames.startSample[row]}`);
      if (later !== undefined && later > row) continue;
    }
    const list = lists.get(account.participant);
    if (list === undefined) lists.set(account.participant, [row]);
    else list.push(row);
  }
  const { startSample } = frames;
  return new Map(
    [...lists].map(([participant, list]) => [
      participant,
      Int32Array.from(list.sort((a, b) => startSample[a]! - startSample[b]! || a - b)),
    ]),
  );
}

function missingOf(rows: Int32Array, frames: FrameColumns): Span[] {
  const spans: { from_s: number; to_s: number }[] = [];
  for (const row of rows) {
    if (frames.outcome[row] === 0) continue;
    const from_s = frames.startSample[row]! / SAMPLE_RATE;
    const to_s = from_s + frames.samples[row]! / SAMPLE_RATE;
    const last = spans.at(-1);
    if (last !== undefined && from_s <= last.to_s + 1e-6) last.to_s = Math.max(last.to_s, to_s);
    else spans.push({ from_s, to_s });
  }
  return spans;
}

function marksOf(rows: readonly TraceRow[]): Mark[] {
  const own = rows.some((row) => row.kind === 'event' && row.connection === 0);
  return rows.flatMap((row): Mark[] => {
    if (row.kind === 'event' && row.event.startsWith('participant_events.') && (row.connection === 0) === own)
      return [{ at_s: row.at, kind: 'event', text: eventText(row.event, row.json) }];
    if (row.kind === 'request' || row.kind === 'webhook')
      return [{ at_s: row.at, kind: 'call', text: `${row.kind}: ${row.title}` }];
    if (row.kind === 'log' && row.level !== 'debug') return [{ at_s: row.at, kind: 'fault', text: row.text }];
    return [];
  });
}

function happeningsOf(
  rows: readonly TraceRow[],
  connections: readonly TraceConnection[],
  kind: TraceMeeting['kind'],
): Happening[] {
  const all: Omit<Happening, 'id'>[] = [];
  const calls = new Map<string, Omit<Happening, 'id'>>();
  for (const row of rows) {
    if (row.kind === 'event') {
      const where = row.connection === 0 ? '' : `#${row.connection}`;
      const title = row.connection === 0 && kind === 'sent' ? `in the meeting: ${row.event}` : row.event;
      all.push({
        at: row.at,
        kind: 'event',
        title,
        detail: where || whoIn(row.json),
        isWrong: false,
        json: row.json,
      });
    } else if (row.kind === 'log') {
      all.push({
        at: row.at,
        kind: 'log',
        title: row.text,
        detail: '',
        isWrong: row.level === 'warn',
        json: undefined,
      });
    } else if (row.kind === 'request' || row.kind === 'webhook') {
      const { at, title, status, ok, json } = row;
      const detail = status === null ? 'no answer' : `${status}`;
      calls.set(`${row.kind} ${row.id}`, { at, kind: row.kind, title, detail, isWrong: !ok, json });
    }
  }
  all.push(...calls.values(), ...connections.flatMap(happeningsOn));
  return all.sort((a, b) => a.at - b.at).map((each, index) => ({ ...each, id: `${index}` }));
}

function happeningsOn(connection: TraceConnection): Omit<Happening, 'id'>[] {
  const { number, opened, closed, code, reason, endedBy, error, refused } = connection;
  const base = { kind: 'connection' as const, detail: `#${number}`, json: connection };
  const who = endedBy === null ? '' : endedBy === 'receiver' ? ', by the receiver' : ', by the emulator';
  return [
    ...refused.map(({ at, text }) => ({ ...base, at, title: `refused: ${text}`, isWrong: true })),
    ...(opened === null ? [] : [{ ...base, at: opened, title: 'open', isWrong: false }]),
    ...(closed === null
      ? []
      : [
          {
            ...base,
            at: closed,
            title: `closed with ${code ?? 1006}${reason ? ` (${reason})` : ''}${who}${error === null ? '' : `: ${error}`}`,
            isWrong: endedBy === 'receiver',
          },
        ]),
  ];
}

function eventText(event: string, json: unknown): string {
  return `${event} ${whoIn(json)}`;
}

/** Whose it is, where it says so: at the top, or where messages have it. */
function whoIn(json: unknown): string {
  const value = json as {
    readonly participant?: Partial<Participant>;
    readonly data?: { readonly data?: { readonly participant?: Partial<Participant> } };
  } | null;
  const who = value?.participant ?? value?.data?.data?.participant;
  return who === undefined ? '' : `${who.name ?? ''} (${who.id})`.trim();
}
