/** How far a check has come: the lines that are drawn while it runs. Prints nothing and knows no clock. */
import type { CaseResult } from '../check/report.ts';
import type { PlannedCase } from '../check/run.ts';
import { plainText } from '../plain-text.ts';
import { cut, pad } from './layout.ts';
import type { Screen } from './live.ts';
import { colour } from './style.ts';

const BAR_WIDTH = 30;
const MIN_ID_WIDTH = 12;

export class CheckProgress {
  #planned: readonly PlannedCase[] = [];
  #running: PlannedCase | undefined;
  #over = 0;
  #failed = 0;
  /** Of the cases that are over: what was estimated, and what it took. */
  #estimated = 0;
  #taken = 0;

  plan(planned: readonly PlannedCase[]): void {
    this.#planned = planned;
  }

  /** How long all of it should take, in wall seconds. */
  get totalSeconds(): number {
    return secondsOf(this.#planned);
  }

  start(planned: PlannedCase): void {
    this.#running = planned;
  }

  result({ verdict, known, duration_s }: CaseResult): void {
    this.#estimated += this.#running?.seconds ?? 0;
    this.#taken += duration_s;
    this.#over++;
    if (verdict === 'fail' && !known) this.#failed++;
    this.#running = undefined;
  }

  /** What is left, in wall seconds, by what the cases that are over took. `runningSeconds`: how long the one that runs has. */
  secondsLeft(runningSeconds: number): number {
    const pace = this.#estimated === 0 ? 1 : this.#taken / this.#estimated;
    const rest = this.#planned.slice(this.#over + (this.#running === undefined ? 0 : 1));
    const ofRunning = Math.max(0, (this.#running?.seconds ?? 0) * pace - runningSeconds);
    return secondsOf(rest) * pace + ofRunning;
  }

  /** The case that runs, and a bar. Neither is wider than the screen. */
  lines(runningSeconds: number, { columns }: Screen): string[] {
    const running = this.#running;
    const now =
      running === undefined
        ? []
        : [
            cut(
              `▸ ${running.case.id} (${running.setting.connections}, ${runningSeconds.toFixed(1)} s)  ${running.case.title}`,
              columns,
            ),
          ];
    return [...now, this.#bar(runningSeconds, columns)];
  }

  #bar(runningSeconds: number, columns: number): string {
    const all = this.#planned.length;
    const left = Math.ceil(this.secondsLeft(runningSeconds));
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    const text = `${this.#over} of ${all} cases${failed}, about ${left} s left`;
    const width = Math.max(0, Math.min(BAR_WIDTH, columns - text.length - 2));
    const done = all === 0 ? width : Math.round((this.#over / all) * width);
    return cut(`${'█'.repeat(done)}${'░'.repeat(width - done)}  ${text}`, columns);
  }
}

function secondsOf(planned: readonly PlannedCase[]): number {
  return planned.reduce((sum, { seconds }) => sum + seconds, 0);
}

const MARKS = {
  pass: ['✔', 'green'],
  fail: ['✘', 'red'],
  warn: ['!', 'yellow'],
  not_seen: ['?', 'yellow'],
  known: ['-', 'gray'],
} as const;

/** `✘ names.equal  per-endpoint  1.2 s`, and below it what is wrong. `idWidth`: as wide as the widest id. */
export function resultLines(result: CaseResult, idWidth: number): string[] {
  const { verdict, known, id, connections, headline, duration_s } = result;
  const [sign, paint] = MARKS[known ? 'known' : verdict];
  const mark = colour(process.stderr, paint, sign);
  const time = `${duration_s.toFixed(1)} s`.padStart(7);
  const told = known ? `expected to fail: ${headline}` : headline;
  return [
    `${mark} ${pad(id, Math.max(idWidth, MIN_ID_WIDTH))}  ${pad(connections, 'per-participant'.length)}${time}`,
    ...(told === '' ? [] : [`    ${plainText(told)}`]),
  ];
}
