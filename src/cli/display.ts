/** What is shown while a meeting plays: one live line per participant in a terminal, plain lines elsewhere. On stderr. */
import { clearScreenDown, moveCursor } from 'node:readline';
import { createLogUpdate } from 'log-update';
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import { columnsOf, widthOf } from './layout.ts';
import { LiveList, plainLine, viewOf } from './live-list.ts';
import { logLine } from './log-line.ts';
import { tell } from './print.ts';

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;
/** Of a terminal that does not say. */
const DEFAULT_ROWS = 24;

/** Shows a session until `stop()` is called. */
export function startDisplay(
  session: Session,
  options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean },
): { stop(): void } {
  if (options.quiet) return { stop() {} };
  const live = options.live ? startLive(session) : undefined;
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

interface Live {
  draw(): void;
  clear(): void;
  stop(): void;
}

function startLive(session: Session): Live {
  const { stderr } = process;
  const update = createLogUpdate(stderr);
  const list = new LiveList();
  let drawn: readonly string[] = [];
  const draw = (): void => {
    drawn = list.lines(viewOf(session), { rows: stderr.rows || DEFAULT_ROWS, columns: columnsOf(stderr) });
    update(drawn.join('\n'));
  };
  // A terminal that has become narrower has broken our lines: there are more of them to take away than were drawn.
  const onResize = (): void => {
    const columns = columnsOf(stderr);
    const lines = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    moveCursor(stderr, -columns, -Math.min(lines, (stderr.rows || DEFAULT_ROWS) - 1));
    clearScreenDown(stderr);
    update.done();
    draw();
  };
  stderr.on('resize', onResize);
  const timer = setInterval(draw, REDRAW_MS);
  return {
    draw,
    clear: () => update.clear(),
    stop() {
      clearInterval(timer);
      stderr.off('resize', onResize);
      draw();
      update.done();
    },
  };
}
