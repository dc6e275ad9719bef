/** Lines at the bottom of a terminal that change: drawn anew ten times a second, below whatever is printed meanwhile. On stderr. */
import { createRequire } from 'node:module';
import { columnsOf, widthOf } from './layout.ts';

const require = createRequire(import.meta.url);

const REDRAW_MS = 100;
/** Of a terminal that does not say. */
const DEFAULT_ROWS = 24;

export interface Screen {
  readonly rows: number;
  readonly columns: number;
}

export interface Live {
  draw(): void;
  /** Takes the lines away, so that something else can be printed; `draw` brings them back. */
  clear(): void;
  /** Draws once more and leaves it. */
  stop(): void;
  /** Ends without a trace. */
  remove(): void;
}

/** Draws what `lines` says, which has to fit the screen, until `stop()`. */
export function startLive(lines: (screen: Screen) => readonly string[]): Live {
  const { stderr } = process;
  // Loaded when something is drawn, not for every run whose output goes to a file.
  const { createLogUpdate } = require('log-update') as typeof import('log-update');
  const update = createLogUpdate(stderr);
  let drawn: readonly string[] = [];
  const draw = (): void => {
    drawn = lines({ rows: stderr.rows || DEFAULT_ROWS, columns: columnsOf(stderr) });
    update(drawn.join('\n'));
  };
  // A terminal that has become narrower has broken our lines: there are more of them to take away than were drawn.
  const onResize = (): void => {
    const columns = columnsOf(stderr);
    const count = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    stderr.moveCursor(-columns, -Math.min(count, (stderr.rows || DEFAULT_ROWS) - 1));
    stderr.clearScreenDown();
    update.done();
    draw();
  };
  stderr.on('resize', onResize);
  const timer = setInterval(draw, REDRAW_MS);
  const release = (): void => {
    clearInterval(timer);
    stderr.off('resize', onResize);
  };
  return {
    draw,
    clear: () => update.clear(),
    stop() {
      release();
      draw();
      update.done();
    },
    remove() {
      release();
      update.clear();
      update.done();
    },
  };
}
