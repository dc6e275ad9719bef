/** How things are written. */
import { plainText } from '../../src/plain-text.ts';

/** `joining call`. */
export function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}

/** `00:01:02`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((each) => String(each).padStart(2, '0'));
  const hours = Math.floor(whole / 3_600);
  return hours === 0 ? parts.join(':') : `${hours}:${parts.join(':')}`;
}

/** `12:03:04.567` of an ISO time. */
export function timeOfDay(iso: string): string {
  return iso.slice(11, 23);
}

/** `1 frame`, `2 frames`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `4.2 kB`. */
export function bytesText(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
}

/** What somebody else wrote, in one line. */
export function safe(text: string): string {
  return plainText(text);
}
