/**
 * Frames of a trace as columns: an hour of six participants is two hundred thousand of them, and as objects they would be most of
 * the file. Every column is numbers that hardly change, which deflate makes next to nothing. Pure: pages read what is written here.
 */

/** One message of audio or video, or one event of the whole call, on its way to one receiver. */
export interface FrameRow {
  /** Which account of the meeting it belongs to: a participant and a medium on a connection. */
  readonly account: number;
  /** Position of its first sample since the recording started. */
  readonly startSample: number;
  /** How long it lasts; 0 for an event. */
  readonly samples: number;
  /** 0 was sent; a place in `OUTCOMES`. */
  readonly outcome: number;
  /** When that was decided, in tenths of a millisecond since the recording started. */
  readonly atTenths: number;
}

/** What became of a frame: sent, or the reason why it was not. Their order is part of the format. */
export const OUTCOMES = [
  'sent',
  'disconnected',
  'slow_receiver',
  'reconnecting',
  'on_demand',
  'endpoint_failed',
  'fault',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Any number of rows, a typed array a column. */
export interface FrameColumns {
  readonly count: number;
  readonly account: Int32Array;
  readonly startSample: Float64Array;
  readonly samples: Int32Array;
  readonly outcome: Uint8Array;
  readonly atTenths: Float64Array;
}

const TENTHS_PER_SECOND = 10_000;
const SAMPLES_PER_SECOND = 16_000;

/** Rows in the order in which they were added, as bytes that know nothing of other bytes. */
export class FrameWriter {
  readonly #account = new IntegerWriter();
  readonly #start = new IntegerWriter();
  readonly #samples = new IntegerWriter();
  readonly #outcome = new IntegerWriter();
  readonly #at = new IntegerWriter();
  /** Of each account, what its next row is compared with. */
  readonly #last = new Map<number, { endSample: number; samples: number }>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ account, startSample, samples, outcome, atTenths }: FrameRow): void {
    const last = this.#lastOf(account);
    this.#account.push(account);
    this.#start.push(startSample - last.endSample);
    this.#samples.push(samples - last.samples);
    this.#outcome.push(outcome);
    this.#at.push(atTenths - tenthsOf(startSample + samples));
    last.endSample = startSample + samples;
    last.samples = samples;
    this.#count++;
  }

  /** All rows since the last `take`. */
  take(): Uint8Array {
    const head = new IntegerWriter();
    head.push(this.#count);
    const columns = [this.#account, this.#start, this.#samples, this.#outcome, this.#at].map((each) =>
      each.take(),
    );
    for (const { length } of columns) head.push(length);
    this.#count = 0;
    this.#last.clear();
    return joined([head.take(), ...columns]);
  }

  #lastOf(account: number): { endSample: number; samples: number } {
    let last = this.#last.get(account);
    if (last === undefined) {
      last = { endSample: 0, samples: 0 };
      this.#last.set(account, last);
    }
    return last;
  }
}

/** The rows of several takes, in their order. Throws a `RangeError` for bytes that are none. */
export function readFrames(takes: readonly Uint8Array[]): FrameColumns {
  const counts = takes.map((bytes) => new IntegerReader(bytes).next());
  const count = counts.reduce((sum, each) => sum + each, 0);
  const columns = {
    count,
    account: new Int32Array(count),
    startSample: new Float64Array(count),
    samples: new Int32Array(count),
    outcome: new Uint8Array(count),
    atTenths: new Float64Array(count),
  };
  let at = 0;
  for (const bytes of takes) at = readTake(bytes, columns, at);
  return columns;
}

function readTake(bytes: Uint8Array, into: FrameColumns, at: number): number {
  const head = new IntegerReader(bytes);
  const count = head.next();
  const lengths = [head.next(), head.next(), head.next(), head.next(), head.next()];
  let offset = head.at;
  const [account, start, samples, outcome, when] = lengths.map((length) => {
    const reader = new IntegerReader(bytes.subarray(offset, offset + length));
    offset += length;
    return reader;
  });
  const last = new Map<number, { endSample: number; samples: number }>();
  for (let row = at; row < at + count; row++) {
    const of = account!.next();
    const before = last.get(of) ?? { endSample: 0, samples: 0 };
    const startSample = before.endSample + start!.next();
    const length = before.samples + samples!.next();
    last.set(of, { endSample: startSample + length, samples: length });
    into.account[row] = of;
    into.startSample[row] = startSample;
    into.samples[row] = length;
    into.outcome[row] = outcome!.next();
    into.atTenths[row] = when!.next() + tenthsOf(startSample + length);
  }
  return at + count;
}

function tenthsOf(sample: number): number {
  return Math.round((sample * TENTHS_PER_SECOND) / SAMPLES_PER_SECOND);
}

/** Integers as bytes, seven bits each, the lowest first; the sign is the lowest bit, so that small ones of either sign take one. */
export class IntegerWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** Any safe integer. */
  push(value: number): void {
    if (this.#length + 10 > this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    // Beyond 32 bits there are no bit operations.
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}

export class IntegerReader {
  /** Of the next byte. */
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Throws a `RangeError` behind the last one. */
  next(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new RangeError('the trace ends in the middle of a number');
      value += (byte % 128) * factor;
      if (byte < 128) break;
    }
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
