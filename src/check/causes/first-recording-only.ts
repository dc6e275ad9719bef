import type { KeptCause } from '../cause.ts';
import { heardBefore } from '../earlier.ts';
import { isWrong } from '../results.ts';

/** It takes all meetings for the first one. */
export const firstRecordingOnly: KeptCause = {
  code: 'first_recording_only',
  title: 'Takes every meeting for the first one',
  shows:
    'The first meeting is kept, and nothing of any meeting after it, or it is not kept under its own id.',
  remedy:
    'Read `data.recording.id` in every message, and key all you keep by it: bots of one app stream to one URL, one after another and at once.',
  look(results) {
    const later = heardBefore(results);
    const known = later.filter(({ isBack }) => isBack);
    const isNone = later.every(({ isKept }) => !isKept);
    if (known.length === 0 || !isNone || later.length === known.length) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver takes every meeting for the first one, and keeps nothing of a later one under its own id',
      explains: [...new Set(later.map(({ result }) => result))].filter(isWrong),
    };
  },
};
