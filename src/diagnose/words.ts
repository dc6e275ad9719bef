/** How facts are told: with connection numbers and times. */
import { describeClose } from '../emulator/dial-failure.ts';
import { countOf, enumerated } from '../words.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import type { Problem } from './problems.ts';

/** `3.20 s` */
export function at(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

/** Beyond so many, the rest is counted. */
const MAX_LISTED = 5;

/** `#1`, `#1 and #3`, `#1, #2, #3, #4, #5 and 7 more` */
export function listed(connections: readonly { readonly number: number }[]): string {
  const numbers = [...new Set(connections.map(({ number }) => number))].map((number) => `#${number}`);
  const more = numbers.length - MAX_LISTED;
  return enumerated(more > 0 ? [...numbers.slice(0, MAX_LISTED), `${more} more`] : numbers);
}

/** `participant 300 (name null)` */
export function personOf({ participants }: Evidence, index: number): string {
  const person = participants[index];
  if (person === undefined) return 'a participant';
  return `participant ${person.id} (${person.name === null ? 'name null' : `"${person.name}"`})`;
}

/** `close code 1011 "out of memory"`, or that there was no close frame. */
export function ending({ closeCode, closeReason, error }: ConnectionEvidence): string {
  if (closeCode !== null && closeCode !== 1006) return describeClose(closeCode, closeReason);
  return error?.code === 'reset_by_receiver' ? 'reset, no close frame' : 'no close frame';
}

/** `connections #1 and #2: 8 dials, first at 0.30 s: …` */
export function refusalFact(
  connections: readonly ConnectionEvidence[],
  dials: number,
  firstSeconds: number,
  text: string,
): string {
  const who = connections.length === 1 ? 'connection' : 'connections';
  return `${who} ${listed(connections)}: ${countOf(dials, 'dial')}, first at ${at(firstSeconds)}: ${text}`;
}

/** A dial has its words in `refusalFact`. */
export type AfterDial = Problem & { readonly kind: Exclude<Problem['kind'], 'refused'> };

/** What happened, without why. */
export function factOf({ kind, connection, atSeconds }: AfterDial): string {
  const who = `connection #${connection.number}`;
  switch (kind) {
    case 'late':
      return `${who}: the upgrade was not answered in time for its audio`;
    case 'lost':
      return `${who}: ended by the receiver at ${at(atSeconds)}, ${at(atSeconds - connection.openedSeconds!)} after it had opened (${ending(connection)}), with ${countOf(connection.sent, 'frame')} sent`;
    case 'unread':
      return `${who}: ${countOf(connection.dropped.slow_receiver, 'frame')} dropped from ${at(atSeconds)} on, because the receiver did not read`;
    case 'unanswered':
      return `${who}: our close frame was not answered, and it ended at ${at(atSeconds)}`;
  }
}

/** A failure's text as the first line of a diagnosis. */
export function sentence(text: string): string {
  return `${text.replace(/^receiver/, 'The receiver').replace(/^TLS /, 'The TLS ')}`;
}
