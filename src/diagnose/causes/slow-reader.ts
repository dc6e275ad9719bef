import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { readingOf } from '../reading.ts';
import { at, listed } from '../words.ts';

/** It reads, and not as fast as people speak. */
export const slowReader: Cause = {
  code: 'slower_than_real_time',
  title: 'Reads slower than real time',
  shows: 'From some moment on a part of the frames is dropped: the socket takes less than is said.',
  remedy:
    'Do less for each message, or do it elsewhere: transcribing, disk writes and calls to other services belong behind a queue that the reader does not wait for.',
  look(_evidence, problems) {
    const slow = readingOf(problems).filter(({ rate }) => rate > 0);
    if (slow.length === 0) return undefined;
    const connections = slow.map(({ connection }) => connection);
    const [first] = slow;
    return {
      certainty: 'certain',
      text: `The receiver reads slower than real time: about ${percent(first!.rate)} of what was said on ${listed(connections)} from ${at(first!.fromSeconds)} on`,
      evidence: slow.map(
        ({ connection: { number, dropped, blockedMs }, fromSeconds, rate }) =>
          `connection #${number}: ${dropped.slow_receiver} frames dropped from ${at(fromSeconds)} on, ${percent(rate)} of the audio taken; its socket had no room for ${at(blockedMs / 1_000)}`,
      ),
      explains: problemsOn(problems, connections, 'unread', 'unanswered'),
    };
  },
};

function percent(rate: number): string {
  return `${Math.max(1, Math.round(rate * 100))} %`;
}
