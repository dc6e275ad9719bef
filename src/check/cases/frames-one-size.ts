import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

/** Milliseconds. 100 ms is what all other cases have. */
const SIZES = [10, 20, 100, 200, 1_000];

/** A case a size. */
export const framesOfOneSize: readonly Case[] = SIZES.map((frameMs) => ({
  id: `frames.${frameMs}_ms`,
  title: `messages of ${frameMs} ms`,
  expects: 'All of it is kept, however it is cut.',
  why: 'No length is promised for separate audio. Mixed audio comes in 200 ms, and public receivers expect 80 to 100.',
  source: 'Recall, "Mixed Audio (real-time)", read 2026-09: 200 ms for mixed audio; seen in public receivers',
  remedy: `Take the length of a message from its buffer: ${frameMs} ms are ${frameMs * 32} bytes. Allow messages of 64 kB and more, and a hundred a second.`,
  connections: 'any',
  tier: 'default',
  rounds: () => [
    [
      {
        scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2),
        send: { frameMs },
      },
    ],
  ],
}));
