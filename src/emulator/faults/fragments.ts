/** Each message comes as one text frame and continuation frames (RFC 6455 §5.4), as a sender with small buffers writes it. */
import { z } from 'zod';
import { fragmentFrame, framePayload } from '../encoder.ts';
import { faultKind } from './fault.ts';
import { count } from './units.ts';

const FIN = 0x80;

export const fragments = faultKind({
  name: 'fragments',
  summary: 'each message comes in so many WebSocket frames (continuation frames)',
  options: z.strictObject({
    parts: count({ min: 2, max: 1_000 }).default(3).describe('Frames of a message'),
  }),
  value: 'parts',
  examples: ['fragments=3'],
  begin: ({ parts }) => ({
    onWrite(bytes) {
      // Cut already, by another fault of this kind.
      if ((bytes[0]! & FIN) === 0) return bytes;
      const payload = framePayload(bytes);
      const size = Math.max(1, Math.ceil(payload.length / parts));
      const frames: Buffer[] = [];
      for (let at = 0; at < payload.length; at += size) {
        const isLast = at + size >= payload.length;
        frames.push(fragmentFrame(payload.subarray(at, at + size), { isFirst: at === 0, isLast }));
      }
      return Buffer.concat(frames);
    },
  }),
});
