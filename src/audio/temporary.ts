/** Converted audio that is too long for memory: a file without a name, gone when nobody needs it any more. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeError } from '../files.ts';

/** Keep the object as long as the descriptor is read. */
export interface TemporaryFile {
  readonly fd: number;
}

/** Closes the descriptor of a file whose object is gone; with it goes the file. */
const abandoned = new FinalizationRegistry<number>((fd) => closeSync(fd));

/** Writes all pieces. Throws a `WriteError` that names the folder of temporary files when there is no room. */
export async function openTemporaryFile(pieces: AsyncIterable<Int16Array>): Promise<TemporaryFile> {
  const file = create();
  try {
    for await (const { buffer, byteOffset, byteLength } of pieces) {
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      for (let written = 0; written < bytes.length; )
        written += writeSync(file.fd, bytes, written, bytes.length - written);
    }
  } catch (error) {
    closeSync(file.fd);
    throw writeError(error, `${tmpdir()} (for converted audio)`);
  }
  abandoned.register(file, file.fd);
  return file;
}

function create(): TemporaryFile {
  try {
    const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-audio-'));
    const fd = openSync(join(dir, 'converted.raw'), 'wx+', 0o600);
    const remove = (): void => rmSync(dir, { recursive: true, force: true, maxRetries: 1 });
    // An open file needs no name, and one without a name is not left behind. Windows keeps the name until the file is closed.
    if (process.platform === 'win32') process.once('exit', remove);
    else remove();
    return { fd };
  } catch (error) {
    throw writeError(error, `${tmpdir()} (for converted audio)`);
  }
}
