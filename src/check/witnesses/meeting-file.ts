/** A file of a whole meeting, such as the mix of all participants: there is one for each recording. */
import { relative } from 'node:path';
import { UsageError } from '../../errors.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { Finding } from '../oracle/finding.ts';
import type { PlayedMeeting } from '../seen.ts';
import { CaseFiles } from './files.ts';
import type { WholeWitness } from './kept.ts';

interface MeetingFileOptions {
  /** The option that it comes from. */
  readonly option: string;
  readonly pattern: string;
  /** What it is called in findings: `mix`. */
  readonly noun: string;
  /** Whether there is anything to be found in such a file; when not, there may be none. */
  expects(meeting: PlayedMeeting): boolean;
  judge(path: string, meeting: PlayedMeeting): Promise<readonly Finding[]>;
}

/** Throws a `UsageError` (`invalid_pattern`). */
export function meetingFileWitness(options: MeetingFileOptions): WholeWitness {
  const { option, pattern, noun, expects, judge } = options;
  const files = new CaseFiles([ofWholeMeeting(pattern)]);
  return {
    option,
    prepare: () => files.prepare(),
    state: (meeting, meetings) => files.state(meeting, meetings),
    async look(meeting, meetings) {
      const found = await files.of(meeting, meetings);
      if (found === undefined) return undefined;
      if (!expects(meeting)) return [];
      const [first, ...others] = found;
      if (first === undefined) return [finding('no_file', `no ${noun} of the meeting`, meeting)];
      return [
        ...(await judge(first.path, meeting)),
        ...others.map(({ path }) => {
          const text = `${relative('.', path)} is a ${noun} too many: ${relative('.', first.path)} is there, too`;
          return finding('extra_file', text, meeting);
        }),
      ];
    },
    close: () => Promise.resolve(),
  };
}

/** About all of the meeting. */
export function finding(
  code: Finding['code'],
  text: string,
  { timeline }: PlayedMeeting,
  severity: Finding['severity'] = 'error',
): Finding {
  const toSeconds = timeline.durationSamples / SAMPLE_RATE;
  return { code, severity, participant: null, fromSeconds: 0, toSeconds, text };
}

function ofWholeMeeting(pattern: string): string {
  const [field] = /\{(id|name)\}/.exec(pattern) ?? [];
  if (field === undefined) return pattern;
  throw new UsageError('invalid_pattern', `The pattern ${JSON.stringify(pattern)} has ${field}.`, {
    hint: 'It is of the whole meeting: {recording_id}, {bot_id} and * stand for parts of its name.',
  });
}
