import { describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../src/emulator/clock.ts';
import type { Session } from '../../src/emulator/session.ts';
import { play } from '../../src/play.ts';
import { SAMPLE_RATE } from '../../src/protocol/pcm.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { participantAudio } from '../../src/scenario/audio.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { frameOf } from '../../src/testing/messages.ts';
import { startRecorder } from '../../src/testing/recorder.ts';

/** A clock under which the process stands still for a while: time is suddenly later. */
function stallingClock(): Clock & { stall(ms: number): void } {
  const clock = realClock();
  let stalledMs = 0;
  return {
    virtual: false,
    waits: false,
    held: false,
    now: () => clock.now() + stalledMs,
    wakeAt: (atMs, wake) => clock.wakeAt(atMs - stalledMs, wake),
    cancelWake: (wake) => clock.cancelWake(wake),
    advance: (ms) => clock.advance(ms),
    hold: () => clock.hold(),
    afterWall: (ms, callback) => clock.afterWall(ms, callback),
    stall(ms) {
      stalledMs += ms;
    },
  };
}

describe('a stream', () => {
  it('sends no frame before its last sample has been spoken, in real time', async () => {
    const scenario = meeting({ duration: 1 })
      .participant({ id: 100, name: 'Ada' }, (ada) =>
        ada.unmute(0.25).speak(0.3, { duration: 0.5 }).mute(0.9),
      )
      .build();
    let session: Session | undefined;
    const early: string[] = [];
    let frames = 0;
    await using receiver = await startReceiver({
      onEvent: (event) => {
        const frame = frameOf(event)!;
        frames++;
        const spokenSeconds = (frame.startSample + frame.pcm.length) / SAMPLE_RATE;
        const { elapsedSeconds } = session!;
        if (elapsedSeconds < spokenSeconds) early.push(`${spokenSeconds} s came at ${elapsedSeconds} s`);
      },
    });
    const report = await play({
      scenario,
      to: receiver.url,
      onSession: (made) => {
        session = made;
      },
    });
    expect(report).toMatchObject({ ok: true, sent: 7 });
    await expect.poll(() => frames).toBe(7);
    expect(early).toEqual([]);
  });
});

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
