/**
 * Matchers for what receivers get: for every runner whose `expect.extend` takes functions of `{ pass, message }`. Their
 * failures name the participant, the frame and the two values.
 */
import type { PlayReport } from '../emulator/report.ts';
import { readRealtimeEvent } from '../protocol/events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { frameOf, type ReceivedFrame } from './messages.ts';
import { type ComparePcmOptions, comparePcm, type PcmLike } from './pcm.ts';
import type { Recorder } from './recorder.ts';
import { type ServerMatchers, toHaveReceived } from './server-matchers.ts';

/** A recorder, or messages (text, parsed, or frames) in the order in which they came. */
export type MessagesLike = Recorder | readonly unknown[];

export interface ContiguousAudioOptions {
  /** Gaps and overlaps up to this many samples are none; default 0. */
  readonly toleranceSamples?: number;
}

export interface ConnectionsOptions {
  /** How far an opening or a close may be off; default 0.1 s. */
  readonly toleranceSeconds?: number;
}

export interface RecallMatchers<R = unknown> extends ServerMatchers<R> {
  /** A valid real-time event, of this name if one is given. Text is parsed. */
  toBeRecallEvent(event?: string): R;
  /** Each participant's timestamps grow from frame to frame. */
  toHaveMonotonicTimestamps(): R;
  /** Each participant's frames follow one another without gap or overlap, within each connection of a recorder. */
  toHaveContiguousAudio(options?: ContiguousAudioOptions): R;
  /** The same samples, in the same number. */
  toMatchPcm(reference: PcmLike, options?: ComparePcmOptions): R;
  /** Of a `play` report: nothing was dropped, and the run is fine. */
  toHaveDeliveredEveryFrame(): R;
  /**
   * Connections from and to these meeting seconds, in order of opening: of a `play` report or one of its participants, or of
   * a recorder (there, from the first sample of each connection to its last).
   */
  toHaveConnections(
    intervals: readonly (readonly [from: number, to: number])[],
    options?: ConnectionsOptions,
  ): R;
}

interface Result {
  readonly pass: boolean;
  message(): string;
}

function verdict(problem: string | undefined, otherwise: string): Result {
  return { pass: problem === undefined, message: () => problem ?? otherwise };
}

/** For `expect.extend`. */
export const recallMatchers = {
  toHaveReceived,

  toBeRecallEvent(received: unknown, name?: string): Result {
    const value = typeof received === 'string' ? parsed(received) : received;
    const result = readRealtimeEvent(value);
    let problem: string | undefined;
    if (result.kind === 'invalid') {
      problem = `expected a valid Recall event, but\n${result.problems.map(({ message, location }) => `  ${location?.path ?? ''}: ${message}`).join('\n')}`;
    } else if (result.kind === 'unknown')
      problem = `expected a Recall event, but there is none named "${result.name}"`;
    else if (name !== undefined && result.event.event !== name)
      problem = `expected the event "${name}", but it is "${result.event.event}"`;
    return verdict(problem, `expected no valid Recall event${name === undefined ? '' : ` "${name}"`}`);
  },

  toHaveMonotonicTimestamps(received: MessagesLike): Result {
    const last = new Map<string, { frame: ReceivedFrame; index: number }>();
    let problem: string | undefined;
    for (const [index, frame] of framesOf(received).entries()) {
      const before = last.get(keyOf(frame));
      if (before !== undefined && frame.relative <= before.frame.relative) {
        problem ??= `${who(frame)}: frame ${index} is at ${frame.relative} s, not after frame ${before.index} at ${before.frame.relative} s`;
      }
      last.set(keyOf(frame), { frame, index });
    }
    return verdict(problem, 'expected timestamps that do not grow');
  },

  toHaveContiguousAudio(received: MessagesLike, options: ContiguousAudioOptions = {}): Result {
    const { toleranceSamples = 0 } = options;
    const ends = new Map<string, { sample: number; index: number }>();
    let problem: string | undefined;
    for (const [index, frame] of framesOf(received).entries()) {
      const key = `${keyOf(frame)} ${frame.connection ?? ''}`;
      const end = ends.get(key);
      const off = end === undefined ? 0 : frame.startSample - end.sample;
      if (Math.abs(off) > toleranceSamples) {
        problem ??= `${who(frame)}: frame ${index} begins at sample ${frame.startSample} (${frame.relative} s), ${Math.abs(off)} samples ${off > 0 ? 'after' : 'before'} the end of frame ${end!.index} at ${end!.sample} (${end!.sample / SAMPLE_RATE} s)`;
      }
      ends.set(key, { sample: frame.startSample + frame.pcm.length, index });
    }
    return verdict(problem, 'expected audio with a gap or an overlap');
  },

  toMatchPcm(received: PcmLike, reference: PcmLike, options: ComparePcmOptions = {}): Result {
    const difference = comparePcm(reference, received, options);
    return verdict(
      difference && `expected the same audio, but it ${difference.text}`,
      'expected other audio',
    );
  },

  toHaveDeliveredEveryFrame(received: PlayReport): Result {
    const { ok, sent, scheduled, dropped, verdict: text, participants } = received;
    const losses = participants.flatMap(({ id, name, dropped: own }) => {
      const reasons = Object.entries(own).filter(([reason, count]) => reason !== 'total' && count > 0);
      return reasons.map(
        ([reason, count]) => `  participant ${id}${name === null ? '' : ` (${name})`}: ${count} ${reason}`,
      );
    });
    const problem =
      ok && dropped.total === 0 && sent === scheduled
        ? undefined
        : `expected every frame to be delivered, but ${sent} of ${scheduled} were: ${text}${losses.map((line) => `\n${line}`).join('')}`;
    return verdict(problem, `expected some frame to be lost, but all ${scheduled} were delivered`);
  },

  toHaveConnections(
    received: Recorder | PlayReport | PlayReport['participants'][number],
    intervals: readonly (readonly [number, number])[],
    options: ConnectionsOptions = {},
  ): Result {
    const { toleranceSeconds = 0.1 } = options;
    const actual = intervalsOf(received);
    const near = (a: number | null, b: number): boolean => a !== null && Math.abs(a - b) <= toleranceSeconds;
    const same =
      actual.length === intervals.length &&
      intervals.every(([from, to], index) => near(actual[index]![0], from) && near(actual[index]![1], to));
    const show = (list: readonly (readonly [number | null, number | null])[]): string =>
      list.length === 0
        ? '  none'
        : list
            .map(([from, to], index) => `  #${index + 1} ${from ?? 'never'} to ${to ?? 'open'} s`)
            .join('\n');
    return verdict(
      same
        ? undefined
        : `expected ${intervals.length} connections (± ${toleranceSeconds} s)\n${show(intervals)}\nbut there were ${actual.length}\n${show(actual)}`,
      'expected other connections',
    );
  },
};

type Interval = readonly [from: number | null, to: number | null];

function intervalsOf(
  received: Recorder | PlayReport | PlayReport['participants'][number],
): readonly Interval[] {
  if ('frames' in received) {
    const numbers = [...new Set(received.frames.map(({ connection }) => connection))];
    return numbers.map((number): Interval => {
      const frames = received.frames.filter(({ connection }) => connection === number);
      const from = Math.min(...frames.map(({ startSample }) => startSample));
      const to = Math.max(...frames.map(({ startSample, pcm }) => startSample + pcm.length));
      return [from / SAMPLE_RATE, to / SAMPLE_RATE];
    });
  }
  const participants = 'participants' in received ? received.participants : [received];
  const byNumber = new Map(
    participants.flatMap(({ connections }) =>
      connections.map((connection) => [connection.number, connection] as const),
    ),
  );
  return [...byNumber.values()]
    .sort((a, b) => (a.opened_s ?? 0) - (b.opened_s ?? 0) || a.number - b.number)
    .map(({ opened_s, closed_s }): Interval => [opened_s, closed_s]);
}

function framesOf(received: MessagesLike): readonly ReceivedFrame[] {
  if ('frames' in received) return received.frames;
  return received.flatMap((each) => {
    if (isFrame(each)) return [each];
    const frame = frameOf(each);
    return frame === undefined ? [] : [frame];
  });
}

function isFrame(value: unknown): value is ReceivedFrame {
  return typeof value === 'object' && value !== null && 'pcm' in value && 'startSample' in value;
}

function keyOf({ recordingId, participantId }: ReceivedFrame): string {
  return `${recordingId} ${participantId}`;
}

function who({ participantId, name }: ReceivedFrame): string {
  return `participant ${participantId}${name === null ? '' : ` (${name})`}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
