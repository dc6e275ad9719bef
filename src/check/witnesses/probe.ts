/**
 * A probe of the receiver's state: what a URL or a command says is read before a case, at each unmute, mute, opening and close, at the
 * end and afterwards. What changes from one reading to the next is told. Readings never hold up the meeting: one at a time, and what
 * happens meanwhile is read together.
 */
import type { Session } from '../../emulator/session.ts';
import { plainText } from '../../plain-text.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { enumerated } from '../../words.ts';
import type { Moment, PlayedMeeting } from '../seen.ts';
import { type Change, changesOf } from './probe-changes.ts';
import type { ProbeReader } from './probe-reader.ts';

interface Reading {
  /** What it was taken for: `the mute of 100`. */
  readonly why: string;
  /** Wall clock of what it was taken for, milliseconds since the epoch. */
  readonly atMs: number;
  readonly text: string;
}

/** Of one case. */
const MAX_READINGS = 300;
/** Told of one reading. */
const MAX_CHANGES = 6;
const MAX_REASONS = 4;

/** One case. */
export class CaseProbe {
  readonly #read: ProbeReader;
  readonly #readings: Reading[] = [];
  /** What has happened since the last reading began. */
  #reasons: string[] = [];
  #reasonsAtMs = 0;
  #reading: Promise<void> | undefined;

  constructor(read: ProbeReader) {
    this.#read = read;
  }

  /** Resolves when what has happened until now, and this, has been read. */
  async take(why: string): Promise<void> {
    this.#note(why);
    while (this.#reading !== undefined) await this.#reading;
  }

  /** Reads at each unmute, mute, opening and close of a session. */
  watch(session: Session): void {
    let before = stateOf(session);
    session.events.on('change', () => {
      const now = stateOf(session);
      for (const id of now.unmuted) if (!before.unmuted.has(id)) this.#note(`the unmute of ${id}`);
      for (const number of now.opened)
        if (!before.opened.has(number)) this.#note(`the opening of #${number}`);
      for (const id of before.unmuted) if (!now.unmuted.has(id)) this.#note(`the mute of ${id}`);
      for (const number of now.closed) if (!before.closed.has(number)) this.#note(`the close of #${number}`);
      before = now;
    });
  }

  /** What changed, on the clocks of the meetings; `played` in the order in which they began. */
  momentsOf(meeting: PlayedMeeting, isLast: boolean): Moment[] {
    const { startedMs, speed, timeline } = meeting;
    const [first] = this.#readings;
    const last = this.#readings.at(-1);
    const moments = this.#readings.slice(1).flatMap(({ why, atMs, text }, index) => {
      const told = toldOf(changesOf(this.#readings[index]!.text, text));
      return told === undefined ? [] : [{ atMs, text: `${why}: ${told}` }];
    });
    if (first !== undefined && last !== undefined && last !== first) {
      const told = toldOf(changesOf(first.text, last.text));
      if (told !== undefined)
        moments.push({ atMs: last.atMs, text: `after it all, against before: ${told}` });
    }
    const end = timeline.durationSamples / SAMPLE_RATE + speed;
    return moments
      .map(({ atMs, text }) => ({
        atSeconds: ((atMs - startedMs) / 1_000) * speed,
        kind: 'probe' as const,
        text,
      }))
      .filter(({ atSeconds }) => atSeconds >= 0 && (isLast || atSeconds <= end));
  }

  #note(why: string): void {
    if (this.#reasons.length === 0) this.#reasonsAtMs = Date.now();
    if (this.#reasons.length < MAX_REASONS) this.#reasons.push(why);
    if (this.#reading !== undefined) return;
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = undefined;
      if (this.#reasons.length > 0) this.#note(this.#reasons.pop()!);
    });
  }

  async #readOnce(): Promise<void> {
    const why = enumerated(this.#reasons);
    const atMs = this.#reasonsAtMs;
    this.#reasons = [];
    if (this.#readings.length >= MAX_READINGS) return;
    this.#readings.push({ why, atMs, text: await this.#read() });
  }
}

interface SessionState {
  readonly unmuted: ReadonlySet<number>;
  /** Numbers of connections that were accepted. */
  readonly opened: ReadonlySet<number>;
  /** Of those that are over. */
  readonly closed: ReadonlySet<number>;
}

function stateOf(session: Session): SessionState {
  const unmuted = session
    .status()
    .flatMap(({ state, participant }) => (state === 'muted' ? [] : [participant.id]));
  const { connections } = session.ledger;
  const opened = connections.filter(({ openedSeconds }) => openedSeconds !== null);
  const closed = connections.filter(({ closedSeconds }) => closedSeconds !== null);
  const numbers = (records: typeof connections) => new Set(records.map(({ number }) => number));
  return { unmuted: new Set(unmuted), opened: numbers(opened), closed: numbers(closed) };
}

/** `sessions.open 2 → 1`; undefined when nothing has changed. */
function toldOf(changes: readonly Change[]): string | undefined {
  if (changes.length === 0) return undefined;
  const shown = changes
    .slice(0, MAX_CHANGES)
    .map(({ where, from, to }) => `${where === '' ? '' : `${where} `}${from} → ${to}`);
  const more = changes.length - shown.length;
  return plainText(`${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`);
}
