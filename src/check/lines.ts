/** Lines of cases about what went over the wire. */

import { UNKNOWN } from '../diagnose/diagnose.ts';
import { isOwnClose } from '../diagnose/endings.ts';
import type { CaseLine } from './case.ts';
import type { CaseSeen, PlayedMeeting } from './seen.ts';

/** About no one's audio and no meeting in particular. `text` must be safe to print. */
export function wireLine(code: string, text: string, severity: CaseLine['severity'] = 'error'): CaseLine {
  return { code, severity, text, recordingId: null, participant: null, fromSeconds: null, toSeconds: null };
}

/** The same line, of this meeting. */
export function lineOf({ recordingId }: Pick<PlayedMeeting, 'recordingId'>, line: CaseLine): CaseLine {
  return { ...line, recordingId };
}

/** Connections whose end the receiver gave a reason for when all had been sent: nothing was lost by it, but it failed. */
export function lateFailures({ meetings }: CaseSeen): CaseLine[] {
  return meetings
    .flatMap((meeting) => [
      ...(meeting.session?.ledger.connections ?? []).map(({ number, closeCode, endedBy }) => ({
        meeting,
        number,
        closeCode,
        isOurs: endedBy === 'emulator',
      })),
      ...(meeting.script?.connections ?? []).map(({ connection, closeCode, endedBy }) => ({
        meeting,
        number: connection,
        closeCode,
        isOurs: endedBy === 'script',
      })),
    ])
    .filter(({ isOurs, closeCode }) => isOurs && closeCode !== null && !isOwnClose(closeCode))
    .map(({ meeting, number, closeCode }) =>
      lineOf(
        meeting,
        wireLine(
          'closed_late',
          `the receiver closed connection #${number} with ${closeCode} when all had been sent`,
        ),
      ),
    );
}

/** Connections that came after a lost one, and that the receiver ended. Nothing where the cause is known. */
export function endedSuccessors({ setting, meetings }: CaseSeen): CaseLine[] {
  return meetings.flatMap((meeting) => {
    const { session, timeline, diagnoses } = meeting;
    if (session === undefined || diagnoses.some(({ code }) => code !== UNKNOWN.code)) return [];
    const planned = setting.connections === 'per-endpoint' ? 1 : timeline.streams.length;
    return session.ledger.connections
      .slice(planned)
      .filter(({ endedBy }) => endedBy === 'receiver')
      .map(({ number, error }) =>
        lineOf(
          meeting,
          wireLine(
            'successor_ended',
            `connection #${number} came after one that was lost, and did not last: ${error?.text ?? 'the receiver ended it'}`,
          ),
        ),
      );
  });
}
