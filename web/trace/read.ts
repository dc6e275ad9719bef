/** Reads the blocks that stand behind this page. What is broken is left out: a process may have been killed while it wrote. */
import { type FrameColumns, IntegerReader, readFrames } from '../../src/trace/columns.ts';
import type { BlockKind, TraceMeeting, TraceRow } from '../../src/trace/format.ts';

/** Sound as it stands in the page: decoded when somebody wants to hear it. */
export interface SoundElement {
  readonly participant: number;
  readonly startSample: number;
  readonly samples: number;
  readonly rate: number;
  readonly element: Element;
}

/** The blocks of one meeting, put together. */
export interface MeetingBlocks {
  readonly head: TraceMeeting;
  readonly rows: readonly TraceRow[];
  readonly frames: FrameColumns;
  /** Loudest sample of each 20 ms, 0 to 100, by participant. */
  readonly peaks: ReadonlyMap<number, Uint8Array>;
  readonly sounds: readonly SoundElement[];
}

export async function readMeetings(): Promise<readonly MeetingBlocks[]> {
  const byMeeting = new Map<string, Element[]>();
  for (const element of document.querySelectorAll('script[data-k]')) {
    const number = element.getAttribute('data-m')!;
    const elements = byMeeting.get(number);
    if (elements === undefined) byMeeting.set(number, [element]);
    else elements.push(element);
  }
  const meetings = await Promise.all([...byMeeting.values()].map(readMeeting));
  return meetings.filter((meeting) => meeting !== undefined);
}

async function readMeeting(elements: readonly Element[]): Promise<MeetingBlocks | undefined> {
  const of = (kind: BlockKind): Element[] =>
    elements.filter((element) => element.getAttribute('data-k') === kind);
  const [head] = await jsons<TraceMeeting>(of('meeting'));
  if (head === undefined) return undefined;
  const [rows, frames, peaks] = await Promise.all([
    jsons<readonly TraceRow[]>(of('rows')),
    Promise.all(of('frames').map(inflated)),
    Promise.all(of('peaks').map(inflated)),
  ]);
  return {
    head,
    rows: rows.flat(),
    frames: readFrames(frames.filter((bytes) => bytes !== undefined)),
    peaks: readPeaks(peaks.filter((bytes) => bytes !== undefined)),
    sounds: of('sound').map(soundOf),
  };
}

/** What was written of the sound. */
export function bytesOf(element: Element): Uint8Array<ArrayBuffer> {
  const text = atob(element.textContent ?? '');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

async function inflated(element: Element): Promise<Uint8Array | undefined> {
  try {
    const { writable, readable } = new DecompressionStream('deflate-raw');
    const writer = writable.getWriter();
    // What is broken is told by what is read. A stream of a Blob takes three times as long.
    const written = writer.write(bytesOf(element)).then(() => writer.close());
    const [buffer] = await Promise.all([new Response(readable).arrayBuffer(), written]);
    return new Uint8Array(buffer);
  } catch {
    return undefined;
  }
}

async function jsons<T>(elements: readonly Element[]): Promise<T[]> {
  const texts = await Promise.all(elements.map(inflated));
  return texts.flatMap((bytes) =>
    bytes === undefined ? [] : [JSON.parse(new TextDecoder().decode(bytes)) as T],
  );
}

function soundOf(element: Element): SoundElement {
  const number = (name: string): number => Number(element.getAttribute(`data-${name}`));
  return {
    participant: number('p'),
    startSample: number('s'),
    samples: number('n'),
    rate: number('r'),
    element,
  };
}

function readPeaks(takes: readonly Uint8Array[]): Map<number, Uint8Array> {
  const peaks = new Map<number, Uint8Array>();
  for (const bytes of takes) {
    const reader = new IntegerReader(bytes);
    let number = 0;
    while (reader.at < bytes.length) {
      const participant = reader.next();
      number += reader.next();
      const level = reader.next();
      let of = peaks.get(participant) ?? new Uint8Array(1_024);
      if (number >= of.length) {
        const longer = new Uint8Array(Math.max(number + 1, of.length * 2));
        longer.set(of);
        of = longer;
      }
      of[number] = level;
      peaks.set(participant, of);
    }
  }
  return peaks;
}
