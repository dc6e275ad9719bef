import type { KeptCause } from '../cause.ts';

/** Of one case that may well be its own fault: of so many it is not. */
const MIN_CASES = 2;

/** It writes nothing, or to another place. */
export const nothingKept: KeptCause = {
  code: 'no_files',
  title: 'Writes no file where one was looked for',
  shows: 'Audio was sent and taken, and in no case did a file appear that fits `files`.',
  remedy:
    'See where the receiver writes, and from which folder it is started, and give that as `files`. If it keeps no files, let it hand on its audio to a `tap`.',
  look({ wrong, meetings }) {
    const wasSent = meetings.some(({ lanes }) => lanes.some(({ unmuted }) => unmuted.length > 0));
    const isThere = meetings.some(({ kept_by, kept }) => kept_by !== 'files' || kept?.length !== 0);
    const silent = wrong.filter(({ diagnoses }) => diagnoses.length === 0);
    if (!wasSent || isThere || silent.length < MIN_CASES) return undefined;
    return {
      certainty: 'certain',
      text: 'No file fits `files`: the receiver writes nothing, or to another place',
      explains: silent,
    };
  },
};
