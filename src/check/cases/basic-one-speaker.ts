import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const basicOneSpeaker: Case = {
  id: 'basic.one_speaker',
  title: 'one person speaks',
  expects: 'All of it is kept, every sample once and in order.',
  why: 'It is what every call has.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'Decode `data.data.buffer` (base64) as mono 16-bit signed little-endian PCM at 16 kHz and append it to what you keep for `data.data.participant.id`.',
  tier: 'quick',
  rounds: () => [[{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 4.5]] }], 4.5) }]],
};
