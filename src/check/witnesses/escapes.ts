/** Files that a receiver wrote where the name of a participant led it: `../../etc/passwd`. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { plainText } from '../../plain-text.ts';
import type { PlayedMeeting } from '../seen.ts';

interface EscapedFile {
  readonly path: string;
  readonly participant: number;
  /** What is wrong with it. Safe to print. */
  readonly problem: string;
}

/** Clocks of file systems are behind by some milliseconds. */
const CLOCK_SLACK_MS = 50;
/** Of a folder that somebody else filled. */
const MAX_ENTRIES = 1_000;
const SEPARATOR = /[/\\]/;

/** `folders`: where the receiver writes. What was there before the meeting is none of its files. */
export async function escapedFiles(
  folders: readonly string[],
  { timeline, startedMs }: PlayedMeeting,
): Promise<EscapedFile[]> {
  const found = new Map<string, EscapedFile>();
  for (const { id, name } of timeline.participants) {
    if (name === null || !SEPARATOR.test(name)) continue;
    for (const folder of folders) {
      for (const path of await filesAt(resolve(folder, name), startedMs - CLOCK_SLACK_MS)) {
        const problem = `${plainText(relative('.', path))} was written where the name ${JSON.stringify(plainText(name))} led: no name may become a path`;
        found.set(path, { path, participant: id, problem });
      }
    }
  }
  return [...found.values()];
}

/** With any extension. */
async function filesAt(target: string, sinceMs: number): Promise<string[]> {
  const folder = dirname(target);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = entries
    .slice(0, MAX_ENTRIES)
    .filter((entry) => entry.isFile() && entry.name.startsWith(basename(target)))
    .map(({ name }) => join(folder, name));
  const times = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, index) => (times[index]?.mtimeMs ?? 0) >= sinceMs);
}
