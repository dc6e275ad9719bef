/** The connection is open and nothing comes over it: proxies close such sockets, and receivers must not take it for an end. */
import { z } from 'zod';
import { faultKind } from './fault.ts';

export const idle = faultKind({
  name: 'idle',
  summary: 'the connection stays open and nothing is sent, for a minute',
  options: z.strictObject({}),
  lengthMs: 60_000,
  examples: ['idle@1s', 'idle,for=500ms@1s'],
  begin: (_options, victim) => ({ onFrame: (frame) => victim.lose(frame) }),
});
