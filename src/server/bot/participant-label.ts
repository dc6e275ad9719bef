/** A participant as the log names them. */
import type { Participant } from '../../protocol/participant.ts';

export function labelOf({ id, name }: Participant): string {
  return name === null ? `participant ${id}` : `${name} (${id})`;
}
