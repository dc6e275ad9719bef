/** Reads a trace file as its page does. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { decodeAdpcm } from '../../src/trace/adpcm.ts';
import { type FrameColumns, IntegerReader, OUTCOMES, readFrames } from '../../src/trace/columns.ts';
import type { TraceMeeting, TraceRow } from '../../src/trace/format.ts';

interface ReadMeeting {
  readonly head: TraceMeeting;
  readonly rows: readonly TraceRow[];
  readonly frames: FrameColumns;
  readonly sounds: readonly ReadSound[];
  /** Loudest percents, by participant and number of 20 ms. */
  readonly peaks: ReadonlyMap<string, number>;
}

interface ReadSound {
  readonly participant: number;
  readonly startSample: number;
  readonly samples: number;
  readonly rate: number;
  readonly pcm: Int16Array;
}

interface Block {
  readonly kind: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly bytes: Buffer;
}

const BLOCK = /<script type="text\/plain" data-k="(\w+)"([^>]*)>([^<]*)<\/script>\n/g;

export function readTrace(path: string): readonly ReadMeeting[] {
  return readTraceText(readFileSync(path, 'latin1'));
}

function readTraceText(text: string): readonly ReadMeeting[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, kind, attributes, base64]): Block => {
    const numbers = [...attributes!.matchAll(/data-(\w+)="(-?\d+)"/g)].map(([, name, value]) => [
      name!,
      Number(value),
    ]);
    return { kind: kind!, numbers: Object.fromEntries(numbers), bytes: Buffer.from(base64!, 'base64') };
  });
  const meetings = [...new Set(blocks.map(({ numbers }) => numbers.m))];
  return meetings.map((number) => readMeeting(blocks.filter(({ numbers }) => numbers.m === number)));
}

function readMeeting(blocks: readonly Block[]): ReadMeeting {
  const of = (kind: string): Block[] => blocks.filter((block) => block.kind === kind);
  const inflated = (kind: string): Buffer[] => of(kind).map(({ bytes }) => inflateRawSync(bytes));
  return {
    head: JSON.parse(inflated('meeting')[0]!.toString('utf8')),
    rows: inflated('rows').flatMap((bytes) => JSON.parse(bytes.toString('utf8'))),
    frames: readFrames(inflated('frames')),
    sounds: of('sound').map(({ numbers: { p = 0, s = 0, n = 0, r = 0 }, bytes }) => ({
      participant: p,
      startSample: s,
      samples: n,
      rate: r,
      pcm: decodeAdpcm(bytes, Math.ceil((n * r) / 16_000)),
    })),
    peaks: new Map(inflated('peaks').flatMap(readPeaks)),
  };
}

function readPeaks(bytes: Buffer): [string, number][] {
  const reader = new IntegerReader(bytes);
  const peaks: [string, number][] = [];
  for (let number = 0; reader.at < bytes.length; ) {
    const participant = reader.next();
    number += reader.next();
    peaks.push([`${participant} ${number}`, reader.next()]);
  }
  return peaks;
}

/** The frames as objects. */
export function framesOf({ frames }: ReadMeeting) {
  return Array.from({ length: frames.count }, (_, row) => ({
    account: frames.account[row]!,
    startSample: frames.startSample[row]!,
    samples: frames.samples[row]!,
    outcome: OUTCOMES[frames.outcome[row]!]!,
    atTenths: frames.atTenths[row]!,
  }));
}

/** How alike two signals are: 1 for the same, whatever their loudness. */
export function likeness(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    both += a[at]! * b[at]!;
    ofA += a[at]! ** 2;
    ofB += b[at]! ** 2;
  }
  return both / Math.sqrt(ofA * ofB || 1);
}
