import { AT_ONCE_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { at } from '../words.ts';

/** The app takes a closed connection for the end, and calls its bot back. */
export const leftAfterMute: Cause = {
  code: 'leaves_after_mute',
  title: 'Leaves the call right after a mute',
  shows: 'The app calls leave_call within a second of a mute, while the meeting goes on (serve).',
  remedy:
    'A closed connection is one participant who muted. Leave when the call has ended, or when nobody has been there for a while: automatic_leave does that.',
  look(evidence) {
    const { mode, witnesses, durationSeconds } = evidence;
    // With one connection for all, nothing closes at a mute.
    if (mode !== 'per-participant') return undefined;
    for (const { name, atSeconds } of witnesses.calls ?? []) {
      const mutedSeconds = muteBefore(atSeconds, evidence);
      if (name !== 'leave_call' || mutedSeconds === undefined) continue;
      if (atSeconds > durationSeconds - AT_ONCE_SECONDS) continue;
      return {
        certainty: 'likely',
        text: 'The app leaves the call right after a mute: it takes the closed connection for the end of the meeting',
        evidence: [
          `a participant muted at ${at(mutedSeconds)}, and the connection was closed; leave_call came at ${at(atSeconds)}`,
          `the meeting was to last ${at(durationSeconds)}`,
        ],
        explains: [],
      };
    }
    return undefined;
  },
};

/** The mute that came less than a second before: one of the timeline, or a close of ours. */
function muteBefore(seconds: number, { unmuted, connections }: Evidence): number | undefined {
  const mutes = [
    ...unmuted.map(({ toSeconds }) => toSeconds),
    ...connections.flatMap(({ endedBy, closedSeconds }) => (endedBy === 'emulator' ? closedSeconds! : [])),
  ];
  return mutes.find((mutedSeconds) => mutedSeconds <= seconds && seconds - mutedSeconds <= AT_ONCE_SECONDS);
}
