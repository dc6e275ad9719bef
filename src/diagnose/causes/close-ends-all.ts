import { lossesOf, TOGETHER_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { isOwnClose } from '../endings.ts';
import type { ConnectionEvidence } from '../evidence.ts';
import { problemsOn } from '../problems.ts';
import { at, ending, listed } from '../words.ts';

/** Codes that give another reason, of what was sent or of the receiver (RFC 6455 §7.4.1). */
const REASONS: readonly number[] = [1002, 1003, 1007, 1009, 1011, 1013];

/** One participant mutes, and the receiver ends everybody's connection. */
export const closeEndsAll: Cause = {
  code: 'one_close_ends_all',
  title: 'Ends all connections when one closes',
  shows: 'Whenever we close one connection, as at a mute, the receiver ends all others within milliseconds.',
  remedy:
    'Free only what belongs to the connection that closed. The recording goes on until the call has ended, not until somebody mutes.',
  look(evidence, problems) {
    const { connections } = evidence;
    const explained = new Set<ConnectionEvidence>();
    const facts: string[] = [];
    for (const closed of connections) {
      if (
        closed.endedBy !== 'emulator' ||
        (closed.error !== null && closed.error.code !== 'close_unanswered') ||
        hasCrossed(closed)
      )
        continue;
      const open = connections.filter(
        (each) =>
          each !== closed &&
          each.openedSeconds !== null &&
          each.openedSeconds < closed.closedSeconds! - TOGETHER_SECONDS &&
          each.closedSeconds !== null &&
          each.closedSeconds > closed.closedSeconds! - TOGETHER_SECONDS,
      );
      const ours = open.filter(
        ({ endedBy, closedSeconds }) => endedBy === 'emulator' && together(closedSeconds!, closed),
      );
      const lost = open.filter(
        ({ endedBy, closedSeconds, closeCode }) =>
          endedBy === 'receiver' && together(closedSeconds!, closed) && !REASONS.includes(closeCode!),
      );
      // Somebody's connection survived: so a close does not end all.
      if (lost.length + ours.length < open.length) return undefined;
      if (lost.length === 0) continue;
      for (const each of lost) explained.add(each);
      facts.push(
        `#${closed.number} was closed by us at ${at(closed.closedSeconds!)}; the receiver ended ${listed(lost)} at ${at(lost[0]!.closedSeconds!)} (${ending(lost[0]!)})`,
      );
    }
    if (explained.size === 0 || lossesOf(evidence).length > 2 * explained.size) return undefined;
    return {
      certainty: explained.size > 1 ? 'certain' : 'likely',
      text: 'The receiver ends all connections when one of them closes: it takes one mute for the end of everybody',
      evidence: facts,
      explains: problemsOn(problems, [...explained], 'lost'),
    };
  },
};

/** The receiver's own close came while ours was under way. */
function hasCrossed({ closeCode }: ConnectionEvidence): boolean {
  return closeCode !== null && !isOwnClose(closeCode);
}

function together(seconds: number, { closedSeconds }: ConnectionEvidence): boolean {
  return Math.abs(seconds - closedSeconds!) <= TOGETHER_SECONDS;
}
