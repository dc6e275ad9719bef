/** Plays cases one after another, each in its topologies, and judges what was seen of them. Prints nothing. */
import { createHash } from 'node:crypto';
import { connectionLimit } from '../diagnose/causes/connection-limit.ts';
import { oneConnection } from '../diagnose/causes/one-connection.ts';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { Session } from '../emulator/session.ts';
import type { Case } from './case.ts';
import type { Collector } from './collect.ts';
import { diagnosesOf, withExit } from './exit.ts';
import { explain } from './explain.ts';
import type { KeptAudio } from './kept-audio.ts';
import { exitReport, meetingReport, sampleReport } from './lanes.ts';
import type { Player } from './player.ts';
import type { CaseResult } from './report.ts';
import { isWrong } from './results.ts';
import type { CaseMeeting, CaseSeen, CaseSetting, PlayedMeeting } from './seen.ts';
import { Standstill, standstillText } from './standstill.ts';
import { judgeCase } from './verdict.ts';
import { CaseWatch } from './watch.ts';
import type { ProbeReader } from './witnesses/probe-reader.ts';
import type { ReceiverProcess } from './witnesses/process.ts';

/** A case in one topology. */
export interface PlannedCase {
  readonly case: Case;
  readonly setting: CaseSetting;
  readonly rounds: readonly (readonly CaseMeeting[])[];
  /** Estimated wall seconds. */
  readonly seconds: number;
}

export interface RunOptions {
  readonly planned: readonly PlannedCase[];
  readonly player: Player;
  readonly collector: Collector;
  readonly process: ReceiverProcess | undefined;
  readonly restart: 'each' | 'needed' | 'never';
  /** Before each case, when the receiver listens. */
  readonly prepare?: ((planned: PlannedCase) => Promise<void>) | undefined;
  /** What the receiver says of its state. */
  readonly probe?: ProbeReader | undefined;
  readonly seed: number;
  /** Takes what was kept into the results. */
  readonly audio?: KeptAudio | undefined;
  readonly signal: AbortSignal;
  readonly onSession?: ((planned: PlannedCase, session: Session) => void) | undefined;
  readonly onStart?: ((planned: PlannedCase, index: number) => void) | undefined;
  readonly onResult?: ((result: CaseResult, seen: CaseSeen) => void) | undefined;
}

/** So many times faster than life where nobody's timers matter. */
const FAST = 8;
/** A busy machine may need several. */
const MAX_ATTEMPTS = 3;
/** Diagnoses that count connections. */
const COUNTING: readonly string[] = [connectionLimit.code, oneConnection.code];
/** Beside the meeting itself: handshakes, closes, and looking at what was kept. */
const OVERHEAD_SECONDS = 0.4;

export function planCase(what: Case, setting: CaseSetting): PlannedCase {
  const rounds = what.rounds(setting);
  const seconds = rounds.reduce((sum, round) => sum + Math.max(0, ...round.map(lengthOf)), 0);
  return { case: what, setting, rounds, seconds: seconds / speedOf(what) + OVERHEAD_SECONDS };
}

function lengthOf({ scenario }: CaseMeeting): number {
  return Number(scenario.duration ?? 0);
}

function speedOf({ pace }: Case): number {
  return pace === 'real' ? 1 : FAST;
}

/** Where a case can be played, of the topologies that were asked for. */
export function settingsOf(
  what: Case,
  asked: readonly ConnectionMode[],
  secret: string | undefined,
): CaseSetting[] {
  const { connections: played } = what;
  const modes =
    played === 'any'
      ? asked.slice(0, 1)
      : asked.filter((mode) => played === undefined || played.includes(mode));
  return modes.map((connections) => ({ connections, secret }));
}

/** Every case that was played until the end or an abort, not explained. Rejects when the receiver cannot be started. */
export async function runCases(options: RunOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const [index, planned] of options.planned.entries()) {
    if (options.signal.aborted) break;
    options.onStart?.(planned, index);
    const told = await runCase(planned, options);
    if (told === undefined) break;
    results.push(told.result);
    // As far as it can be explained by what has been played by now.
    options.onResult?.(explain(results).results.at(-1)!, told.seen);
  }
  return results;
}

interface PlayedCase {
  readonly result: CaseResult;
  readonly seen: CaseSeen;
}

/**
 * Plays it again when nothing is wrong but that it did not come about, and when something is wrong and the machine stood still
 * meanwhile. Undefined when it was aborted.
 */
async function runCase(planned: PlannedCase, options: RunOptions): Promise<PlayedCase | undefined> {
  const startMs = performance.now();
  const skipped = planned.rounds.flat().flatMap((meeting) => options.player.cannot?.(meeting) ?? [])[0];
  if (skipped !== undefined) return skippedCase(planned, skipped);
  using standstill = new Standstill();
  let earlier: CaseSeen | undefined;
  let disturbed = 0;
  for (let attempt = 1; ; attempt++) {
    standstill.take();
    const played = await playCase(planned, options, attempt);
    if (played === undefined) return undefined;
    const stoodSeconds = standstill.take();
    const seen = earlier === undefined ? played : measuredOn(earlier, played);
    earlier = seen;
    const judged = resultOf(planned.case, seen, (performance.now() - startMs) / 1_000);
    const isMissed = judged.verdict === 'not_seen' && planned.case.missed?.(seen) !== undefined;
    // No standstill ends a process.
    const isDisturbed = stoodSeconds !== undefined && isWrong(judged) && seen.exit === undefined;
    if (isDisturbed) disturbed++;
    if ((isMissed || isDisturbed) && attempt < MAX_ATTEMPTS) continue;
    if (isDisturbed) judged.lines.push(noteOf(standstillText(stoodSeconds, disturbed, attempt)));
    return { result: (await options.audio?.addTo(judged, seen)) ?? judged, seen };
  }
}

function noteOf(text: string): CaseResult['lines'][number] {
  return {
    code: 'standstill',
    severity: 'note',
    text,
    recording_id: null,
    participant: null,
    from_s: null,
    to_s: null,
  };
}

/** The figures of the same process go on where those of the attempt before have ended. */
function measuredOn(earlier: CaseSeen, seen: CaseSeen): CaseSeen {
  const last = earlier.process?.at(-1);
  if (last === undefined || seen.process === undefined || earlier.starts !== seen.starts) return seen;
  const more = seen.process.map((sample) => ({
    ...sample,
    atSeconds: last.atSeconds + sample.atSeconds,
    roundsOver: last.roundsOver + sample.roundsOver,
  }));
  return { ...seen, process: [...earlier.process!, ...more] };
}

async function playCase(
  planned: PlannedCase,
  options: RunOptions,
  attempt: number,
): Promise<CaseSeen | undefined> {
  const { collector, process, restart, signal } = options;
  await collector.prepare();
  if (process !== undefined && mayStart(process, restart)) await process.start(signal);
  await options.prepare?.(planned);
  if (signal.aborted) return undefined;
  const watch = new CaseWatch(process, options.probe);
  const { played, samples } = await playWatched(planned, options, attempt, watch);
  if (signal.aborted) return undefined;
  const collected = await watch.afterwards(await collector.collect(played));
  await process?.lastWords();
  const exit = process?.died;
  if (restart === 'each' || collector.writesOnExit) await process?.stop();
  return {
    id: planned.case.id,
    setting: planned.setting,
    meetings: exit === undefined ? collected : collected.map((each) => withExit(each, exit)),
    exit,
    process: samples,
    starts: process?.starts,
  };
}

/** Before each case, unless it runs; what is never to be started anew is started once. */
function mayStart({ running, starts }: ReceiverProcess, restart: RunOptions['restart']): boolean {
  return !running && (restart !== 'never' || starts === 0);
}

async function playWatched(planned: PlannedCase, options: RunOptions, attempt: number, watch: CaseWatch) {
  // What only the process would show is not played for nobody to see.
  const isBlind = planned.case.looksAt === 'process' && options.process === undefined;
  try {
    await watch.begin();
    const played = isBlind ? [] : await playRounds(planned, options, attempt, watch);
    return { played, samples: watch.end() };
  } catch (error) {
    // What was ended early failed because of that.
    if (options.signal.aborted) return { played: [], samples: undefined };
    throw error;
  } finally {
    watch.end();
  }
}

async function playRounds(
  planned: PlannedCase,
  options: RunOptions,
  attempt: number,
  watch: CaseWatch,
): Promise<PlayedMeeting[]> {
  const { player, collector, seed, signal, onSession } = options;
  const { case: what, setting, rounds } = planned;
  const played: PlayedMeeting[] = [];
  let number = 0;
  for (const round of rounds) {
    collector.nextRound();
    const playing = round.map((meeting) =>
      player.play({
        caseId: what.id,
        meeting,
        setting,
        seed: seedOf(seed, what.id, setting.connections, attempt, number++),
        speed: speedOf(what),
        signal,
        onBegin: (recordingId) => collector.began(recordingId),
        onSession: (session) => {
          watch.onSession(session);
          onSession?.(planned, session);
        },
      }),
    );
    const over = await Promise.all(playing);
    played.push(...(round.length === 1 ? over : over.map(withoutCounts)));
    await watch.roundOver();
  }
  return played;
}

/** Each meeting sees its own connections only: where several are played at once none of them can tell how many there may be. */
function withoutCounts(meeting: PlayedMeeting): PlayedMeeting {
  return { ...meeting, diagnoses: meeting.diagnoses.filter(({ code }) => !COUNTING.includes(code)) };
}

/** Another one for every meeting: ids and voices never come twice. */
function seedOf(seed: number, ...rest: readonly (string | number)[]): number {
  return (
    createHash('sha256')
      .update([seed, ...rest].join('\0'))
      .digest()
      .readUInt32BE() >>> 1
  );
}

/** A case that cannot be played in this way: told, and never passed. */
function skippedCase({ case: what, setting }: PlannedCase, why: string): PlayedCase {
  const seen: CaseSeen = { id: what.id, setting, meetings: [], exit: undefined };
  const text = `not played: ${why}`;
  return {
    result: { ...resultOf(what, seen, 0), verdict: 'not_seen', headline: text, unseen: [text] },
    seen,
  };
}

function resultOf(what: Case, seen: CaseSeen, seconds: number): CaseResult {
  const { setting, meetings } = seen;
  const { verdict, lines, unseen } = judgeCase(what, seen);
  return {
    id: what.id,
    title: what.title,
    connections: setting.connections,
    verdict,
    known: false,
    headline: lines.find(({ severity }) => severity !== 'note')?.text ?? '',
    lines: lines.map(({ recordingId, fromSeconds, toSeconds, ...line }) => ({
      ...line,
      recording_id: recordingId,
      from_s: fromSeconds,
      to_s: toSeconds,
    })),
    unseen: [...unseen],
    causes: [],
    diagnoses: diagnosesOf(seen),
    expects: what.expects,
    why: what.why,
    source: what.source,
    remedy: what.remedy,
    duration_s: seconds,
    meetings: meetings.map(meetingReport),
    ...(seen.process === undefined
      ? {}
      : {
          process: {
            starts: seen.starts ?? 0,
            samples: seen.process.map(sampleReport),
            exit: exitReport(seen.exit),
          },
        }),
  };
}
