/** What a download gives: a document or a file, as bytes of which any part can be read. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';

export interface Content {
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Strong: other bytes have another one (RFC 9110, 8.8.3). */
  readonly etag: string;
  /** The bytes from `from` up to `to`, without the one at `to`. Once; `close` is called after it. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** `value` as JSON. */
export function documentContent(value: unknown): Content {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    contentType: 'application/json',
    size: bytes.length,
    etag: etagOf(bytes),
    async *read(from, to) {
      yield bytes.subarray(from, to);
    },
    close: async () => {},
  };
}

export interface FileForm {
  readonly contentType: string;
  /** Stands before the file. */
  readonly header?: Buffer;
  /** How much of the file there is to read; all of it when left out. With 0 there need not be a file. */
  readonly bytes?: number;
  /** Nobody will read it: no file may wait for that. */
  readonly headOnly: boolean;
}

/** Rejects with what the disk says. */
export async function fileContent(path: string, form: FileForm): Promise<Content> {
  const { contentType, header = Buffer.alloc(0), bytes, headOnly } = form;
  const handle = bytes === 0 || headOnly ? undefined : await open(path);
  try {
    const stats = bytes === 0 ? undefined : await (handle?.stat() ?? stat(path));
    const length = bytes ?? stats!.size;
    return {
      contentType,
      size: header.length + length,
      etag: etagOf(`${path}\0${header.length + length}\0${stats?.mtimeMs}`),
      read: (from, to) => readBoth(header, handle, from, to),
      close: async () => handle?.close(),
    };
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

async function* readBoth(
  header: Buffer,
  handle: FileHandle | undefined,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  if (from < header.length) yield header.subarray(from, to);
  const start = Math.max(0, from - header.length);
  const end = to - header.length;
  if (handle !== undefined && end > start) yield* handle.createReadStream({ start, end: end - 1 });
}

function etagOf(what: string | Buffer): string {
  return `"${createHash('sha256').update(what).digest('base64url').slice(0, 27)}"`;
}
