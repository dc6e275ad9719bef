/** Ids from a seed: the same seed and label give the same UUID, so that a run can be repeated byte for byte. */
import { createHash } from 'node:crypto';

export interface Ids {
  /** A UUID (version 4 in form, RFC 9562) for a label such as `recording`. */
  uuid(label: string): string;
}

export function createIds(seed: number | string): Ids {
  return {
    uuid(label) {
      const bytes = createHash('sha256')
        .update(`recall-emulator\0${seed}\0${label}`)
        .digest()
        .subarray(0, 16);
      bytes[6] = (bytes[6]! & 0x0f) | 0x40;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}
