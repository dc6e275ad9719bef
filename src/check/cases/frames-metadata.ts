import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import { rewritten } from '../rewrite.ts';

/** As people fill it: keys of their own, and any text. */
const METADATA = {
  customer_id: '4711',
  'x-trace': '00-4bf92f3577b34da6a3ce929d0e0e4736-01',
  titre: 'Réunion “Q3” – 設計レビュー',
  empty: '',
  json: '{"nested": ["not", "parsed"]}',
};

export const framesMetadata: Case = {
  id: 'frames.metadata',
  title: '`metadata` of bot, recording, endpoint and artifact is filled',
  expects: 'It is kept as if they were empty.',
  why: 'Apps put their own ids into `metadata`, and it comes back in every message.',
  source: 'Recall, "Custom Metadata", 2025-06: text by key',
  remedy: 'Take each `metadata` for an object of text with any keys. It may be empty, and it may be long.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2),
        script: rewritten(({ data: { bot, recording, realtime_endpoint, audio_separate } }) => {
          for (const each of [bot, recording, realtime_endpoint, audio_separate])
            if (each != null) each.metadata = { ...METADATA, ...each.metadata };
        }),
      },
    ],
  ],
};
