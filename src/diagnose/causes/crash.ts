import { countOf } from '../../words.ts';
import { lossesOf, TOGETHER_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import type { ConnectionEvidence, Evidence, Witnesses } from '../evidence.ts';
import { problemsOn } from '../problems.ts';
import { at, ending, listed, personOf } from '../words.ts';

/** The receiver's process is gone. */
export const crash: Cause = {
  code: 'crash',
  title: 'Crashed, or was ended',
  shows:
    'All open connections end at one moment without a close frame, and then nothing listens on the port any more; or the process was seen to end.',
  remedy: "Look at the end of the receiver's log or at its standard error for what it died of.",
  look(evidence, problems) {
    const lost = lostAtOnce(evidence);
    if (lost.length === 0) return undefined;
    const fromSeconds = Math.min(...lost.map(({ closedSeconds }) => closedSeconds!));
    const refused = refusedAfter(evidence, fromSeconds);
    const seen = exitAt(evidence, fromSeconds);
    if (refused.length === 0 && seen === undefined) return undefined;
    // It said goodbye: then it was stopped in order.
    if (seen === undefined && lost.some(({ closeCode }) => closeCode !== 1006)) return undefined;
    const closed = closedBefore(evidence, fromSeconds);
    const after = closed === undefined ? '' : `, right after #${closed.number} was closed as at a mute`;
    return {
      certainty: 'certain',
      text: `The receiver ${howItEnded(seen)} at ${at(fromSeconds)}${after}: all connections were lost at one moment${refused.length === 0 ? '' : ', and nothing listened afterwards'}`,
      evidence: [
        `${listed(lost)} ended at ${at(fromSeconds)} (${ending(lost[0]!)})`,
        ...lastWords(evidence, lost),
        ...refused.slice(0, 1).map(({ number }) => `the next dial (#${number}) found nothing listening`),
        ...(seen?.stderr.slice(-3).map((line) => `its standard error: ${line}`) ?? []),
      ],
      explains: [...problemsOn(problems, lost, 'lost'), ...problemsOn(problems, refused, 'refused')],
    };
  },
};

const WITHIN_SECONDS = 2;

/** The end of the process, if it was seen at that time. */
function exitAt({ witnesses: { exit } }: Evidence, seconds: number): Witnesses['exit'] {
  if (exit === undefined) return undefined;
  const { atSeconds, withinSeconds = WITHIN_SECONDS } = exit;
  return Math.abs(atSeconds - seconds) <= withinSeconds ? exit : undefined;
}

function howItEnded(exit: Witnesses['exit']): string {
  if (exit === undefined) return 'crashed or was ended';
  if (exit.signal !== null) return `was ended by ${exit.signal}`;
  return exit.code === 0 ? 'ended itself (exit code 0)' : `crashed (exit code ${exit.code})`;
}

/** The connection that we had closed just before. */
function closedBefore({ connections }: Evidence, seconds: number): ConnectionEvidence | undefined {
  return connections.find(
    ({ endedBy, closedSeconds }) =>
      endedBy === 'emulator' && Math.abs(seconds - closedSeconds!) <= TOGETHER_SECONDS,
  );
}

/** All that was open at some moment and ended together then; the latest such moment. */
export function lostAtOnce(evidence: Evidence): ConnectionEvidence[] {
  const losses = lossesOf(evidence);
  const last = losses.at(-1);
  if (last === undefined) return [];
  // The moment after which dials find nobody is what matters, where there is one.
  const moment =
    losses.findLast(({ closedSeconds }) => refusedAfter(evidence, closedSeconds!).length > 0) ?? last;
  const lost = losses.filter(
    ({ closedSeconds }) => Math.abs(closedSeconds! - moment.closedSeconds!) <= TOGETHER_SECONDS,
  );
  const untilSeconds = Math.max(...lost.map(({ closedSeconds }) => closedSeconds!));
  const survives = evidence.connections.some(
    ({ openedSeconds, closedSeconds }) =>
      openedSeconds !== null &&
      openedSeconds < moment.closedSeconds! - TOGETHER_SECONDS &&
      (closedSeconds === null || closedSeconds > untilSeconds + TOGETHER_SECONDS),
  );
  return survives ? [] : lost;
}

/** Whose first dial since then met a port on which nothing listens. */
export function refusedAfter({ connections }: Evidence, seconds: number): ConnectionEvidence[] {
  return connections.filter(({ dials }) => {
    const next = dials.find(({ startedSeconds }) => startedSeconds >= seconds);
    return next?.failure?.code === 'connection_refused';
  });
}

/** The kind of what came last, and what was new then. */
function lastWords(evidence: Evidence, lost: readonly ConnectionEvidence[]): string[] {
  const told = evidence.witnesses.lastMessages
    ?.filter(({ connection }) => lost.some(({ number }) => number === connection))
    .map(
      ({ connection, kind, bytes, event }) =>
        `last message on #${connection}: ${event}, ${kind}, ${bytes} bytes`,
    );
  if (told !== undefined && told.length > 0) return told;
  const newest = lost.reduce((a, b) => (b.openedSeconds! > a.openedSeconds! ? b : a));
  const who = newest.accounts.map(({ participant }) => personOf(evidence, participant));
  const before = at(newest.closedSeconds! - newest.openedSeconds!);
  if (who.length === 0) return [];
  return [
    `the newest connection, #${newest.number} (${who.slice(0, 3).join('; ')}), had opened ${before} before and got ${countOf(newest.sent, 'message')}`,
  ];
}
