/** Who ended a connection. */
import type { ConnectionEvidence } from './evidence.ts';

/** How a close of ours ends: by its own code, by an answer without one, or by none. */
const OURS: readonly number[] = [1000, 1005, 1006];

/** Whether a connection that we closed ended as we asked; with another code the receiver has said something of its own. */
export function isOwnClose(code: number): boolean {
  return OURS.includes(code);
}

/** The receiver ended it, or its close crossed ours and audio was lost by that. */
export function isLost({ endedBy, closeCode, dropped }: ConnectionEvidence): boolean {
  const hasCrossed = closeCode !== null && !isOwnClose(closeCode) && dropped.disconnected > 0;
  return endedBy === 'receiver' || (endedBy === 'emulator' && hasCrossed);
}
