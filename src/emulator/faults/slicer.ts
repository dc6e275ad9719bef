/** Messages arrive in many small TCP segments, so that a read rarely ends where a message does. */
import { z } from 'zod';
import { faultKind } from './fault.ts';
import { bytes } from './units.ts';

export const slicer = faultKind({
  name: 'slicer',
  summary: 'messages leave in TCP segments of so many bytes',
  options: z.strictObject({
    bytes: bytes({ min: 1, max: 1024 * 1024 })
      .default(512)
      .describe('Bytes of a segment'),
  }),
  value: 'bytes',
  examples: ['slicer=512'],
  begin: (options) => ({
    onBytes(whole) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; at += options.bytes)
        pieces.push(whole.subarray(at, at + options.bytes));
      return pieces;
    },
  }),
});
