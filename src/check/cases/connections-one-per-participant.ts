import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const [ADA, BEN, CHLOE] = PEOPLE;

export const connectionsOnePerParticipant: Case = {
  id: 'connections.one_per_participant',
  title: 'each participant has a connection of their own, and they close one by one',
  expects: 'Each has audio of their own, and all of it: also those who go on when another connection closes.',
  why: 'A connection is made at each unmute and closed at the mute. Three people are up to three connections at once.',
  source: 'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06',
  remedy:
    'Let as many connections in as come, and let the close of one end nothing but that connection: what belongs to whom is in each message.',
  connections: ['per-participant'],
  tier: 'quick',
  rounds: () => [[threeByTurns()]],
};

export const connectionsOneForAll: Case = {
  id: 'connections.one_for_all',
  title: 'all participants share one connection until the call ends',
  expects: 'Each has audio of their own, and all of it.',
  why: 'It is the newer of the two ways that Recall describes: one connection for each URL, over which the messages of all come by turns.',
  source: 'Recall, "Real-Time Endpoints", read 2026-09: one connection until the call ends',
  remedy:
    'Do not bind a connection to the participant of its first message: look at `data.data.participant.id` in every message.',
  connections: ['per-endpoint'],
  tier: 'quick',
  rounds: () => [[threeByTurns()]],
};

function threeByTurns(): CaseMeeting {
  return {
    scenario: meetingOf(
      [
        { ...ADA, unmuted: [[0, 1.6]] },
        {
          ...BEN,
          unmuted: [
            [0.3, 1.9],
            [2.5, 3.1],
          ],
        },
        { ...CHLOE, unmuted: [[0.6, 2.8]] },
      ],
      3.2,
    ),
  };
}
