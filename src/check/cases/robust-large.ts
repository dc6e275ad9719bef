import { endedBy, ROBUST } from '../bad-messages.ts';
import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import { rewritten } from '../rewrite.ts';

/** Above the default limit of some libraries, and below that of others. */
const LARGE_BYTES = 5_000_000;
/** Which message of the meeting is so large. */
const LARGE_AT = 4;

export const robustLarge: Case = {
  ...ROBUST,
  id: 'robust.large',
  title: 'a message of 5 MB comes',
  expects: 'The connection outlives it, and the audio is kept.',
  why: 'Many libraries end the connection at a message above their limit, whose default differs widely. Pictures and transcripts at the same URL may be larger than audio.',
  source:
    'Defaults, read 2026-11: `SetReadLimit` of coder/websocket (Go) 32 KiB, `max_size` of websockets (Python) 1 MiB, `ws_max_size` of uvicorn 16 MiB, `maxPayload` of ws (Node) 100 MiB',
  remedy:
    'Set the limit for messages on purpose: 16 MiB is enough for all that Recall sends, and too little to exhaust the memory.',
  rounds: () => [[{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2]] }], 2), script: oneLarge }]],
  look: endedBy,
};

/** Nothing else is special about it: what `extra_data` has is up to the platform. */
const oneLarge: NonNullable<ReturnType<Case['rounds']>[number][number]['script']> = (steps) => {
  let messages = 0;
  return rewritten(({ data }) => {
    if (++messages === LARGE_AT) data.data.participant.extra_data = { padding: 'x'.repeat(LARGE_BYTES) };
  })(steps);
};
