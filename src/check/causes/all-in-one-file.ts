import type { KeptCause } from '../cause.ts';
import type { MeetingReport } from '../report.ts';
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
    const several = all.flatMap(({ meetings }) =>
      meetings
        .filter(({ kept, lanes }) => kept !== null && namesIn(lanes) > 1)
        .map((meeting) => ({ isOne: meeting.kept!.length === 1 && hasOthers(meeting) })),
    );
    if (several.length === 0 || !several.every(({ isOne }) => isOne)) return undefined;
    const explains = wrong.filter(({ meetings }) => meetings.some((each) => strangersOf(each).length > 0));
    if (explains.length === 0) return undefined;
    const isBoth = new Set(explains.map(({ connections }) => connections)).size === 2;
    return {
      certainty: isBoth ? 'certain' : 'likely',
      text: 'The receiver puts all participants into one file',
      explains,
    };
  },
};

/** People of one name may be in one file for another reason. */
function hasOthers(meeting: MeetingReport): boolean {
  return strangersOf(meeting).some(({ owner, stranger }) => owner.name !== stranger.name);
}

function namesIn(lanes: MeetingReport['lanes']): number {
  return new Set(lanes.filter(({ unmuted }) => unmuted.length > 0).map(({ name }) => name)).size;
}
