/** What a case comes to: its lines, the verdict, and what nobody could see. */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { isLeave } from './app/calls.ts';
import type { Case, CaseLine } from './case.ts';
import { lineOf, wireLine } from './lines.ts';
import type { Finding } from './oracle/finding.ts';
import type { CaseSeen, MeetingSeen, PlayedMeeting } from './seen.ts';
import { howOf, lastWords } from './witnesses/last-word.ts';

export const VERDICTS = ['pass', 'fail', 'warn', 'not_seen'] as const;
type Verdict = (typeof VERDICTS)[number];

export interface Outcome {
  readonly verdict: Verdict;
  /** The heaviest first. Empty when it passed without a word. */
  readonly lines: readonly CaseLine[];
  /** What no witness could see, with the option that would. */
  readonly unseen: readonly string[];
}

const ORDER: readonly CaseLine['severity'][] = ['error', 'warning', 'note'];
const UNSEEN_KEPT = 'what the receiver kept: give `files`, or let it hand on its audio to a `tap`';
const UNSEEN_PROCESS = "what the receiver's process takes: give the command that starts it";

export function judgeCase(what: Case, seen: CaseSeen): Outcome {
  const { meetings, exit } = seen;
  const lines = [
    ...(exit === undefined ? [] : [exitLine(exit)]),
    // A case knows its own failure better than all others do.
    ...(what.look?.(seen) ?? []),
    ...meetings.flatMap((meeting) => deliveryLines(meeting).map((line) => lineOf(meeting, line))),
    ...meetings.filter(isExpected).flatMap(keptLines),
  ]
    .map((line) => (meetings.length === 1 ? lineOf(meetings[0]!, line) : line))
    .map((line) => ({ ...line, severity: what.weigh?.(line) ?? line.severity }))
    .map((line) => (what.beyondRecall === true ? softened(line) : line))
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const looksAt = what.looksAt ?? 'kept';
  const isBlind =
    looksAt === 'kept' &&
    meetings.filter(isExpected).some(({ kept, mix }) => kept === undefined && mix === undefined);
  const missed = what.missed?.(seen);
  const unseen = [
    ...(isBlind ? [UNSEEN_KEPT] : []),
    ...(missed === undefined ? [] : [missed]),
    ...(looksAt === 'process' && seen.process === undefined ? [UNSEEN_PROCESS] : []),
  ];
  return { verdict: verdictOf(lines, unseen), lines, unseen };
}

/** Whether it is to be let in, so that what is kept of it matters. */
export function isExpected({ plan }: PlayedMeeting): boolean {
  return plan.mayBeRefused !== true;
}

function verdictOf(lines: readonly CaseLine[], unseen: readonly string[]): Verdict {
  if (lines.some(({ severity }) => severity === 'error')) return 'fail';
  if (lines.some(({ severity }) => severity === 'warning')) return 'warn';
  return unseen.length > 0 ? 'not_seen' : 'pass';
}

/** Of a session its diagnoses, which name the cause; without one, the verdict of the run. */
function deliveryLines(seen: MeetingSeen): CaseLine[] {
  if (!isExpected(seen)) return [];
  const { report, script, diagnoses } = seen;
  if (script !== undefined) {
    return script.connections
      .filter(({ failure }) => failure !== null)
      .map(({ connection, failure }) =>
        wireLine(failure!.code, `connection #${connection}: ${failure!.text}`),
      );
  }
  const left = leftEarly(seen);
  if (diagnoses.length > 0 || left !== undefined)
    return [...diagnoses.map(({ code, text }) => wireLine(code, text)), ...(left ?? [])];
  return report === undefined || report.ok ? [] : [wireLine('not_delivered', report.verdict)];
}

/** An app that calls its bot back while people are still talking. */
function leftEarly({ calls = [], timeline }: MeetingSeen): CaseLine[] | undefined {
  const endSeconds = timeline.durationSamples / SAMPLE_RATE;
  const leave = calls.find(isLeave);
  // At the very end it is as good as the end.
  if (leave === undefined || leave.atSeconds > endSeconds - 1) return undefined;
  const [at, end] = [leave.atSeconds, endSeconds].map((each) => each.toFixed(1));
  return [wireLine('left_early', `the app told its bot to leave at ${at} s of a meeting of ${end} s`)];
}

function exitLine(exit: NonNullable<CaseSeen['exit']>): CaseLine {
  const last = lastWords(exit.stderr);
  const why = last === '' ? '' : `: ${last}`;
  return wireLine('process_ended', `the receiver's process ended ${howOf(exit)}${why}`);
}

function keptLines({ recordingId, kept, mix }: MeetingSeen): CaseLine[] {
  const findings: Finding[] = [...(kept?.judgement.findings ?? []), ...(mix ?? [])];
  return findings.map(({ code, severity, text, participant, fromSeconds, toSeconds }) => ({
    code,
    severity,
    text,
    recordingId,
    participant,
    fromSeconds,
    toSeconds,
  }));
}

function softened(line: CaseLine): CaseLine {
  return line.severity === 'error' ? { ...line, severity: 'warning' } : line;
}
