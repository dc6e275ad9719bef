import type { Cause } from '../cause.ts';
import { closedWith, closeFacts, reasonOf } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** Message too big. */
const CODES = new Set([1009]);

/** A limit on messages below what frames of audio need. */
export const messageTooBig: Cause = {
  code: 'message_too_big',
  title: 'Finds our messages too big',
  shows: 'It closes with 1009 (message too big).',
  remedy:
    'Raise the limit: 1 s of audio is about 43 KB of JSON, and events with pictures are larger (ws: maxPayload, websockets: max_size, uvicorn: --ws-max-size, gorilla: SetReadLimit).',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    if (lost.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver closes because a message is too big for it (1009${reasonOf(lost)})`,
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
