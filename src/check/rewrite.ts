/** Meetings whose messages say something else than the emulator would write: fields that are null, left out, or filled. */
import type { Script } from '../emulator/script.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';

/** A message that may be changed in place, also into what its type forbids. */
type Editable<Node> = Node extends object ? { -readonly [Key in keyof Node]: Editable<Node[Key]> } : Node;

/** The steps of a meeting with each message changed: for `CaseMeeting.script`. */
export function rewritten(
  change: (message: Editable<AudioSeparateRawData>) => void,
): (steps: Script) => Script {
  return function* (steps) {
    for (const step of steps) {
      if (step.kind === 'message') {
        const message = JSON.parse(step.text) as Editable<AudioSeparateRawData>;
        change(message);
        yield { ...step, text: JSON.stringify(message) };
      } else yield step;
    }
  };
}
