import { endedBy, meetingWithBad, ROBUST } from '../bad-messages.ts';
import type { Case } from '../case.ts';

/** Above the default limit of some libraries, and below that of others. */
const LARGE_BYTES = 5_000_000;

export const robustLarge: Case = {
  ...ROBUST,
  id: 'robust.large',
  title: 'a message of 5 MB comes',
  expects: 'The connection outlives it, and the audio around it is kept.',
  why: 'Many libraries end the connection at a message above their limit, whose default differs widely. Pictures and transcripts at the same URL may be larger than audio.',
  source:
    'Defaults, read 2026-11: `SetReadLimit` of coder/websocket (Go) 32 KiB, `max_size` of websockets (Python) 1 MiB, `ws_max_size` of uvicorn 16 MiB, `maxPayload` of ws (Node) 100 MiB',
  remedy:
    'Set the limit for messages on purpose: 16 MiB is enough for all that Recall sends, and too little to exhaust the memory.',
  rounds: () => [
    [
      meetingWithBad([
        (good) => JSON.stringify({ ...good, event: 'large.data', padding: 'x'.repeat(LARGE_BYTES) }),
      ]),
    ],
  ],
  look: endedBy,
};
