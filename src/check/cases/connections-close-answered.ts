import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const connectionsCloseAnswered: Case = {
  id: 'connections.close_answered',
  title: 'connections are closed at a mute and at the end',
  expects: 'Each close frame is answered by one.',
  why: 'Whoever closes waits for the answer. Without it the connection ends as if it had been lost, and is one more for some time.',
  source: 'RFC 6455 §5.5.1: an endpoint that receives a close frame must send one back',
  remedy:
    'WebSocket libraries answer by themselves while somebody reads: go on reading until the close, and do not destroy the socket.',
  tier: 'default',
  looksAt: 'wire',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          [
            {
              ...PEOPLE[0],
              unmuted: [
                [0, 0.8],
                [1.3, 2],
              ],
            },
          ],
          2,
        ),
      },
    ],
  ],
};
