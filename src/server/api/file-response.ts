/** A file as an answer: its length is told, and players may ask for a part of it (RFC 9110, 14). */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Refusal } from '../bot/refusal.ts';

export interface FileForm {
  readonly contentType: string;
  /** The header of the request. */
  readonly range: string | undefined;
  /** Nobody will read the body: no file may wait for that. */
  readonly headOnly: boolean;
}

/** Rejects with a `Refusal` (416) for a part that is not there, and with what the disk says. */
export async function fileResponse(
  path: string,
  { contentType, range, headOnly }: FileForm,
): Promise<Response> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const part = partOf(range, size);
    if (part === 'none')
      throw new Refusal(
        416,
        { detail: `The file has ${size} bytes.` },
        { 'Content-Range': `bytes */${size}` },
      );
    const { from, to } = part ?? { from: 0, to: size - 1 };
    const headers = {
      'Content-Type': contentType,
      'Content-Length': String(to - from + 1),
      'Accept-Ranges': 'bytes',
      ...(part === undefined ? {} : { 'Content-Range': `bytes ${from}-${to}/${size}` }),
    };
    const status = part === undefined ? 200 : 206;
    if (headOnly) {
      await handle.close();
      return new Response(null, { status, headers });
    }
    const body = Readable.toWeb(handle.createReadStream({ start: from, end: to }));
    return new Response(body as ReadableStream, { status, headers });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Undefined for the whole file: of several parts at once, and of what is not understood, the whole is sent. */
function partOf(
  range: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | 'none' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== '' && last !== '' && Number(last) < from) return undefined;
  return from > to ? 'none' : { from, to };
}
