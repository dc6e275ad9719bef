import { missedCrowd } from '../busy.ts';
import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf } from '../meeting.ts';
import type { CaseMeeting, CaseSeen } from '../seen.ts';

export const loadSixteenParticipants: Case = {
  id: 'load.sixteen_participants',
  title: 'sixteen people are unmuted at once',
  expects: 'Each of them has audio of their own, and all of it.',
  why: 'Everybody who is unmuted streams, also those who say nothing: 160 messages a second.',
  source:
    'Recall, concurrent separate streams, late 2025 to 2026: 16 on Zoom and Google Meet, 9 on Microsoft Teams',
  remedy:
    'Do not limit connections to a few, and do not let one participant wait for another: write in the background, by buffers that are bounded.',
  tier: 'default',
  rounds: () => [[crowd(16, 2)]],
};

/** Nearly: the first may be over when the last comes. */
const FIFTY = 45;

export const loadFiftyConnections: Case = {
  id: 'load.fifty_connections',
  title: 'fifty connections are open at once: ten calls with five people each',
  expects: 'Each recording has the audio of its own people, and all of it.',
  why: 'An app has as many calls as its users, and each unmuted participant is a connection.',
  source:
    'Recall, "How to get Separate Audio per Participant (Realtime)", 2025-06: a connection for each unmuted participant',
  remedy:
    'Look for a limit of connections or open files (`ulimit -n`), and for work that grows with the number of recordings.',
  connections: ['per-participant'],
  tier: 'default',
  rounds: () => [Array.from({ length: 10 }, () => crowd(5, 3))],
  missed: missedCrowd(FIFTY),
  look: turnedAway,
};

function turnedAway({ meetings }: CaseSeen): CaseLine[] {
  const connections = meetings.flatMap(({ session }) => session?.ledger.connections ?? []);
  const away = connections.filter(({ dials }) => dials.some(({ failure }) => failure !== null));
  if (away.length === 0) return [];
  const planned = meetings.reduce((sum, { timeline }) => sum + timeline.streams.length, 0);
  const text = `the receiver turned away ${Math.min(away.length, planned)} of ${planned} connections`;
  return [wireLine('turned_away', text)];
}

/** Nobody begins when another does, and all send whole messages. */
function crowd(people: number, seconds: number): CaseMeeting {
  const lastStart = STEP_SECONDS * (people - 1);
  const length = Math.floor((seconds - lastStart) * 10) / 10;
  return {
    scenario: meetingOf(
      Array.from({ length: people }, (_, index) => ({
        id: 100 * (index + 1),
        name: `Speaker ${index + 1}`,
        unmuted: [[STEP_SECONDS * index, STEP_SECONDS * index + length] as const],
      })),
      seconds,
    ),
  };
}

const STEP_SECONDS = 0.02;
