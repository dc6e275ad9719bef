import { enumerated } from '../../words.ts';
import type { Case } from '../case.ts';
import { meetingOf } from '../meeting.ts';
import { rewritten } from '../rewrite.ts';

const ID = 100;
const AT_SECONDS = 0.8;
const NEW_NAME = 'Ada Moreno';

export const namesRenamed: Case = {
  id: 'names.renamed',
  title: 'somebody changes their name while they speak',
  expects: 'It is one participant with one file, before and after.',
  why: 'People correct their name in the call, and a guest gets one. The id stays, and messages have the new name from then on.',
  source: 'Recall, "Real-Time Event Payloads", 2025-06: `participant_events.update`',
  remedy:
    'Key by `data.data.participant.id`. Take the latest name for display, never for finding what you have.',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              id: ID,
              name: 'Guest 7',
              unmuted: [
                [0.2, 1.4],
                [1.9, 2.7],
              ],
            },
          ],
          3,
        ),
        script: rewritten(({ data: { data } }) => {
          if (data.timestamp.relative >= AT_SECONDS) data.participant.name = NEW_NAME;
        }),
      },
    ],
  ],
  look: ({ meetings }) =>
    meetings.flatMap(({ recordingId, kept }) => {
      const files = kept?.judgement.files.filter(({ participant }) => participant === ID) ?? [];
      if (files.length < 2) return [];
      const names = enumerated(files.map(({ file }) => file));
      return [
        {
          code: 'file_for_each_name',
          severity: 'error',
          text: `what they said is in ${files.length} files, one for each name: ${names}`,
          recordingId,
          participant: ID,
          fromSeconds: AT_SECONDS,
          toSeconds: null,
        },
      ];
    }),
};
