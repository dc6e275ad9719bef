/** What `check` shows while it runs, on stderr, and its summary, on stdout. */
import type { CheckOptions } from '../check/options.ts';
import type { CaseResult, CheckReport } from '../check/report.ts';
import { plainText } from '../plain-text.ts';
import { inFlags } from './command-flags.ts';
import { print, printWrapped, tell } from './print.ts';

const MARKS = { pass: '✔', fail: '✘', warn: '!', not_seen: '?' } as const;

export class CheckDisplay {
  readonly #options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean };

  constructor(options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean }) {
    this.#options = options;
  }

  readonly handlers: Pick<CheckOptions, 'onResult' | 'onOutput'> = {
    onResult: (result) => {
      if (!this.#options.quiet) tell(lineOf(result));
    },
    onOutput: (stream, line) => {
      if (this.#options.verbose) tell(`  ${stream}: ${plainText(line)}`);
    },
  };

  stop(): void {}

  summary(report: CheckReport): void {
    printWrapped(`${report.ok ? '✔' : '✘'} ${plainText(inFlags(report.verdict))}`);
    for (const { text, remedy, cases } of report.causes) {
      printWrapped(`  ${plainText(inFlags(text))}`);
      printWrapped(`    ${plainText(remedy)} (${cases.join(', ')})`);
    }
    const { pass, fail, warn, not_seen } = report.counts;
    print(
      `${pass} passed, ${fail} failed, ${warn} with warnings, ${not_seen} not seen; ${report.duration_s.toFixed(1)} s, seed ${report.seed}`,
    );
  }
}

function lineOf({ verdict, id, connections, headline, duration_s }: CaseResult): string {
  const what = headline === '' ? '' : `  ${plainText(inFlags(headline))}`;
  return `${MARKS[verdict]} ${id} (${connections}, ${duration_s.toFixed(1)} s)${what}`;
}
