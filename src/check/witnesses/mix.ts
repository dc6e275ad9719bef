import { readOrSay } from '../oracle/kept-file.ts';
import { judgeMix } from '../oracle/mix.ts';
import { audibleOf } from '../oracle/sent.ts';
import type { WholeWitness } from './kept.ts';
import { finding, meetingFileWitness } from './meeting-file.ts';

/** The mix of all participants: `mixes/{recording_id}.wav`. Throws a `UsageError` (`invalid_pattern`). */
export function mixWitness(pattern: string): WholeWitness {
  return meetingFileWitness({
    option: 'mix',
    pattern,
    noun: 'mix',
    // Of silence there is nothing to find in it.
    expects: ({ sent }) => audibleOf(sent).tracks.some(({ ranges }) => ranges.length > 0),
    async judge(path, meeting) {
      const audio = await readOrSay(path);
      return 'problem' in audio
        ? [finding('unreadable', audio.problem, meeting)]
        : judgeMix(audio, meeting.sent);
    },
  });
}
