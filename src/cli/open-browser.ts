/** Opens a page in the browser of whoever sits here. */
import { spawn } from 'node:child_process';

/** What opens a URL, by `process.platform`; elsewhere it is that of Linux. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // Of `start` the first argument in quotes would be a title.
  win32: ['cmd', '/c', 'start', '""'],
};
const OTHERS = ['xdg-open'] as const;

/** A URL, or the path of a file. Resolves with why it cannot be opened, or with undefined. What was opened outlives us. */
export function openBrowser(target: string): Promise<string | undefined> {
  const [command, ...args] = OPENERS[process.platform] ?? OTHERS;
  return new Promise((resolve) => {
    const opener = spawn(command!, [...args, target], { stdio: 'ignore', detached: true });
    opener.once('error', ({ message }) => resolve(`${command} cannot be started: ${message}`));
    opener.once('exit', (code) => resolve(code === 0 ? undefined : `${command} ended with ${code}`));
    opener.unref();
  });
}
