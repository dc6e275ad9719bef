import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseSeen } from '../seen.ts';

export const connectionsPingAnswered: Case = {
  id: 'connections.ping_answered',
  title: 'the connection is pinged',
  expects: 'Each ping is answered by a pong.',
  why: 'Proxies and senders ping to find out whether somebody is there, and give up whoever does not answer.',
  source: 'RFC 6455 §5.5.2: a ping must be answered by a pong, and should be as soon as is practical',
  remedy:
    'WebSocket libraries answer by themselves while somebody reads. Switch that on where it is off (`autoPong`), and go on reading.',
  connections: 'any',
  tier: 'default',
  // A busy machine may take half a second for a pong.
  pace: 'real',
  looksAt: 'wire',
  rounds: () => [[{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 4]] }], 4), pings: true }]],
  look: pongLines,
};

function pongLines({ meetings }: CaseSeen): CaseLine[] {
  const [meeting] = meetings;
  const isOpened = meeting?.session?.ledger.connections.some(({ openedSeconds }) => openedSeconds !== null);
  if (isOpened !== true || meeting!.pings === undefined || meeting!.pings.count > 0) return [];
  return [wireLine('no_pong', 'none of our pings was answered')];
}

/** What a receiver that pings every 30 s does not miss. */
const SILENT_SECONDS = 33;

export const connectionsKeptAlive: Case = {
  id: 'connections.kept_alive',
  title: 'nothing comes over the one connection for half a minute, and the receiver keeps it alive',
  expects: 'The receiver sends a ping (or anything else) within 30 s, and keeps the connection.',
  why: 'Where everybody is muted nothing is sent, and proxies on the way close a connection that is silent.',
  source: "Recall's documentation of real-time endpoints, 2026: send a ping every 30 seconds",
  remedy: 'Send a ping over each open connection every 30 s, or a little more often.',
  connections: ['per-endpoint'],
  tier: 'full',
  pace: 'real',
  looksAt: 'wire',
  rounds: () => [[{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [] }], SILENT_SECONDS) }]],
  look: keepAliveLines,
};

function keepAliveLines({ meetings }: CaseSeen): CaseLine[] {
  return meetings
    .flatMap(({ session }) => session?.ledger.connections ?? [])
    .filter(
      ({ openedSeconds, pingsReceived, messagesReceived }) =>
        openedSeconds !== null && pingsReceived + messagesReceived === 0,
    )
    .map(({ number }) =>
      wireLine(
        'no_ping_sent',
        `the receiver sent no ping over connection #${number} in ${SILENT_SECONDS} s of silence`,
        'warning',
      ),
    );
}
