import { countOf } from '../../words.ts';
import { AT_ONCE_SECONDS, lasted, lossesOf } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { closeFacts } from '../closes.ts';
import { problemsOn } from '../problems.ts';
import { ending } from '../words.ts';

/** So many are no accident. */
const MIN_TIMES = 2;

/** Nobody ever got further than the handshake. */
export const closedAtOnce: Cause = {
  code: 'accepts_then_closes',
  title: 'Lets us in, and ends the connection at once, again and again',
  shows: 'Every connection opens, and the receiver ends it within a second; none has lasted.',
  remedy:
    "Look at the receiver's log: the handshake is fine, and what comes right after it fails, such as the check of a token, the first message, or a handler that returns.",
  look(evidence, problems) {
    const lost = lossesOf(evidence);
    const longer = evidence.connections.some(
      (each) =>
        each.openedSeconds !== null && (each.closedSeconds === null || lasted(each) > AT_ONCE_SECONDS),
    );
    const atOnce = lost.filter((each) => lasted(each) <= AT_ONCE_SECONDS);
    if (longer || atOnce.length < MIN_TIMES) return undefined;
    const most = Math.max(...atOnce.map(({ sent }) => sent));
    return {
      certainty: 'certain',
      text: `The receiver lets us in and ends the connection at once, ${atOnce.length} times (${ending(atOnce[0]!)}), ${most === 0 ? 'before any message' : `after at most ${countOf(most, 'message')}`}`,
      evidence: closeFacts(evidence, atOnce),
      explains: problemsOn(problems, atOnce, 'lost'),
    };
  },
};
