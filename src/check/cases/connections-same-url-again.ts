import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const connectionsSameUrlAgain: Case = {
  id: 'connections.same_url_again',
  title: 'a second meeting comes to the same URL when the first has ended',
  expects: 'It is let in and kept, and the first one stays as it was.',
  why: 'An app gives all its bots one URL, one meeting after the other, with the same ids and the same people in them.',
  source:
    'Recall, "Real-Time Websocket Endpoints", 2025-06: the exact URL is dialled. That receivers give a token up at its first use is not confirmed of any public one',
  remedy:
    'Begin anew with each `data.recording.id`. Do not shut the door when a meeting has ended, and do not give a token up at its first use: each unmute dials the same URL.',
  tier: 'quick',
  rounds: () => [
    [{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 1.5]] }], 1.6) }],
    [{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0.2, 1.7]] }], 1.8) }],
  ],
};
