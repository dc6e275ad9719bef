import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { isWrong } from '../results.ts';

interface Form {
  /** The case that has what all others have. */
  readonly usual: string;
  readonly takes: string;
  /** The same meeting in other forms. */
  readonly others: Readonly<Record<string, string>>;
}

const FORMS: readonly Form[] = [
  {
    usual: 'frames.100_ms',
    takes: 'messages of 100 ms',
    others: {
      'frames.10_ms': 'of 10 ms',
      'frames.20_ms': 'of 20 ms',
      'frames.200_ms': 'of 200 ms',
      'frames.1000_ms': 'of a second',
    },
  },
  {
    usual: 'frames.absolute_micros_offset',
    takes: '`absolute` with an offset (`+00:00`)',
    others: {
      'frames.absolute_z_micros': 'with microseconds and Z',
      'frames.absolute_z_millis': 'with milliseconds and Z',
    },
  },
];

/** Everything fails, but for the one case in which the same meeting comes in another form. */
export const usualForm: KeptCause = {
  code: 'usual_form',
  title: 'Takes messages in another form than the usual one only',
  shows:
    'Whatever is played fails, and the same meeting with messages of another length, or with other timestamps, passes.',
  remedy:
    'Take the length of a message from its buffer, and read timestamps with a parser of ISO 8601: neither is promised to be as it is today.',
  look(results) {
    for (const { usual, takes, others } of FORMS) {
      const passed = Object.keys(others).filter((id) => results.passes(id) === true);
      const explains = results.of(usual).filter(isWrong);
      const isKept = results.all.some((each) => !(each.id in others) && keepsAudio(each));
      if (explains.length === 0 || passed.length === 0 || isKept) continue;
      // Whatever else fails has that form, too.
      const rest = results.wrong.filter((each) => !explains.includes(each) && !(each.id in others));
      const [other] = passed;
      return {
        certainty: 'certain',
        text: `The receiver does not take ${takes}; the same meeting ${others[other!]} passes`,
        explains: [...explains, ...rest],
      };
    }
    return undefined;
  },
};

/** Whether it passes, somebody was sent, and what was kept of that was looked at. */
function keepsAudio({ verdict, meetings }: CaseResult): boolean {
  return (
    verdict === 'pass' &&
    meetings.some(({ kept, lanes }) => kept !== null && lanes.some(({ unmuted }) => unmuted.length > 0))
  );
}
