/** What a good receiver does, in the order in which it is checked. Another property is another file and a line here. */
import { audioKept } from './audio-kept.ts';
import { equalNames } from './equal-names.ts';
import { frameSizes } from './frame-sizes.ts';
import { lostConnection } from './lost-connection.ts';
import { malformedMessage } from './malformed-message.ts';
import { ownClose } from './own-close.ts';
import { participantsApart } from './participants-apart.ts';
import type { Property } from './property.ts';
import { repeatedMessage } from './repeated-message.ts';
import { sharedConnection } from './shared-connection.ts';
import { silenceRestored } from './silence-restored.ts';
import { timestamps } from './timestamps.ts';
import { unmutesAgain } from './unmutes-again.ts';

const PROPERTIES = [
  audioKept,
  timestamps,
  unmutesAgain,
  silenceRestored,
  participantsApart,
  ownClose,
  equalNames,
  sharedConnection,
  frameSizes,
  lostConnection,
  repeatedMessage,
  malformedMessage,
] as const satisfies readonly Property[];

export type ReceiverProperty = (typeof PROPERTIES)[number]['name'];

/** The names of all properties, in the order in which they are checked. */
export const RECEIVER_PROPERTIES: readonly ReceiverProperty[] = PROPERTIES.map(({ name }) => name);

/** The named properties and all that they need, in the order in which they are checked. */
export function withNeeded(names: readonly ReceiverProperty[]): readonly Property[] {
  const wanted = new Set<string>(names);
  // Needed ones come earlier in the table: from its end every need is met.
  for (const { name, needs } of PROPERTIES.toReversed()) {
    if (wanted.has(name)) for (const need of needs) wanted.add(need);
  }
  return PROPERTIES.filter(({ name }) => wanted.has(name));
}
