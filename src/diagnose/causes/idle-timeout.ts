import { lasted, lossesOf } from '../attempts.ts';
import type { Cause, Finding } from '../cause.ts';
import type { ConnectionEvidence, Evidence } from '../evidence.ts';
import { type Problem, problemsOn } from '../problems.ts';
import { at, ending, listed } from '../words.ts';

/** Shorter silences are pauses, not timeouts. Seconds. */
const MIN_IDLE_SECONDS = 5;
/** Timers of the same setting agree to this. Seconds. */
const JITTER_SECONDS = 1;
/** Without two that agree, the silence alone must be as long as timeouts are. Seconds. */
const MIN_ALONE_SECONDS = 10;

/** Somebody on the way ends connections on which nothing happens. */
export const idleTimeout: Cause = {
  code: 'idle_timeout',
  title: 'Ends a connection on which nothing was said for a while',
  shows:
    'The connection ends after a silence on the wire (everybody muted, one connection for all), or every connection ends at the same age while nothing comes back from the receiver.',
  remedy:
    'Send a ping every 30 seconds from the receiver, as Recall asks, and raise the timeout of the receiver, proxy or load balancer (nginx: proxy_read_timeout, which counts what the receiver sends; AWS ALB: idle timeout).',
  look: (evidence, problems) => afterSilence(evidence, problems) ?? atEqualAges(evidence, problems),
};

function afterSilence(evidence: Evidence, problems: readonly Problem[]): Finding | undefined {
  const idle = lossesOf(evidence).flatMap((connection) => {
    const seconds = silenceBefore(connection, evidence);
    return seconds >= MIN_IDLE_SECONDS ? [{ connection, seconds }] : [];
  });
  const [first] = idle;
  if (first === undefined) return undefined;
  const agree = idle.every(({ seconds }) => Math.abs(seconds - first.seconds) <= JITTER_SECONDS);
  if (!agree || (idle.length === 1 && first.seconds < MIN_ALONE_SECONDS)) return undefined;
  return {
    certainty: idle.length > 1 ? 'certain' : 'likely',
    text: `The receiver, or a proxy before it, ends a connection after ${Math.round(first.seconds)} s of silence: everybody was muted`,
    evidence: idle.map(
      ({ connection, seconds }) =>
        `connection #${connection.number} was ended at ${at(connection.closedSeconds!)}, ${at(seconds)} after the last message (${ending(connection)})`,
    ),
    explains: problemsOn(
      problems,
      idle.map(({ connection }) => connection),
      'lost',
    ),
  };
}

/** Nothing was sent on a connection for so long when it ended. Seconds; 0 when somebody was unmuted. */
function silenceBefore(
  { openedSeconds, closedSeconds, sent }: ConnectionEvidence,
  evidence: Evidence,
): number {
  // One participant's own connection is silent only when its participant is muted, and closed then.
  if (evidence.mode === 'per-participant') return 0;
  let last = openedSeconds!;
  for (const { fromSeconds, toSeconds } of evidence.unmuted) {
    if (fromSeconds >= closedSeconds!) continue;
    if (sent > 0 || toSeconds > openedSeconds!) last = Math.max(last, Math.min(toSeconds, closedSeconds!));
  }
  return closedSeconds! - last;
}

function atEqualAges(evidence: Evidence, problems: readonly Problem[]): Finding | undefined {
  const lost = lossesOf(evidence);
  const [first] = lost;
  if (first === undefined || lost.length < 2) return undefined;
  const age = lasted(first);
  if (age < MIN_ALONE_SECONDS) return undefined;
  if (lost.some((each) => Math.abs(lasted(each) - age) > JITTER_SECONDS)) return undefined;
  // At the same moment is another matter.
  if (lost.at(-1)!.closedSeconds! - first.closedSeconds! < MIN_IDLE_SECONDS) return undefined;
  if (lost.some(({ messagesReceived, pingsReceived }) => messagesReceived + pingsReceived > 0))
    return undefined;
  return {
    certainty: 'likely',
    text: `The receiver, or a proxy before it, ends every connection after ${Math.round(age)} s in which the receiver sends nothing`,
    evidence: [
      `${listed(lost)} were ended at the same age, ${at(age)} (${ending(first)})`,
      'the receiver sent no message and no ping',
    ],
    explains: problemsOn(problems, lost, 'lost'),
  };
}
