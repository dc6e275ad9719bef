/** Warnings about what was asked for, in one line each. On stderr. */

import { plainText } from '../plain-text.ts';
import { parseTarget, slashWarning } from '../target.ts';
import { tell } from './print.ts';
import { colour } from './style.ts';

/** Recall refuses a URL whose query has no `/` in front of it; we dial it all the same. */
export function warnOfSlash(url: string): void {
  const text = parseTarget(url, 'websocket').ok ? slashWarning(url) : undefined;
  if (text !== undefined) tell(`${colour(process.stderr, 'yellow', 'warning:')} ${plainText(text)}`);
}
