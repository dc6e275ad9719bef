import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const namesBotVoice: Case = {
  id: 'names.bot_voice',
  title: 'the bot itself speaks, as one more participant',
  expects: 'Its audio is kept like that of anybody.',
  why: 'With `recording_config.include_bot_in_recording.audio` the bot is a participant like any other, under its own name. No field says that it is the bot.',
  source: 'Recall, "Output Media", late 2025 to 2026',
  remedy:
    'Do not filter by names. If you do not want its voice, leave the option off; what is sent was asked for.',
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            { ...PEOPLE[0], unmuted: [[0, 0.9]] },
            { id: 16_778_240, name: 'Meeting Notetaker', platform: 'unknown', unmuted: [[1, 2]] },
          ],
          2,
        ),
      },
    ],
  ],
};
