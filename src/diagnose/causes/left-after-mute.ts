import { AT_ONCE_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { at } from '../words.ts';

/** The app takes a closed connection for the end, and calls its bot back. */
export const leftAfterMute: Cause = {
  code: 'leaves_after_mute',
  title: 'Leaves the call right after a mute',
  shows: 'The app calls leave_call within a second of a close at a mute, while the meeting goes on (serve).',
  remedy:
    'A closed connection is one participant who muted. Leave when the call has ended, or when nobody has been there for a while: automatic_leave does that.',
  look({ witnesses, connections, mode, durationSeconds }) {
    if (mode !== 'per-participant') return undefined;
    for (const { name, atSeconds } of witnesses.calls ?? []) {
      const muted = connections.find(
        ({ endedBy, closedSeconds }) =>
          endedBy === 'emulator' &&
          closedSeconds! <= atSeconds &&
          atSeconds - closedSeconds! <= AT_ONCE_SECONDS,
      );
      if (name !== 'leave_call' || muted === undefined || atSeconds > durationSeconds - AT_ONCE_SECONDS)
        continue;
      return {
        certainty: 'likely',
        text: 'The app leaves the call right after a mute: it takes the closed connection for the end of the meeting',
        evidence: [
          `connection #${muted.number} was closed at ${at(muted.closedSeconds!)}, as at every mute; leave_call came at ${at(atSeconds)}`,
          `the meeting was to last ${at(durationSeconds)}`,
        ],
        explains: [],
      };
    }
    return undefined;
  },
};
