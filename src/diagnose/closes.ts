/** Losses by what the receiver's close frame said. For causes that a close code names (RFC 6455 §7.4.1). */
import { countOf } from '../words.ts';
import { lasted, lossesOf } from './attempts.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import { at, ending, personOf } from './words.ts';

/** Ended by the receiver with one of these codes, in order of time. */
export function closedWith(evidence: Evidence, codes: ReadonlySet<number>): ConnectionEvidence[] {
  return lossesOf(evidence).filter(({ closeCode }) => codes.has(closeCode!));
}

/** `connection #2 at 3.20 s, 0.10 s after it had opened, with 1 message sent: close code 1009`, and whose they all are. */
export function closeFacts(evidence: Evidence, lost: readonly ConnectionEvidence[]): string[] {
  const facts = lost.map(
    (each) =>
      `connection #${each.number} at ${at(each.closedSeconds!)}, ${at(lasted(each))} after it had opened, with ${countOf(each.sent, 'message')} sent: ${ending(each)}`,
  );
  const whose = soleVictim(evidence, lost);
  return whose === undefined ? facts : [whose, ...facts];
}

/** What befalls one participant only has to do with them: their name, their id, their audio. */
function soleVictim(evidence: Evidence, lost: readonly ConnectionEvidence[]): string | undefined {
  if (evidence.mode !== 'per-participant' || lost.length < 2) return undefined;
  const participants = (connections: readonly ConnectionEvidence[]): Set<number> =>
    new Set(connections.flatMap(({ accounts }) => accounts.map(({ participant }) => participant)));
  const [victim, ...more] = participants(lost);
  const spared = participants(evidence.connections.filter((each) => !lost.includes(each)));
  if (victim === undefined || more.length > 0) return undefined;
  spared.delete(victim);
  if (spared.size === 0) return undefined;
  return `it befell only ${personOf(evidence, victim)}`;
}

/** ` "reason"`, in the receiver's own words, where it gave one. */
export function reasonOf(lost: readonly ConnectionEvidence[]): string {
  const reason = lost.find(({ closeReason }) => closeReason)?.closeReason;
  return reason === undefined || reason === null ? '' : ` "${reason}"`;
}
