import { AT_ONCE_SECONDS, lasted } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { closedWith, closeFacts } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** A close in order, and one without a code. */
const CODES = new Set([1000, 1005]);

/** A handler that has returned ends its connection in order. */
export const handlerReturned: Cause = {
  code: 'closed_by_itself',
  title: 'Closes the connection itself while audio comes',
  shows:
    'It closes with 1000, or without a code, as server libraries do when the handler returns or calls close().',
  remedy:
    'Read until the connection is closed by Recall. A handler that returns after so many messages, at a pause, or after an error it has caught ends the connection.',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES).filter(
      (each) => lasted(each) > AT_ONCE_SECONDS || each.sent > 0,
    );
    if (lost.length === 0) return undefined;
    return {
      certainty: 'likely',
      text: `The receiver closed the connection itself, in order (${lost[0]!.closeCode}), while audio was still coming`,
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
