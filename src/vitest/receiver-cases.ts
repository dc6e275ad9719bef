/** `receiverCases`: the cases of `check` as tests of a project, one for each case and topology. */
import { randomInt } from 'node:crypto';
import type { TestAPI } from 'vitest';
import { check, plannedCases } from '../check/check.ts';
import type { CheckOptions } from '../check/options.ts';
import type { CaseResult, CheckReport } from '../check/report.ts';

/** As `check`, for a receiver whose URL may be known only when the tests run. */
export interface ReceiverCasesOptions
  extends Omit<
    CheckOptions,
    'url' | 'onPlan' | 'onStart' | 'onSession' | 'onResult' | 'onTap' | 'onOutput' | 'signal'
  > {
  readonly url: string | (() => string | Promise<string>);
  /** Of one test, in milliseconds; default 60,000. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_SEED = 2 ** 31;
/** Which cases there are does not depend on where they are played. */
const ANY_URL = 'ws://127.0.0.1/?token=any';

/**
 * Declares a test for each case that `check` would play; call it where tests are declared. A case that fails says what is wrong,
 * what must hold and how to mend it. What no witness could see, and failures that are known, are skipped with the reason.
 * Throws a `UsageError` as `check` does for options that cannot be used.
 */
export function receiverCases(
  test: TestAPI,
  { url, timeoutMs = DEFAULT_TIMEOUT_MS, ...options }: ReceiverCasesOptions,
): void {
  const seed = options.seed ?? randomInt(MAX_SEED);
  const planUrl = typeof url === 'string' ? url : ANY_URL;
  for (const { case: what, setting } of plannedCases({ ...options, url: planUrl })) {
    const { connections } = setting;
    test(`${what.id} (${connections}): ${what.title}`, { timeout: timeoutMs }, async ({ skip, signal }) => {
      const report = await check({
        ...options,
        url: typeof url === 'string' ? url : await url(),
        cases: [what.id],
        skip: [],
        connections,
        seed,
        signal,
      });
      if (report.interrupted) throw new Error(report.verdict);
      const reason = reasonToSkip(report);
      if (reason !== undefined) skip(reason);
      for (const result of report.cases) if (result.verdict === 'fail') throw failure(result, report);
    });
  }
}

function reasonToSkip({ cases }: CheckReport): string | undefined {
  if (cases.length === 0) return 'it cannot be played at this URL';
  const [known] = cases.filter((each) => each.known);
  if (known !== undefined) return `expected to fail: ${known.headline}`;
  const [unseen] = cases.filter(({ verdict }) => verdict === 'not_seen');
  return unseen === undefined ? undefined : `not seen: ${unseen.unseen.join('; ')}`;
}

/** Without a stack: where our code found out is of no use to anybody. */
function failure({ headline, lines, expects, remedy }: CaseResult, { seed }: CheckReport): Error {
  const others = lines.filter(({ severity, text }) => severity !== 'note' && !headline.includes(text));
  const error = new Error(
    [
      headline,
      ...others.map(({ text }) => `  - ${text}`),
      `  must hold: ${expects}`,
      `  what to do: ${remedy}`,
      `  the same again: seed: ${seed}`,
    ].join('\n'),
  );
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
