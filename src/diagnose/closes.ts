/** Losses by what the receiver's close frame said. For causes that a close code names (RFC 6455 §7.4.1). */
import { lasted, lossesOf } from './attempts.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import { at, ending } from './words.ts';

/** Ended by the receiver with one of these codes, in order of time. */
export function closedWith(evidence: Evidence, codes: ReadonlySet<number>): ConnectionEvidence[] {
  return lossesOf(evidence).filter(({ closeCode }) => codes.has(closeCode!));
}

/** `connection #2 at 3.20 s, 0.10 s after it had opened, with 1 message sent: close code 1009` */
export function closeFacts(lost: readonly ConnectionEvidence[]): string[] {
  return lost.map(
    (each) =>
      `connection #${each.number} at ${at(each.closedSeconds!)}, ${at(lasted(each))} after it had opened, with ${each.sent} audio messages sent: ${ending(each)}`,
  );
}

/** ` "reason"`, in the receiver's own words, where it gave one. */
export function reasonOf(lost: readonly ConnectionEvidence[]): string {
  const reason = lost.find(({ closeReason }) => closeReason)?.closeReason;
  return reason === undefined || reason === null ? '' : ` "${reason}"`;
}
