/** Time that a test does not wait for. */
import { z } from 'zod';
import { type ControlOperation, operation } from './operation.ts';

/** Longest time that can be asked for at once: a week. */
export const MAX_SECONDS = 604_800;

export const time: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/advance',
    summary: 'Skip time: what falls due in between happens now',
    body: z.strictObject({ seconds: z.number().positive().max(MAX_SECONDS) }),
    async handle({ body: { seconds }, server: { calendar, pacer } }) {
      const { clock } = pacer;
      const done = new Promise<void>((resolve) => pacer.at(clock.now() + seconds * 1_000, resolve));
      clock.advance(seconds * 1_000);
      await done;
      return { body: { advanced_s: seconds, now: calendar.now() } };
    },
  }),
];
