import type { Cause } from '../cause.ts';
import { closedWith, closeFacts, reasonOf } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** Unsupported data. */
const CODES = new Set([1003]);

/** Recall sends JSON in text messages. Some receivers wait for bytes. */
export const unsupportedData: Cause = {
  code: 'unsupported_data',
  title: 'Expects another kind of message',
  shows:
    'It closes with 1003 (unsupported data), which is for text where bytes are expected, or bytes where text is.',
  remedy:
    'Take text messages: every one is a JSON object, with the audio as base64 in data.data.buffer (FastAPI: receive_text or receive_json, not receive_bytes).',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    if (lost.length === 0) return undefined;
    const binary = evidence.witnesses.lastMessages?.some(
      ({ connection, kind }) => kind === 'binary' && lost.some(({ number }) => number === connection),
    );
    return {
      certainty: 'likely',
      text:
        binary === true
          ? `The receiver expects text messages and closes at a binary one (1003, unsupported data${reasonOf(lost)})`
          : `The receiver expects binary messages and closes at text (1003, unsupported data${reasonOf(lost)})`,
      ...(binary === true && { remedy: 'Skip messages of a kind that the receiver does not know.' }),
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
