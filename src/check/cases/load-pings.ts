import { SLOW_PONG_MS } from '../../diagnose/pings.ts';
import type { Case, CaseLine } from '../case.ts';
import { wireLine } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseSeen } from '../seen.ts';

export const loadPings: Case = {
  id: 'load.pings',
  title: 'pings come while three people speak',
  expects: 'They are answered quickly all the while.',
  why: 'A pong is late when somebody works where everybody waits: so are reads, closes and every other participant. Proxies and senders give up whoever does not answer.',
  source: 'RFC 6455 §5.5.2: a pong should be sent as soon as is practical',
  remedy:
    'Move what takes long out of the event loop: worker threads in Node, `run_in_executor` or a process in Python. Files are written in the background.',
  connections: 'any',
  tier: 'default',
  pace: 'real',
  looksAt: 'wire',
  rounds: () => [
    [
      {
        scenario: meetingOf(
          PEOPLE.map((each) => ({ ...each, unmuted: [[0, 3.5]] })),
          3.5,
        ),
        pings: true,
      },
    ],
  ],
  look: pongs,
};

function pongs({ meetings }: CaseSeen): CaseLine[] {
  const pings = meetings[0]?.pings;
  if (pings === undefined || pings.count === 0) return [];
  const { count, fastestMs, slowCount } = pings;
  const text = `the fastest pong took ${Math.max(1, Math.round(fastestMs))} ms, and ${slowCount} of ${count} more than ${SLOW_PONG_MS} ms`;
  return [wireLine('pongs', text, 'note')];
}
