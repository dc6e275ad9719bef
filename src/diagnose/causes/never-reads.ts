import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { readingOf } from '../reading.ts';
import { at, listed } from '../words.ts';

/** Nothing more was taken once the buffers between us were full. */
export const neverReads: Cause = {
  code: 'stopped_reading',
  title: 'Does not read, or stopped reading',
  shows: 'From some moment on every frame is dropped, because the socket takes nothing more.',
  remedy:
    'Read all the time, in a task of its own, and hand messages on through a queue. A paused socket, a handler that waits for something else, or a stopped process (a debugger, Ctrl-Z) shows like this.',
  look(_evidence, problems) {
    const stopped = readingOf(problems).filter(({ rate }) => rate === 0);
    if (stopped.length === 0) return undefined;
    const connections = stopped.map(({ connection }) => connection);
    return {
      certainty: 'certain',
      text: `The receiver does not read ${listed(connections)}: nothing more was taken from ${at(stopped[0]!.fromSeconds)} on`,
      evidence: stopped.map(
        ({ connection: { number, sent, dropped, blockedMs }, fromSeconds }) =>
          `connection #${number}: ${sent} frames went into the buffers until ${at(fromSeconds)}, ${dropped.slow_receiver} were dropped from then on; its socket had no room for ${at(blockedMs / 1_000)}`,
      ),
      explains: problemsOn(problems, connections, 'unread', 'unanswered'),
    };
  },
};
