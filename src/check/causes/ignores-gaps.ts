import type { KeptCause } from '../cause.ts';
import { isWrong, wrongLines } from '../results.ts';

/** It restores some silence, and leaves out other. */
export const ignoresGaps: KeptCause = {
  code: 'ignores_gaps',
  title: 'Ignores gaps in timestamps',
  shows:
    'The silence before the first word of somebody is in their file, and that of a mute is not: what follows is too early by as much.',
  remedy:
    'Decide once: put all audio at `data.data.timestamp.relative`, or leave out all silence. A mute is a gap between the end of one message and the timestamp of the next.',
  look(results) {
    const code = 'silence_not_restored';
    const explains = results.all.filter(
      (result) => isWrong(result) && wrongLines(result).every((line) => line.code === code),
    );
    if (explains.length === 0) return undefined;
    const certainty = results.certaintyOf(explains[0]!);
    return (
      certainty && {
        certainty,
        text: 'The receiver ignores gaps in timestamps, and restores only the silence before the first word',
        explains,
      }
    );
  },
};
