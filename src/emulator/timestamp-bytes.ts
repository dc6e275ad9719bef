/**
 * The two timestamps of a message as ASCII, digit by digit into a buffer: the same text as `JSON.stringify(relativeSeconds(…))`
 * and `formatAbsolute(…)` give (a property test holds them together). Strings made of numbers took a tenth of the time of a frame.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { type AbsoluteFormat, formatAbsolute } from '../protocol/timestamp.ts';

/** Of both together at most: a number of 16 digits, a year of 7, a sign, a zone. */
export const MAX_STAMP_BYTES = 80;

const ZERO = 0x30;
const POINT = 0x2e;
/** A sample lasts 0.0000625 s: seven decimals tell all of them. */
const DECIMALS = 7;
const PER_SAMPLE = 10 ** DECIMALS / SAMPLE_RATE;

/** Writes the seconds of a sample position, which is a whole number, as JSON has them. Returns the place behind them. */
export function writeRelative(out: Uint8Array, at: number, sample: number): number {
  const seconds = Math.floor(sample / SAMPLE_RATE);
  let fraction = (sample - seconds * SAMPLE_RATE) * PER_SAMPLE;
  let end = writeWhole(out, at, seconds);
  if (fraction === 0) return end;
  out[end++] = POINT;
  let digits = DECIMALS;
  while (fraction % 10 === 0) {
    fraction /= 10;
    digits--;
  }
  writeDigits(out, end, fraction, digits);
  return end + digits;
}

const MICROS_PER_SECOND = 1_000_000;
const MICROS_DIGITS = 6;
/** `formatAbsolute` of a whole second, up to its fraction; it changes once a second, not once a frame. */
let lastSecond = Number.NaN;
let lastSecondText = new Uint8Array(0);
const OFFSET = [...'+00:00'].map((character) => character.charCodeAt(0));
const Z = 'Z'.charCodeAt(0);

/** Writes ISO 8601 of microseconds since the epoch, as `formatAbsolute` does. Returns the place behind it. */
export function writeAbsolute(
  out: Uint8Array,
  at: number,
  epochMicros: number,
  format: AbsoluteFormat,
): number {
  const second = Math.floor(epochMicros / MICROS_PER_SECOND);
  if (second !== lastSecond) {
    const text = formatAbsolute(second * MICROS_PER_SECOND, 'z-millis').slice(0, -'000Z'.length);
    lastSecondText = new Uint8Array(Buffer.from(text, 'latin1'));
    lastSecond = second;
  }
  let end = at;
  for (let index = 0; index < lastSecondText.length; index++) out[end++] = lastSecondText[index]!;
  const micros = epochMicros - second * MICROS_PER_SECOND;
  if (format === 'z-millis') {
    writeDigits(out, end, Math.floor(micros / 1_000), 3);
    end += 3;
  } else {
    writeDigits(out, end, micros, MICROS_DIGITS);
    end += MICROS_DIGITS;
  }
  if (format !== 'micros-offset') {
    out[end] = Z;
    return end + 1;
  }
  for (let index = 0; index < OFFSET.length; index++) out[end++] = OFFSET[index]!;
  return end;
}

function writeWhole(out: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  writeDigits(out, at, value, digits);
  return at + digits;
}

/** A whole number, with zeros before it up to so many digits. */
function writeDigits(out: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  for (let index = at + digits - 1; index >= at; index--) {
    const tens = Math.floor(rest / 10);
    out[index] = ZERO + rest - tens * 10;
    rest = tens;
  }
}
