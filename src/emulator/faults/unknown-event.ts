/** Messages of an event that nobody knows yet, in the envelope of all others: an API grows. */
import { z } from 'zod';
import { audioMessageOf, injectedText } from './audio-message.ts';
import { faultKind } from './fault.ts';
import { share } from './units.ts';

/** No event of Recall's. */
export const UNKNOWN_EVENT = 'participant_events.raise_hand_v2';

export const unknownEvent = faultKind({
  name: 'unknown_event',
  summary: 'before a part of all messages comes one of an event that nobody knows',
  options: z.strictObject({ rate: share().default(0.01).describe('Part of all messages') }),
  value: 'rate',
  examples: ['unknown_event=10%'],
  begin: ({ rate }, victim) => ({
    onFrame(frame, pass) {
      const message = victim.random.next() < rate ? audioMessageOf(frame) : undefined;
      if (message !== undefined) {
        const { data, audio_separate, ...envelope } = message.data;
        const { participant, timestamp } = data;
        const unknown = {
          event: UNKNOWN_EVENT,
          data: {
            data: { participant, timestamp, hand: 'raised' },
            participant_events: audio_separate,
            ...envelope,
          },
        };
        pass(injectedText(frame, JSON.stringify(unknown)));
      }
      pass(frame);
    },
  }),
});
