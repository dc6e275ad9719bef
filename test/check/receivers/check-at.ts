/** Checks a receiver of this folder, in a process of its own and in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { check } from '../../../src/check/check.ts';
import type { CheckOptions } from '../../../src/check/options.ts';
import type { CheckReport } from '../../../src/check/report.ts';
import { withFolder } from '../../support/cli.ts';
import { freePort } from '../witnesses/checked.ts';
import { commandFor, type Language } from './start.ts';

/** Where they write, below their folder. */
export const PATTERN = ['{recording_id}', '{id}.wav'];

/** The right one when there is no `mistake`. */
export function checkAt(
  language: Language,
  mistake: string | undefined,
  options: Partial<CheckOptions>,
): Promise<CheckReport> {
  return withFolder(async (out) => {
    const port = await freePort();
    return check({
      url: `ws://127.0.0.1:${port}/`,
      command: commandFor(language, port, out, mistake),
      files: [join(out, ...PATTERN)],
      ...options,
    });
  });
}

/** Names of all mistakes that there are in a language: it tells them to whoever asks for another one. */
export function mistakesOf(language: Language): string[] {
  const [program, ...args] = commandFor(language, 0, '.', 'none of them');
  const { stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return /There are: (.*)$/m.exec(stderr)![1]!.split(', ');
}
