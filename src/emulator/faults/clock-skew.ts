/** The sender's clock is wrong: `absolute` is ahead or behind, and may drift. `relative` counts samples and stays right. */
import { z } from 'zod';
import { type AbsoluteFormat, formatAbsolute } from '../../protocol/timestamp.ts';
import { audioMessageOf, withText } from './audio-message.ts';
import { faultKind } from './fault.ts';
import { count, milliseconds } from './units.ts';

const DAY_MS = 86_400_000;

export const clockSkew = faultKind({
  name: 'clock_skew',
  summary: 'timestamp.absolute is ahead (or behind: -2s), relative is right',
  options: z.strictObject({
    ms: milliseconds({ max: DAY_MS, signed: true })
      .default(2_000)
      .describe('How far ahead; negative: behind'),
    ppm: count({ min: -100_000, max: 100_000 })
      .default(0)
      .describe('How much further ahead with every second, in microseconds'),
  }),
  value: 'ms',
  examples: ['clock_skew=2s', 'clock_skew=-500ms,ppm=100'],
  begin: ({ ms, ppm }) => ({
    onFrame(frame, pass) {
      const message = audioMessageOf(frame);
      if (message === undefined) {
        pass(frame);
        return;
      }
      const { timestamp } = message.data.data;
      const skewMicros = Math.round(ms * 1_000 + ppm * timestamp.relative);
      const absolute = skewed(timestamp.absolute, skewMicros);
      const data = { ...message.data.data, timestamp: { ...timestamp, absolute } };
      pass(withText(frame, JSON.stringify({ ...message, data: { ...message.data, data } })));
    },
  }),
});

/** The time so many microseconds later, written in the same way. */
function skewed(absolute: string, micros: number): string {
  const [, seconds = '', fraction = '', zone = ''] = /^(.{19})\.(\d+)(.+)$/.exec(absolute) ?? [];
  const format: AbsoluteFormat =
    zone !== 'Z' ? 'micros-offset' : fraction.length > 3 ? 'z-micros' : 'z-millis';
  const atMicros = Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.padEnd(6, '0'));
  return formatAbsolute(atMicros + micros, format);
}
