/** No mistakes. */
import type { Steps } from '../stage.ts';
import { Notes, startOf } from './mistake.ts';

/** Right receivers, each in its way. */
export const RIGHT: readonly (() => Partial<Steps>)[] = [
  // Puts everything where its timestamp says.
  () => ({}),
  // Leaves out the silence of mutes.
  () => {
    const lengths = new Notes(0);
    return {
      place: (audio) => {
        const start = lengths.of(audio);
        lengths.set(audio, start + audio.pcm.length);
        return start;
      },
    };
  },
  // Counts from the first message on.
  () => {
    const firsts = new Notes(-1);
    return {
      place: (audio) => {
        if (firsts.of(audio) === -1) firsts.set(audio, startOf(audio));
        return startOf(audio) - firsts.of(audio);
      },
    };
  },
];
