/** What `check` shows while it runs, on stderr: every case that is over, and in a terminal what runs and how long it will take. */
import type { CheckOptions } from '../check/options.ts';
import { plainText } from '../plain-text.ts';
import { CheckProgress, resultLines } from './check-progress.ts';
import { inFlags } from './command-flags.ts';
import { columnsOf, wrap } from './layout.ts';
import { type Live, startLive } from './live.ts';
import { logLine } from './log-line.ts';

export class CheckDisplay {
  readonly #options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean };
  readonly #progress = new CheckProgress();
  #live: Live | undefined;
  #idWidth = 0;
  #startedMs = 0;

  constructor(options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean }) {
    this.#options = options;
  }

  readonly handlers: Pick<CheckOptions, 'onPlan' | 'onStart' | 'onResult' | 'onOutput'> = {
    onPlan: (planned) => {
      this.#progress.plan(planned);
      this.#idWidth = Math.max(0, ...planned.map(({ case: { id } }) => id.length));
      const about = Math.ceil(this.#progress.totalSeconds);
      this.#say([`${planned.length} case${planned.length === 1 ? '' : 's'}, about ${about} s`]);
    },
    onStart: (planned) => {
      this.#startedMs = performance.now();
      this.#progress.start(planned);
      if (this.#options.live && !this.#options.quiet)
        this.#live ??= startLive((screen) =>
          this.#progress.lines((performance.now() - this.#startedMs) / 1_000, screen),
        );
    },
    onResult: (result) => {
      this.#progress.result(result);
      this.#say(resultLines(result, this.#idWidth));
    },
    onOutput: (stream, line) => {
      if (this.#options.verbose) this.#print([`  ${stream}: ${plainText(line)}`]);
    },
  };

  /** Takes away what is drawn. The next case that starts draws it anew. */
  stop(): void {
    this.#live?.remove();
    this.#live = undefined;
  }

  #say(lines: readonly string[]): void {
    if (!this.#options.quiet) this.#print(lines);
  }

  /** Above what is drawn. In a pipe every line stays whole. */
  #print(lines: readonly string[]): void {
    this.#live?.clear();
    const { stderr } = process;
    for (const line of lines)
      for (const part of stderr.isTTY ? wrap(line, columnsOf(stderr), 4) : [inFlags(line)]) logLine(part);
    this.#live?.draw();
  }
}
