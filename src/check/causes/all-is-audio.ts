import type { KeptCause } from '../cause.ts';
import { isWrong } from '../results.ts';

/** Each has plain audio, and messages of other events beside it. */
const BESIDE = ['events.participant_events', 'events.transcripts', 'events.mixed_audio', 'events.unknown'];
/** So have these, for what they are about. */
const ALSO = ['names.back_same_id'];
/** One alone may have a reason of its own. */
const MIN_KINDS = 2;

/** It reads whatever comes as a message of separate audio. */
export const allIsAudio: KeptCause = {
  code: 'all_is_audio',
  title: 'Takes every message for audio',
  shows: 'Several kinds of events beside separate audio break it, and cases with nothing but audio pass.',
  remedy:
    'Look at `event` first, and go on only for `audio_separate_raw.data`; ignore every other event, also one that you do not know yet.',
  look(results) {
    const broken = (ids: readonly string[]) =>
      ids.flatMap((id) =>
        results.of(id).filter((each) => isWrong(each) && results.certaintyOf(each) !== undefined),
      );
    const explains = broken(BESIDE);
    if (new Set(explains.map(({ id }) => id)).size < MIN_KINDS) return undefined;
    return {
      certainty: explains.every((each) => results.certaintyOf(each) === 'certain') ? 'certain' : 'likely',
      text: 'The receiver takes every message for audio, and breaks at any other event',
      explains: [...explains, ...broken(ALSO)],
    };
  },
};
