import type { FailureCode } from '../../emulator/failure.ts';
import { lossesOf } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { at, sentence } from '../words.ts';

const CODES: ReadonlySet<FailureCode> = new Set(['invalid_frames', 'invalid_message', 'message_too_large']);

/** What it sends us breaks the protocol. */
export const invalidFrames: Cause = {
  code: 'sends_invalid_frames',
  title: 'Sends frames that no WebSocket client takes',
  shows:
    'We had to end the connection for what came: masked or broken frames, text that is not UTF-8, more than 1 MiB in a message.',
  remedy: 'Let a WebSocket library write the frames, and write to us little or nothing.',
  look(evidence, problems) {
    const lost = lossesOf(evidence).filter(({ error }) => error !== null && CODES.has(error.code));
    if (lost.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: sentence(lost[0]!.error!.text),
      evidence: lost.map(
        ({ number, closedSeconds, error }) =>
          `connection #${number} at ${at(closedSeconds!)}: ${error!.text}`,
      ),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
