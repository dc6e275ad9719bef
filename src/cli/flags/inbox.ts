/** Flags of `inbox`. */
import { text } from '../flag.ts';

export const INBOX_FLAGS = {
  forward: text(
    'forward',
    '--forward <url>',
    'pass every webhook on to this URL as it came, and answer what it answers',
  ),
} as const;
