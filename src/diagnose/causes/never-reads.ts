import { countOf } from '../../words.ts';
import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { type Reading, readingOf } from '../reading.ts';
import { at, listed } from '../words.ts';

/** A frame is at most 1 s long: more than two were taken after the last that was dropped. Seconds. */
const READ_AGAIN_SECONDS = 2;

/** Nothing more was taken once the buffers between us were full. */
export const neverReads: Cause = {
  code: 'stopped_reading',
  title: 'Does not read, or stopped reading',
  shows:
    'From some moment on every frame is dropped, because the socket takes nothing more; perhaps until it reads again.',
  remedy:
    'Read all the time, in a task of its own, and hand messages on through a queue. A paused socket, a handler that waits for something else, or a stopped process (a debugger, Ctrl-Z) shows like this.',
  look(_evidence, problems) {
    const stopped = readingOf(problems).filter(({ rate }) => rate === 0);
    if (stopped.length === 0) return undefined;
    const connections = stopped.map(({ connection }) => connection);
    return {
      certainty: 'certain',
      text: `The receiver does not read ${listed(connections)}: nothing more was taken ${span(stopped[0]!)}`,
      evidence: stopped.map(
        (reading) =>
          `connection #${reading.connection.number}: ${countOf(reading.connection.dropped.slow_receiver, 'frame')} dropped ${span(reading)}, when the buffers on the way were full; its socket had no room for ${at(reading.connection.blockedMs / 1_000)}`,
      ),
      explains: problemsOn(problems, connections, 'unread', 'unanswered'),
    };
  },
};

/** `from 3.20 s on`, or `from 3.20 s to 8.00 s` where it read again before the end. */
function span({ connection, fromSeconds, toSeconds }: Reading): string {
  const readAgain =
    connection.closedSeconds !== null && connection.closedSeconds - toSeconds > READ_AGAIN_SECONDS;
  return `from ${at(fromSeconds)} ${readAgain ? `to ${at(toSeconds)}` : 'on'}`;
}
