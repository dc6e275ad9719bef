import { describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../src/emulator/clock.ts';
import { play } from '../../src/play.ts';
import { participantAudio } from '../../src/scenario/audio.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { startRecorder } from '../../src/testing/recorder.ts';

/** A clock under which the process stands still for a while: time is suddenly later. */
function stallingClock(): Clock & { stall(ms: number): void } {
  const clock = realClock();
  let stalledMs = 0;
  return {
    ...clock,
    waits: false,
    held: false,
    now: () => clock.now() + stalledMs,
    wakeAt: (atMs, wake) => clock.wakeAt(atMs - stalledMs, wake),
    stall(ms) {
      stalledMs += ms;
    },
  };
}

describe('a sender that has fallen behind', () => {
  it.each(['per-participant', 'per-endpoint'] as const)(
    'sends everything that is due, in order, and is in time again (%s)',
    async (connections) => {
      const scenario = meeting({ duration: 4 })
        .participant({ id: 100 }, (one) => one.unmute(0).speak(0.2, { duration: 3 }))
        .participant({ id: 200 }, (two) => two.unmute(0.1).mute(3))
        .build();
      await using recorder = await startRecorder();
      const clock = stallingClock();
      let stalled = false;
      const report = await play({
        scenario,
        to: recorder.url,
        connections,
        frameMs: 20,
        clock,
        onSession: (session) => {
          // In the middle of the call, once.
          clock.afterWall(600, () => {
            stalled = session.elapsedSeconds > 0.3;
            clock.stall(2_000);
          });
        },
      });
      expect(stalled).toBe(true);
      expect(report).toMatchObject({ ok: true, scheduled: 345, sent: 345 });
      expect(report.lateness_ms.max).toBeGreaterThan(1_500);
      const timeline = await compileScenario(scenario);
      for (const [index, id] of [100, 200].entries()) {
        const own = recorder.frames.filter((frame) => frame.participantId === id);
        const starts = own.map(({ startSample }) => startSample);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(
          Buffer.from(recorder.audio(id).buffer).equals(
            Buffer.from(participantAudio(timeline, index).buffer),
          ),
        ).toBe(true);
      }
    },
  );
});
