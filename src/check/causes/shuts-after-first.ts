import { muteEndsMeeting } from '../../diagnose/causes/mute-ends-meeting.ts';
import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { isWrong } from '../results.ts';

/** So many cases in a row are no accident. */
const MIN_CASES = 2;

/** One meeting shows it where somebody is unmuted again; where nobody is, the meetings after it do. */
export const shutsAfterFirst: KeptCause = {
  code: muteEndsMeeting.code,
  title: muteEndsMeeting.title,
  shows:
    'The first connection is let in. When it has closed, nobody is any more: in no meeting, until it is started anew.',
  remedy: muteEndsMeeting.remedy,
  look({ all }) {
    const shut: CaseResult[] = [];
    const lives = new Set(all.map(({ process }) => process?.starts ?? 1));
    for (const life of lives) {
      const results = all.filter(
        ({ process, meetings }) => (process?.starts ?? 1) === life && meetings.length > 0,
      );
      const last = results.findLastIndex(isLetIn);
      // It has to be the first one that is let in, and all others that are not.
      if (last !== results.findIndex(isLetIn)) return undefined;
      if (last === 0) shut.push(...results.slice(1).filter((each) => isWrong(each) && isRefused(each)));
    }
    if (shut.length < MIN_CASES) return undefined;
    const own = all.filter(
      (each) => isWrong(each) && each.diagnoses.some(({ code }) => code === muteEndsMeeting.code),
    );
    const half = all.filter((each) => isWrong(each) && isLetIn(each) && isRefused(each));
    return {
      certainty: 'certain',
      text: 'The receiver lets nobody in any more once a connection has closed: it takes a mute for the end of everything',
      explains: [...new Set([...own, ...shut, ...half])],
    };
  },
};

function isLetIn({ meetings }: CaseResult): boolean {
  return meetings.some(({ connections }) => connections.some(({ opened_s }) => opened_s !== null));
}

function isRefused({ meetings }: CaseResult): boolean {
  return meetings.some(({ connections }) => connections.some(({ opened_s }) => opened_s === null));
}
