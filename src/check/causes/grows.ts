import type { KeptCause } from '../cause.ts';
import { isWrong, wrongLines } from '../results.ts';

/** It never lets go of what it had. */
export const grows: KeptCause = {
  code: 'grows',
  title: 'Keeps in memory what it has been sent',
  shows: 'Its process grows with each meeting by about what the meeting had, and does not shrink at its end.',
  remedy:
    'Write audio to disk, or pass it on, as it comes. Let go of what you keep by recording or participant some time after the last connection with it has closed. A runtime that collects its garbage late looks the same: give it a small heap, and check again.',
  look(results) {
    const explains = results
      .of('load.memory')
      .filter((each) => isWrong(each) && wrongLines(each).some(({ code }) => code === 'grows'));
    if (explains.length === 0) return undefined;
    return { certainty: 'likely', text: 'The receiver keeps in memory what it has been sent', explains };
  },
};
