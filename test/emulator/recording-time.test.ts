import { describe, expect, it } from 'vitest';
import { realClock, virtualClock } from '../../src/emulator/clock.ts';
import { RecordingTime } from '../../src/emulator/recording-time.ts';

const stream = (participant: number) => ({ participant, startSample: 0, endSample: 16_000 });

describe("a recording's time", () => {
  it('stands still before the recording begins, and counts from there', () => {
    const clock = { ...virtualClock(), now: () => nowMs };
    let nowMs = 400;
    const time = new RecordingTime(clock);
    expect([time.begun, time.elapsedSeconds, time.nowSample]).toEqual([false, 0, 0]);
    nowMs = 1_000;
    time.begin(5_000_000);
    nowMs = 1_250;
    expect([time.begun, time.elapsedSeconds, time.nowSample]).toEqual([true, 0.25, 4_000]);
    expect([time.originMs, time.startMicros, time.timeOfSample(4_000)]).toEqual([1_000, 5_000_000, 1_250]);
  });

  it('spreads participants over a frame in real time, each always at the same place', () => {
    const time = new RecordingTime(realClock());
    time.begin(0);
    const phases = [0, 1, 2, 3].map((participant) => time.originOf(stream(participant), 20) - time.originMs);
    expect(new Set(phases).size).toBe(4);
    for (const phase of phases) expect(phase >= 0 && phase < 20).toBe(true);
    expect(time.originOf(stream(3), 20) - time.originMs).toBe(phases[3]);
  });

  it('is the same for all participants in virtual time', () => {
    const time = new RecordingTime(virtualClock());
    time.begin(0);
    for (const participant of [0, 1, 7]) expect(time.originOf(stream(participant), 20)).toBe(time.originMs);
  });
});
