/** How programs learn that the mock listens, and where: the first line of `--json`, and a file with the port. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeError } from '../files.ts';
import type { MockServer } from '../server/server.ts';

/** The first line of `--json`. */
export function readyObject({ url, secure }: MockServer): Record<string, unknown> {
  return {
    ready: true,
    url,
    control: `${url}/_emulator`,
    ...(secure && { secure_url: secure.url, ca_file: secure.caFile }),
  };
}

/**
 * Writes the port, whole or not at all, and gives back what removes the file. Closes the server and throws a `WriteError` when the disk
 * refuses. Does nothing without a file.
 */
export async function writePortFile(server: MockServer, file: string | undefined): Promise<() => void> {
  if (file === undefined) return () => {};
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, `${new URL(server.url).port}\n`);
    renameSync(fresh, file);
  } catch (error) {
    await server.close();
    rmSync(fresh, { force: true });
    throw writeError(error, file);
  }
  return () => rmSync(file, { force: true });
}
