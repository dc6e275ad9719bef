/** Meetings that a receiver is to refuse, and what it did. */
import { signRequest } from '../protocol/signing.ts';
import type { Case, CaseLine } from './case.ts';
import { lineOf, wireLine } from './lines.ts';
import { meetingOf, PEOPLE } from './meeting.ts';
import type { CaseMeeting, CaseSeen } from './seen.ts';
import { isExpected } from './verdict.ts';

type Credentials = NonNullable<CaseMeeting['credentials']>;

/** What all cases of signatures have in common. */
export const SIGNED = {
  source: 'Recall, "Verifying webhooks, websockets and callback requests from Recall.ai", 2026',
  connections: 'any',
  needsSecret: true,
  looksAt: 'wire',
  tier: 'default',
} as const satisfies Partial<Case>;

/** One person speaks over one connection. */
export function meetingBy(credentials?: Credentials): CaseMeeting {
  return {
    scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 1]] }], 1),
    ...(credentials !== undefined && { credentials }),
  };
}

/** The same, with credentials that are not good. */
export function intruder(credentials: Credentials): CaseMeeting {
  return { ...meetingBy(credentials), mayBeRefused: true, send: { retryAttempts: 0 } };
}

/** The headers of a signature that was made so many seconds ago. */
export function signature(secret: string, ageSeconds = 0): Readonly<Record<string, string>> {
  const nowMs = Date.now();
  return signRequest({
    secret,
    id: `msg_check_${nowMs}`,
    timestampSeconds: Math.floor(nowMs / 1_000) - ageSeconds,
  });
}

/** Lines about intruders who were let in, and stayed. `who`: as in `an upgrade without a signature`. */
export function letIn(who: string): (seen: CaseSeen) => CaseLine[] {
  return ({ meetings }) =>
    meetings
      .filter((meeting) => !isExpected(meeting))
      .flatMap((meeting) =>
        (meeting.session?.ledger.connections ?? [])
          // Some let everybody in and close at once: that is a refusal, too.
          .filter(({ openedSeconds, endedBy }) => openedSeconds !== null && endedBy !== 'receiver')
          .map(() => lineOf(meeting, wireLine('let_in', `the receiver lets in ${who}`))),
      );
}
