import type { Cause } from '../cause.ts';
import { closedWith, closeFacts, reasonOf } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** Internal error. */
const CODES = new Set([1011]);

/** Server libraries close with 1011 for an exception of the handler. */
export const handlerError: Cause = {
  code: 'handler_error',
  title: 'Fails while handling a message',
  shows:
    'It closes with 1011 (internal error), as websockets, uvicorn and others do for an exception in the handler.',
  remedy:
    "Look for the exception in the receiver's log at this time. A message that cannot be handled should be skipped, not end the connection.",
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    if (lost.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver failed while it handled this connection (1011, internal error${reasonOf(lost)})`,
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
