/** `meetingTest`: vitest's `test` with an emulator and a recorder for each test, put away when it ends. */
import { test } from 'vitest';
import type { PlayReport } from '../emulator/report.ts';
import { type PlayOptions, play } from '../play.ts';
import type { MeetingSource } from '../scenario/open.ts';
import { type Recorder, startRecorder } from '../testing/recorder.ts';

export interface TestEmulator {
  /**
   * Plays a meeting (a file, a built-in name, a scenario, a timeline) at `to`, which is the test's recorder when left out. In virtual time
   * unless a `speed` is given: as fast as the receiver takes it, in exact order.
   */
  play(scenario: MeetingSource, options?: Omit<PlayOptions, 'scenario'>): Promise<PlayReport>;
}

export interface MeetingFixtures {
  readonly emulator: TestEmulator;
  /** A receiver on a free port. */
  readonly recorder: Recorder;
}

/** Safe under concurrent tests: every test has a recorder and a port of its own. Whatever still plays is ended with the test. */
export const meetingTest = test.extend<MeetingFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs off the pattern
  recorder: async ({}, use) => {
    const recorder = await startRecorder();
    await use(recorder);
    await recorder.close();
  },
  emulator: async ({ recorder }, use) => {
    const ending = new AbortController();
    const playing = new Set<Promise<unknown>>();
    await use({
      play(scenario, options = {}) {
        const { signal } = options;
        const report = play({
          speed: 'max',
          to: recorder.url,
          ...options,
          scenario,
          signal: signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]),
        });
        playing.add(report);
        return report;
      },
    });
    ending.abort();
    await Promise.allSettled(playing);
  },
});
