/** A session as a trace keeps it: watches its ledger and its connections while it plays. Changes nothing of it. */
import type { Account, ConnectionRecord, DropReason, LedgerWatch } from '../emulator/ledger.ts';
import { ENDPOINT_EVENTS } from '../emulator/ledger.ts';
import type { PlayReport } from '../emulator/report.ts';
import type { Session } from '../emulator/session.ts';
import type { Participant } from '../protocol/participant.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { redactTarget } from '../target.ts';
import type { TraceFile } from './file.ts';
import type { TraceEnd, TraceMeeting } from './format.ts';
import { MeetingTrace } from './meeting.ts';
import { shortened } from './shortened.ts';

/** How many log lines a session may leave: a receiver that sends messages without end is told of in each of them. */
const MAX_LOG = 2_000;

export interface SessionTraceOptions {
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
}

/** Of a report. Without a verdict nobody says whether it went well. */
export type Concluded = Pick<PlayReport, 'verdict' | 'duration_s' | 'scheduled' | 'sent' | 'diagnoses'> & {
  readonly ok: boolean | null;
  readonly dropped: { readonly total: number };
};

export class SessionTrace implements LedgerWatch {
  readonly #session: Session;
  readonly #file: TraceFile;
  readonly #options: SessionTraceOptions;
  readonly #accounts = new Map<Account, number>();
  /** Connections that are not known to have ended, as they were written last. */
  readonly #connections = new Map<ConnectionRecord, string>();
  #seen = 0;
  #logged = 0;
  #meeting: MeetingTrace | undefined;

  /** Before the session begins. */
  constructor(session: Session, file: TraceFile, options: SessionTraceOptions = {}) {
    this.#session = session;
    this.#file = file;
    this.#options = options;
    session.ledger.watch = this;
    session.events.on('change', () => this.#noteConnections());
    session.events.on('log', (level, text) => {
      if (this.#logged++ < MAX_LOG)
        this.meeting.row({ kind: 'log', at: session.elapsedSeconds, level, text });
    });
    session.events.once('end', () => this.#end());
  }

  /** Made with the first thing that there is to write: only then is it known when the recording started. */
  get meeting(): MeetingTrace {
    if (this.#meeting === undefined) {
      this.#meeting = new MeetingTrace(this.#file, headOf(this.#session, this.#options));
      for (const { sample, event, snapshot, data } of this.#session.timeline.events)
        this.#meeting.row({
          kind: 'event',
          at: sample / SAMPLE_RATE,
          event,
          connection: 0,
          json: { participant: snapshot, ...(data === null ? {} : { data }) },
        });
    }
    return this.#meeting;
  }

  streamBegins(participant: number, startSample: number, as: Participant): void {
    this.meeting.row({ kind: 'stream', at: startSample / SAMPLE_RATE, participant, as });
  }

  streamEnds(participant: number, endSample: number): void {
    this.meeting.silence(participant);
    this.meeting.row({ kind: 'mute', at: endSample / SAMPLE_RATE, participant });
  }

  audio(participant: number, startSample: number, pcm: Int16Array): void {
    this.meeting.audio(participant, startSample, pcm);
  }

  event(account: Account, sample: number, event: string, json: string): void {
    const { number } = account.connection;
    this.meeting.row({
      kind: 'event',
      at: sample / SAMPLE_RATE,
      event,
      connection: number,
      json: shortened(JSON.parse(json)),
    });
  }

  sent(account: Account, startSample: number, samples: number): void {
    this.meeting.frame(this.#accountOf(account), startSample, samples, 'sent', this.#session.elapsedSeconds);
  }

  dropped(account: Account, startSample: number, samples: number, reason: DropReason): void {
    this.meeting.frame(this.#accountOf(account), startSample, samples, reason, this.#session.elapsedSeconds);
  }

  /** What it came to. More may follow. */
  conclude(came: Concluded, checked?: TraceEnd['checked']): void {
    const { ok, verdict, duration_s, scheduled, sent, dropped, diagnoses } = came;
    const { soundEndSample, leftOut } = this.meeting;
    if (leftOut > 0)
      this.meeting.row({
        kind: 'log',
        at: duration_s,
        level: 'warn',
        text: `${leftOut} more events and log lines are not in this trace`,
      });
    this.meeting.row({
      kind: 'end',
      at: duration_s,
      ok,
      verdict,
      frames: { scheduled, sent, dropped: dropped.total },
      diagnoses: (diagnoses ?? []).map(({ text, evidence, remedy }) => ({ text, evidence, remedy })),
      soundUntil: soundEndSample === undefined ? null : soundEndSample / SAMPLE_RATE,
      ...(checked === undefined ? {} : { checked }),
    });
    this.meeting.flush();
  }

  #accountOf(account: Account): number {
    let number = this.#accounts.get(account);
    if (number === undefined) {
      number = this.meeting.account({
        participant: account.participant === ENDPOINT_EVENTS ? -1 : account.participant,
        connection: account.connection.number,
        medium: account.participant === ENDPOINT_EVENTS ? 'event' : account.medium.name,
      });
      this.#accounts.set(account, number);
    }
    return number;
  }

  #noteConnections(): void {
    const { connections } = this.#session.ledger;
    for (; this.#seen < connections.length; this.#seen++) this.#connections.set(connections[this.#seen]!, '');
    for (const [record, last] of this.#connections) {
      const row = { kind: 'connection' as const, ...connectionOf(record) };
      const text = JSON.stringify(row);
      if (text !== last) this.meeting.row(row);
      if (record.closedSeconds === null) this.#connections.set(record, text);
      else this.#connections.delete(record);
    }
  }

  #end(): void {
    this.#noteConnections();
    this.meeting.finishSound();
    this.meeting.flush();
    this.#file.close();
  }
}

function headOf(session: Session, { title, subtitle }: SessionTraceOptions): TraceMeeting {
  const { options, timeline } = session;
  const { recording, audioSeparate, bot, absoluteFormat, mode, endpoints } = options;
  return {
    title: title ?? timeline.title ?? 'A meeting',
    subtitle: subtitle ?? '',
    kind: 'sent',
    mode,
    recording,
    audioSeparate,
    bot,
    startMicros: options.startMicros ?? session.startMicros,
    absoluteFormat,
    endpoints: endpoints.map(({ url, resource, events }) => ({
      url: redactTarget(url),
      resource,
      events: events ?? [],
    })),
  };
}

function connectionOf(record: ConnectionRecord) {
  return {
    number: record.number,
    endpoint: record.endpointIndex,
    opened: record.openedSeconds,
    closed: record.closedSeconds,
    code: record.closeCode,
    reason: record.closeReason,
    endedBy: record.endedBy,
    error: record.error?.text ?? null,
    refused: record.dials.flatMap(({ failedSeconds, failure }) =>
      failedSeconds === null || failure === null ? [] : [{ at: failedSeconds, text: failure.text }],
    ),
  };
}
