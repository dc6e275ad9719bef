/** How `absolute` timestamps are written. Pure, and free of schemas: the pages write them, too. */

/**
 * How `absolute` is written. Recall's event examples have microseconds and `+00:00` ("Real-Time Event Payloads"), its
 * newer download examples microseconds and `Z` ("Download Schemas", 2026), its REST examples milliseconds and `Z`.
 */
export const ABSOLUTE_FORMATS = ['micros-offset', 'z-micros', 'z-millis'] as const;
export type AbsoluteFormat = (typeof ABSOLUTE_FORMATS)[number];

const MICROS_PER_SECOND = 1_000_000;
/** The text up to the whole second changes once a second, not once a frame. */
let lastSecond = Number.NaN;
let lastSecondText = '';

/** ISO 8601 of microseconds since the epoch. `z-millis` cuts off the microseconds, as a millisecond clock would. */
export function formatAbsolute(epochMicros: number, format: AbsoluteFormat = 'micros-offset'): string {
  const second = Math.floor(epochMicros / MICROS_PER_SECOND);
  if (second !== lastSecond) {
    lastSecondText = new Date(second * 1_000).toISOString().slice(0, -'.000Z'.length);
    lastSecond = second;
  }
  const micros = String(epochMicros - second * MICROS_PER_SECOND).padStart(6, '0');
  if (format === 'micros-offset') return `${lastSecondText}.${micros}+00:00`;
  return format === 'z-micros' ? `${lastSecondText}.${micros}Z` : `${lastSecondText}.${micros.slice(0, 3)}Z`;
}
