import { lossesOf } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { at } from '../words.ts';

/** `socket.write('connected')` in an upgrade handler: text where WebSocket frames are due. */
export const rawBytes: Cause = {
  code: 'bytes_after_101',
  title: 'Writes text to the raw socket after the 101',
  shows: 'What comes on the open connection is plain text without a WebSocket frame around it.',
  remedy:
    'Send through the WebSocket (ws.send), never with socket.write() or a response after the upgrade. `tolerateInvalidFrames` skips it for now.',
  look(evidence, problems) {
    const lost = lossesOf(evidence).filter(({ error }) => error?.facts?.stray !== undefined);
    if (lost.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: `The receiver writes to the raw socket after the upgrade: ${lost[0]!.error!.facts!.stray}`,
      evidence: lost.map(
        ({ number, closedSeconds, error }) =>
          `connection #${number} at ${at(closedSeconds!)}: ${error!.facts!.stray}`,
      ),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
