import { ABSOLUTE_FORMATS, type AbsoluteFormat } from '../../protocol/timestamp.ts';
import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

const EXAMPLES: Readonly<Record<AbsoluteFormat, string>> = {
  'micros-offset': '2025-01-29T23:49:58.570998+00:00',
  'z-micros': '2025-01-29T23:49:58.570998Z',
  'z-millis': '2025-01-29T23:49:58.570Z',
};

/** A case a spelling. The first of them is what all other cases have. */
export const framesAbsolute: readonly Case[] = ABSOLUTE_FORMATS.map((absoluteFormat) => ({
  id: `frames.absolute_${absoluteFormat.replaceAll('-', '_')}`,
  title: `\`timestamp.absolute\` is such as ${EXAMPLES[absoluteFormat]}`,
  expects: 'All of it is kept.',
  why: 'Recall writes times in three ways: in its events, in its downloads and in its REST API.',
  source: 'Recall, "Real-Time Event Payloads", 2025-06, and "Download Schemas", 2026',
  remedy:
    'Read it with a parser of ISO 8601, not with a pattern (Python before 3.11: `fromisoformat` takes no Z). Where audio belongs, `timestamp.relative` says.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 1.5]] }], 1.5),
        send: { absoluteFormat },
      },
    ],
  ],
}));
