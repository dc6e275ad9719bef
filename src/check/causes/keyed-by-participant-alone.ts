import type { KeptCause } from '../cause.ts';
import { heardBefore } from '../earlier.ts';
import { isWrong } from '../results.ts';

/** Participant 100 of one meeting is participant 100 of all others to it. */
export const keyedByParticipantAlone: KeptCause = {
  code: 'keyed_by_participant_alone',
  title: 'Keys audio by participant id alone',
  shows: 'Whoever has the id of somebody in an earlier meeting is not kept, and whoever has another id is.',
  remedy:
    'Key by `data.recording.id` and `data.data.participant.id` together: ids are unique in their meeting only, and often 100, 200, 300 in all of them.',
  look(results) {
    const later = heardBefore(results);
    const back = later.filter(({ isBack }) => isBack);
    const strangers = later.filter(({ isBack }) => !isBack);
    const isEach = back.every(({ isKept }) => !isKept) && strangers.every(({ isKept }) => isKept);
    if (!isEach || back.length === 0 || strangers.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver keys audio by participant id alone, and takes whoever has the id of somebody in an earlier meeting for them',
      explains: [...new Set(back.map(({ result }) => result))].filter(isWrong),
    };
  },
};
