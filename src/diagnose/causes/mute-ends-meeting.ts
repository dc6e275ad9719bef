import { attemptsOf, lossesOf } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { at } from '../words.ts';

/** In one connection per participant, a close is a mute. Receivers take it for the end of the call. */
export const muteEndsMeeting: Cause = {
  code: 'mute_ends_meeting',
  title: 'Takes a mute for the end of the meeting',
  shows: 'Dials are let in until we close a connection, as at a mute, and refused ever after.',
  remedy:
    'A closed connection is one participant who muted. End the session when the call ends: at the bot.call_ended webhook, or when all connections have been closed for a while.',
  look(evidence, problems) {
    const attempts = attemptsOf(evidence);
    const closed = evidence.connections
      .filter(
        ({ endedBy, error }) =>
          endedBy === 'emulator' && (error === null || error.code === 'close_unanswered'),
      )
      .sort((a, b) => a.closedSeconds! - b.closedSeconds!);
    const first = closed[0];
    if (first === undefined) return undefined;
    // Closing takes a moment, and so does refusing.
    const mutedSeconds = muteOf(first.accounts, evidence) ?? first.closedSeconds!;
    const before = attempts.filter(({ atSeconds }) => atSeconds < mutedSeconds);
    const after = attempts.filter(({ atSeconds }) => atSeconds >= mutedSeconds);
    if (before.length === 0 || before.some(({ refusal }) => refusal !== null)) return undefined;
    if (after.length === 0 || after.some(({ refusal }) => refusal === null)) return undefined;
    const gone = after.every(({ refusal }) => refusal!.code === 'connection_refused');
    if (!gone && after.some(({ turnedAway }) => !turnedAway)) return undefined;
    // A receiver that dies loses what is open, too.
    if (lossesOf(evidence).length > 0) return undefined;
    const several = before.length > 1;
    return {
      certainty: several ? 'certain' : 'likely',
      text: `The receiver ${gone ? 'stops listening' : 'lets nobody in any more'} once #${first.number} has closed: it takes a mute for the end of the meeting${several || gone ? '' : ', or its URL works once'}`,
      evidence: [
        `${before.length === 1 ? 'one connection was' : `${before.length} connections were`} let in until ${at(mutedSeconds)}`,
        `#${first.number} was closed at ${at(mutedSeconds)}, as at every mute`,
        `refused from ${at(after[0]!.atSeconds)} on: ${after[0]!.refusal!.text}`,
      ],
      explains: problemsOn(
        problems,
        after.map(({ connection }) => connection),
        'refused',
      ),
    };
  },
};

/** When the participant of a connection muted, by the timeline. */
function muteOf(
  accounts: readonly { readonly participant: number }[],
  { unmuted }: Parameters<Cause['look']>[0],
): number | undefined {
  const [account] = accounts;
  return unmuted.find(({ participant }) => participant === account?.participant)?.toSeconds;
}
