import type { KeptCause } from '../cause.ts';
import { isWrong } from '../results.ts';

/** Cases in which something else than separate audio comes over the same connection. */
const CASES = [
  'events.unknown',
  'events.participant_events',
  'events.transcripts',
  'events.mixed_audio',
  'names.back_same_id',
];

/** It looks for audio in every message, or takes what it does not know for an error. */
export const otherEvents: KeptCause = {
  code: 'fails_at_other_events',
  title: 'Fails at every event that is no separate audio',
  shows: 'Each case in which another event comes beside the audio fails, and those in which none does pass.',
  remedy:
    'Look at `event` before anything else of a message, and leave alone what is not `audio_separate_raw.data`.',
  look(results) {
    // What comes back and what comes beside are one thing only where every event fails.
    const events = CASES.filter((id) => id.startsWith('events.') && results.of(id).length > 0);
    const isEach = events.every((id) => results.of(id).every(isWrong) && results.telling(id).length > 0);
    const explains = CASES.flatMap((id) => results.telling(id));
    if (events.length < 2 || !isEach || results.certaintyOf(explains[0]!) !== 'certain') return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver fails at every event that is no separate audio',
      explains,
    };
  },
};
