import { AT_ONCE_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { at } from '../words.ts';

/** The app takes a closed connection for the end, and calls its bot back. */
export const leftAfterMute: Cause = {
  code: 'leaves_after_mute',
  title: 'Leaves the call right after a mute',
  shows: 'The app calls leave_call within a second of a mute, long before the meeting is over.',
  remedy:
    'A closed connection is one participant who muted. Leave when the call has ended, or when nobody has been there for a while: automatic_leave does that.',
  look({ witnesses, unmuted, durationSeconds }) {
    const calls = witnesses.calls?.filter(({ name }) => name === 'leave_call') ?? [];
    for (const { atSeconds } of calls) {
      const mute = unmuted.find(
        ({ toSeconds }) => toSeconds <= atSeconds && atSeconds - toSeconds <= AT_ONCE_SECONDS,
      );
      if (mute === undefined || atSeconds > durationSeconds - AT_ONCE_SECONDS) continue;
      return {
        certainty: 'likely',
        text: 'The app leaves the call right after a mute: it takes the closed connection for the end of the meeting',
        evidence: [
          `a participant muted at ${at(mute.toSeconds)}, leave_call came at ${at(atSeconds)}`,
          `the meeting was to last ${at(durationSeconds)}`,
        ],
        explains: [],
      };
    }
    return undefined;
  },
};
