import type { Cause } from '../cause.ts';
import { at, listed } from '../words.ts';

/** RFC 6455 §5.5.1: an endpoint that receives a close frame must send one back. */
export const closeUnanswered: Cause = {
  code: 'close_unanswered',
  title: 'Does not answer our close',
  shows: 'We sent a close frame at a mute or at the end, and the receiver sent none back.',
  remedy:
    'Libraries answer by themselves while somebody reads: go on reading until the close, and do not destroy the socket. A handler that waits for something else, or a blocked event loop, answers late or never.',
  look(_evidence, problems) {
    const unanswered = problems.filter(({ kind }) => kind === 'unanswered');
    if (unanswered.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver did not answer our close frame (${listed(unanswered.map(({ connection }) => connection))})`,
      evidence: unanswered.map(
        ({ connection, atSeconds }) =>
          `connection #${connection.number} ended at ${at(atSeconds)} without an answer`,
      ),
      explains: unanswered,
    };
  },
};
