import type { KeptCause } from '../cause.ts';
import { strangersOf } from '../results.ts';

/** It takes the messages of a meeting for one stream. */
export const allInOneFile: KeptCause = {
  code: 'all_in_one_file',
  title: 'Puts all participants into one file',
  shows:
    'Wherever several people speak, there is one file with audio of all of them, over whichever connections.',
  remedy:
    'Every message says whose audio it is: keep what comes by `data.data.participant.id`, each in a file of its own.',
  look({ all, wrong }) {
    const several = all.flatMap((result) =>
      result.meetings
        .filter(
          ({ kept, lanes }) => kept !== null && lanes.filter(({ unmuted }) => unmuted.length > 0).length > 1,
        )
        .map((meeting) => ({ result, isOne: meeting.kept!.length === 1 && strangersOf(meeting).length > 0 })),
    );
    if (several.length === 0 || !several.every(({ isOne }) => isOne)) return undefined;
    const explains = wrong.filter((each) => several.some(({ result }) => result === each));
    if (explains.length === 0) return undefined;
    const isBoth = new Set(explains.map(({ connections }) => connections)).size === 2;
    return {
      certainty: isBoth ? 'certain' : 'likely',
      text: 'The receiver puts all participants into one file',
      explains,
    };
  },
};
