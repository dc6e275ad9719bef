import type { Cause } from '../cause.ts';
import { closedWith, closeFacts, reasonOf } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** Protocol error, and invalid payload. */
const CODES = new Set([1002, 1007]);

/** What it cannot read it ends the connection for. */
export const invalidPayload: Cause = {
  code: 'rejects_messages',
  title: 'Cannot make sense of our messages',
  shows: 'It closes with 1007 (invalid payload) or 1002 (protocol error).',
  remedy:
    'Compare what the receiver expects with the published schema, schemas/realtime-events.schema.json: fields that are null, absent or new must not end a connection.',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    if (lost.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver closes because it cannot make sense of a message (${lost[0]!.closeCode}${reasonOf(lost)})`,
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
