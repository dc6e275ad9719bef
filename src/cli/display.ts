/** What is shown while a meeting plays: one live line per participant in a terminal, plain lines elsewhere. On stderr. */
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import { startLive } from './live.ts';
import { LiveList, plainLine, viewOf } from './live-list.ts';
import { logLine } from './log-line.ts';
import { tell } from './print.ts';

const PLAIN_LINE_MS = 5_000;

/** Shows a session until `stop()` is called. */
export function startDisplay(
  session: Session,
  options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean },
): { stop(): void } {
  if (options.quiet) return { stop() {} };
  const list = new LiveList();
  const live = options.live ? startLive((screen) => list.lines(viewOf(session), screen)) : undefined;
  session.events.on('log', (level, text) => {
    if (level === 'debug' && !options.verbose) return;
    live?.clear();
    logLine(`${session.elapsedSeconds.toFixed(1).padStart(6)} s  ${plainText(text)}`);
    live?.draw();
  });
  if (live !== undefined) return live;
  const timer = setInterval(() => tell(plainLine(viewOf(session))), PLAIN_LINE_MS);
  return { stop: () => clearInterval(timer) };
}
