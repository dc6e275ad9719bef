import { EmulatorError } from '../../errors.ts';
import { toTruth } from '../../scenario/truth.ts';
import { matchSpeakers, type Reference, referenceOf, scoreOf, shared } from '../oracle/diarization.ts';
import { diarizationFindings, scoreInWords } from '../oracle/diarization-words.ts';
import type { Finding } from '../oracle/finding.ts';
import { readRttm, type Speaker } from '../oracle/rttm.ts';
import type { PlayedMeeting } from '../seen.ts';
import type { WholeWitness } from './kept.ts';
import { finding, meetingFileWitness } from './meeting-file.ts';

/** Who spoke when, by a diarizer: `out/{recording_id}.rttm`. Throws a `UsageError` (`invalid_pattern`). */
export function rttmWitness(pattern: string): WholeWitness {
  return meetingFileWitness({
    option: 'rttm',
    pattern,
    noun: 'RTTM file',
    expects: (meeting) => arrived(meeting).people.some(({ ranges }) => ranges.length > 0),
    async judge(path, meeting) {
      const speakers = await speakersOf(path);
      if ('problem' in speakers) return [finding('unreadable', speakers.problem, meeting)];
      return findingsOf(speakers, meeting);
    },
  });
}

function findingsOf(speakers: readonly Speaker[], meeting: PlayedMeeting): Finding[] {
  const match = matchSpeakers(speakers, arrived(meeting));
  const score = finding('diarization', scoreInWords(scoreOf(match)), meeting, 'note');
  return [...diarizationFindings(match), score];
}

/** Who spoke when, of what arrived: nobody can know of the rest. */
function arrived({ timeline, sent }: PlayedMeeting): Reference {
  const said = referenceOf(toTruth(timeline));
  return {
    ...said,
    people: said.people.map((person, index) => ({
      ...person,
      ranges: shared(person.ranges, sent.tracks[index]!.ranges),
    })),
  };
}

async function speakersOf(path: string): Promise<readonly Speaker[] | { readonly problem: string }> {
  try {
    return await readRttm(path);
  } catch (error) {
    if (error instanceof EmulatorError) return { problem: error.message.split('\n')[0]! };
    throw error;
  }
}
