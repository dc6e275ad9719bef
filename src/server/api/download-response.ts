/**
 * A download as an answer: its length is told, players may ask for a part of it (RFC 9110, 14), and what is to go wrong with it
 * goes wrong here.
 */
import { Readable } from 'node:stream';
import type { Clock } from '../../emulator/clock.ts';
import { Refusal } from '../bot/refusal.ts';
import type { Content } from './content.ts';

/** Headers of a request that ask for a part. */
export interface Asked {
  readonly range: string | undefined;
  /** The part is wanted of these bytes only; of others, all of them. */
  readonly ifRange: string | undefined;
  readonly headOnly: boolean;
}

/** What goes wrong with the body. */
export interface Spoiled {
  /** The connection ends after this part of what was announced. */
  readonly truncatedTo?: number | undefined;
  /** `Content-Length` is this many times too large; below 1, it and the body are too short. */
  readonly lengthFactor?: number | undefined;
  /** Of wall time: it is the client's patience that is tried. */
  readonly bytesPerSecond?: number | undefined;
}

/** Throws a `Refusal` (416) for a part that is not there. The content is closed whatever happens. */
export async function downloadResponse(
  content: Content,
  { range, ifRange, headOnly }: Asked,
  spoiled: Spoiled,
  clock: Pick<Clock, 'afterWall'>,
): Promise<Response> {
  const { contentType, size, etag } = content;
  const part = ifRange === undefined || ifRange === etag ? partOf(range, size) : undefined;
  if (part === 'none' || headOnly) await content.close();
  if (part === 'none')
    throw new Refusal(416, { detail: `The file has ${size} bytes.` }, { 'Content-Range': `bytes */${size}` });
  const { from, to } = part ?? { from: 0, to: size };
  const { announced, sent } = lengthsOf(to - from, spoiled);
  const headers = {
    'Content-Type': contentType,
    'Content-Length': String(announced),
    'Accept-Ranges': 'bytes',
    ETag: etag,
    ...(part !== undefined && { 'Content-Range': `bytes ${from}-${to - 1}/${size}` }),
    // What is missing would be waited for on a connection that stays open.
    ...(sent < announced && { Connection: 'close' }),
  };
  const status = part === undefined ? 200 : 206;
  if (headOnly) return new Response(null, { status, headers });
  const body = bodyOf(content, { from, to: from + sent }, spoiled, clock);
  return new Response(Readable.toWeb(body) as ReadableStream, { status, headers });
}

function lengthsOf(length: number, { truncatedTo = 1, lengthFactor = 1 }: Spoiled) {
  const announced = Math.round(length * lengthFactor);
  return { announced, sent: Math.min(length, Math.floor(announced * truncatedTo)) };
}

/** Undefined for the whole: of several parts at once, and of what is not understood, the whole is sent. */
function partOf(
  range: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | 'none' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < from) return undefined;
  return from >= to ? 'none' : { from, to };
}

/** Closes the content when it ends, and when nobody reads on. */
function bodyOf(
  content: Content,
  { from, to }: { readonly from: number; readonly to: number },
  { bytesPerSecond }: Spoiled,
  clock: Pick<Clock, 'afterWall'>,
): Readable {
  // A second at most: nobody has to end it.
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.afterWall(ms, resolve));
  const pieces = content.read(from, to);
  const body = Readable.from(bytesPerSecond === undefined ? pieces : slowly(pieces, bytesPerSecond, wait), {
    objectMode: false,
  });
  body.once('close', () => void content.close());
  return body;
}

/** In tenths of a second, or byte by byte; the first piece comes at once. */
async function* slowly(
  pieces: AsyncIterable<Uint8Array>,
  bytesPerSecond: number,
  wait: (ms: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.ceil(bytesPerSecond / 10));
  let sent = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += step) {
      if (sent > 0) await wait((sent * 1_000) / bytesPerSecond);
      const next = piece.subarray(at, at + step);
      sent = next.length;
      yield next;
    }
  }
}
