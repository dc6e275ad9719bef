/** Which events an endpoint is to get, as people write it: names, families such as `participant_events.*`, and `all`. */
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { REALTIME_EVENT_NAMES } from './events.ts';

/**
 * The events of a selection, in the order of the table, each once. Throws a `UsageError`: `unknown_event` for what names no event
 * that can be sent, `no_events` for a selection of nothing.
 */
export function selectEvents(selection: readonly string[]): readonly string[] {
  if (selection.length === 0) {
    throw new UsageError('no_events', 'There is no event to send.', {
      hint: 'Name one, such as audio_separate_raw.data.',
    });
  }
  const selected = new Set<string>();
  for (const pattern of selection) {
    const names = matching(pattern);
    if (names.length === 0) {
      throw new UsageError('unknown_event', `"${plainText(pattern, 100)}" is no event that can be sent.`, {
        hint: `Give ${EVENT_CHOICES}.`,
      });
    }
    for (const name of names) selected.add(name);
  }
  return REALTIME_EVENT_NAMES.filter((name) => selected.has(name));
}

/** Whether an entry of a selection names any event that can be sent. */
export function isEventChoice(pattern: string): boolean {
  return matching(pattern).length > 0;
}

/** Those of some names that a pattern stands for: a name, a family such as `bot.*`, or `all`. */
export function namesMatching(pattern: string, names: readonly string[]): readonly string[] {
  if (pattern === 'all') return names;
  if (!pattern.endsWith('.*')) return names.filter((name) => name === pattern);
  return names.filter((name) => name.startsWith(pattern.slice(0, -1)));
}

function matching(pattern: string): readonly string[] {
  return namesMatching(pattern, REALTIME_EVENT_NAMES);
}

/** `participant_events.{join,leave,…}`: short enough for one line of a problem. */
const FAMILIES = [...new Set(REALTIME_EVENT_NAMES.map((name) => name.split('.')[0]!))].map((family) => {
  const ends = matching(`${family}.*`).map((name) => name.slice(family.length + 1));
  return `${family}.${ends.length === 1 ? ends[0] : `{${ends.join(',')}}`}`;
});

/** What an entry can be. */
export const EVENT_CHOICES = `all, a family such as participant_events.*, or any of ${FAMILIES.join(', ')}`;
