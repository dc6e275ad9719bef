/** The headers of a signed upgrade. */
import { randomUUID } from 'node:crypto';
import { signRequest } from '../protocol/signing.ts';

/**
 * With an id of its own, every time: the seed's ids are for what is sent, and a meeting that is played again within a second is no
 * replay of its signatures. `timestampSeconds`: Unix seconds.
 */
export function signedUpgrade(secret: string, timestampSeconds: number): Record<string, string> {
  return signRequest({ secret, id: `msg_${randomUUID().replaceAll('-', '')}`, timestampSeconds });
}
