/**
 * `check`: plays every situation of real calls at a receiver, looks at what it kept, and says what is wrong and why. Puts cases,
 * witnesses, oracle and report together. Prints nothing.
 */
import { randomInt } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { CASES } from './cases/index.ts';
import { Collector } from './collect.ts';
import { explain } from './explain.ts';
import { KeptAudio } from './kept-audio.ts';
import { fixedOf, openKnown, withKnown } from './known.ts';
import { CHECK_DEFAULTS, type CheckOptions, checkOptions } from './options.ts';
import { openPlaying, type Playing, waitMsOf } from './playing.ts';
import type { CaseResult, CheckReport } from './report.ts';
import { type PlannedCase, planCase, runCases, settingsOf } from './run.ts';
import { selectCases } from './select.ts';
import { untilListening } from './witnesses/listening.ts';
import { openWitnesses } from './witnesses/open.ts';
import { ReceiverProcess } from './witnesses/process.ts';

const MAX_SEED = 2 ** 31;

/**
 * Resolves with the report, also when the receiver failed (`ok` is false then). Rejects with a `UsageError` for options that
 * cannot be used and for a receiver that cannot be reached or started.
 */
export async function check(options: CheckOptions): Promise<CheckReport> {
  checkOptions(options);
  const startedAt = new Date();
  const startMs = performance.now();
  const { signal = new AbortController().signal, seed = randomInt(MAX_SEED) } = options;
  const planned = plannedCases(options);
  const known = await openKnown(
    options.known,
    CASES.map(({ id }) => id),
  );
  options.onPlan?.(planned);
  const waitMs = waitMsOf(options);
  const witnesses = await openWitnesses(options);
  let playing: Playing | undefined;
  let process: ReceiverProcess | undefined;
  try {
    playing = await openPlaying(options, witnesses.env, signal);
    const { url, env } = playing;
    const { command, onOutput: onLine } = options;
    if (command !== undefined) process = new ReceiverProcess({ command, url, waitMs, env, onLine });
    else if (url !== undefined) await untilItListens(url, waitMs, signal);
    const played = await runCases({
      planned,
      player: playing.player,
      collector: new Collector({
        ...witnesses,
        process,
        waitMs: (options.filesWaitSeconds ?? CHECK_DEFAULTS.filesWaitSeconds) * 1_000,
        signal,
      }),
      process,
      restart: options.restart ?? CHECK_DEFAULTS.restart,
      prepare: playing.prepare,
      probe: witnesses.probe,
      seed,
      audio: options.keepAudio === true ? new KeptAudio() : undefined,
      signal,
      onStart: options.onStart,
      onSession: options.onSession,
      onResult: (result) => options.onResult?.(withKnown(result, known)),
    });
    const results = played.map((result) => withKnown(result, known));
    return reportOf(results, {
      url: playing.shown(),
      seed,
      startedAt,
      seconds: (performance.now() - startMs) / 1_000,
      planned: planned.length,
      interrupted: results.length < planned.length,
      fixed: fixedOf(results, known),
    });
  } finally {
    await process?.stop();
    await playing?.close();
    await witnesses.close();
  }
}

/** What would be played, in its order. Throws as `check` does. */
export function plannedCases(options: CheckOptions): PlannedCase[] {
  const { connections = CHECK_DEFAULTS.connections, suite = CHECK_DEFAULTS.suite, secret } = options;
  const asked = connections === 'both' ? (['per-participant', 'per-endpoint'] as const) : [connections];
  const { cases, skip = [] } = options;
  return selectCases(CASES, { suite, cases, skip, secret, url: options.url }).flatMap((each) =>
    settingsOf(each, asked, secret).map((setting) => planCase(each, setting)),
  );
}

/** Of a receiver that is not ours to start. */
async function untilItListens(url: string, waitMs: number, signal: AbortSignal): Promise<void> {
  if ((await untilListening(url, { waitMs, giveUp: () => signal.aborted })) || signal.aborted) return;
  throw new UsageError('receiver_not_listening', `Nothing listens at ${new URL(url).host}.`, {
    hint: 'Start the receiver first, or give the command that starts it after --.',
  });
}

interface RunFacts {
  readonly url: string;
  readonly seed: number;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly planned: number;
  readonly interrupted: boolean;
  readonly fixed: string[];
}

function reportOf(played: readonly CaseResult[], facts: RunFacts): CheckReport {
  const { results, causes } = explain(played);
  const count = (verdict: CaseResult['verdict'], known: boolean): number =>
    results.filter((each) => each.verdict === verdict && each.known === known).length;
  const counts = {
    pass: count('pass', false),
    fail: count('fail', false),
    warn: count('warn', false),
    not_seen: count('not_seen', false),
    known: count('fail', true),
  };
  const ok = counts.fail === 0 && !facts.interrupted && results.length > 0;
  return {
    ok,
    verdict: verdictText(results, causes, facts.interrupted ? facts.planned : undefined),
    interrupted: facts.interrupted,
    url: facts.url,
    seed: facts.seed,
    started_at: facts.startedAt.toISOString(),
    duration_s: facts.seconds,
    counts,
    keeps: layoutOf(results),
    fixed: facts.fixed,
    causes,
    cases: results,
  };
}

/** The first line of every form of the report: the true cause, when it is known. */
function verdictText(
  results: readonly CaseResult[],
  causes: CheckReport['causes'],
  /** How many were to be played, when it was ended early. */
  planned?: number,
): string {
  if (results.length === 0)
    return planned === undefined ? 'there was no case to play' : 'interrupted before any case was over';
  const early = planned === undefined ? '' : `interrupted after ${results.length} of ${planned}: `;
  const count = (fits: (result: CaseResult) => boolean): number => results.filter(fits).length;
  const failed = results.filter(({ verdict, known }) => verdict === 'fail' && !known);
  const played = results.filter(({ meetings }) => meetings.length > 0);
  if (failed.length > 0) {
    const cause = causes.find(({ cases }) => failed.some(({ id }) => cases.includes(id)));
    const others = cause === undefined ? 0 : failed.filter(({ id }) => !cause.cases.includes(id)).length;
    const rest = others === 0 ? '' : ` (${others} of them failed for another reason)`;
    return `${early}${failed.length} of ${results.length} failed. ${cause?.text ?? failed[0]!.headline}${rest}`;
  }
  const unseen = count(({ verdict, meetings }) => verdict === 'not_seen' && meetings.length > 0);
  if (unseen > 0)
    return `${early}nothing failed, but in ${unseen} of ${results.length} what the receiver kept was not looked at`;
  if (played.length < results.length)
    return `${early}nothing failed, but ${results.length - played.length} of ${results.length} were not played`;
  const known = count((result) => result.known);
  if (known > 0)
    return `${early}nothing failed but ${known} of ${results.length} that ${known === 1 ? 'was' : 'were'} expected to`;
  const warned = count(({ verdict }) => verdict === 'warn');
  return `${early}all ${results.length} passed${warned === 0 ? '' : `, ${warned} of them with warnings`}`;
}

function layoutOf(results: readonly CaseResult[]): CheckReport['keeps'] {
  const layouts = new Set(
    results
      .flatMap(({ meetings }) => meetings.flatMap(({ kept }) => kept ?? []))
      .map(({ layout }) => layout)
      .filter((layout) => layout !== 'either'),
  );
  if (layouts.size > 1) return 'mixed';
  return ([...layouts][0] ?? 'either') as CheckReport['keeps'];
}
