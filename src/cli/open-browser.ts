/** Opens a page in the browser of whoever sits here. */
import { spawn } from 'node:child_process';

/** What opens a URL, by `process.platform`; elsewhere it is that of Linux. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // Of `start` the first argument in quotes would be a title.
  win32: ['cmd', '/c', 'start', '""'],
};
const OTHERS = ['xdg-open'] as const;
/** What has not failed by then has opened something, and may stay as long as the browser. */
const FAILS_WITHIN_MS = 1_500;

/** A URL, or the path of a file. Resolves with why it cannot be opened, or with undefined. What was opened outlives us. */
export function openBrowser(target: string): Promise<string | undefined> {
  const [command, ...args] = OPENERS[process.platform] ?? OTHERS;
  return new Promise((resolve) => {
    const opener = spawn(command!, [...args, target], { stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(undefined), FAILS_WITHIN_MS);
    const end = (why: string | undefined): void => {
      clearTimeout(timer);
      resolve(why);
    };
    opener.once('error', ({ message }) => end(`${command} cannot be started: ${message}`));
    opener.once('exit', (code) => end(code === 0 ? undefined : `${command} ended with ${code}`));
    opener.unref();
  });
}
