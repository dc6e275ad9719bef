/** A process that does not keep up says so while it happens and at the end. */
import { describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../src/emulator/clock.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { RealTimeWatch } from '../../src/server/bot/real-time-watch.ts';
import type { ServerOptions } from '../../src/server/server.ts';
import { NO_DELAYS, withServer } from '../support/mock.ts';

const TALK = meeting({ duration: 60 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
  .build();

/** Plays a while with a thread that stands still for so long once recording has begun. */
async function blocked(seconds: number, options: ServerOptions = {}) {
  const warnings: string[] = [];
  let stats: ReturnType<Parameters<Parameters<typeof withServer>[1]>[0]['server']['stats']> | undefined;
  await withServer(
    {
      speed: 1,
      scenario: TALK,
      delays: NO_DELAYS,
      onActivity: ({ kind, text }) => kind === 'warning' && warnings.push(text),
      ...options,
    },
    async ({ bot, until, get, server }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'in_call_recording');
      const elapsed = async (): Promise<number> => (await get(`/_emulator/bots/${id}`)).body.elapsed_s;
      await expect.poll(elapsed).toBeGreaterThan(0.3);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1_000);
      await expect.poll(elapsed).toBeGreaterThan(seconds + 0.4);
      stats = server.stats();
    },
  );
  return { warnings: warnings.filter((text) => text.includes('behind real time')), stats: stats! };
}

describe('a server that is behind real time', () => {
  it('warns at once and not for every frame, and is not ok', async () => {
    const { warnings, stats } = await blocked(1.6);
    expect(warnings).toEqual([
      expect.stringMatching(/^\d+\.\d s behind real time: this machine does not keep up/),
    ]);
    expect(stats.maxLatenessSeconds).toBeGreaterThan(1);
    expect(stats.ok).toBe(false);
  });

  it('is ok when more than real time was asked for', async () => {
    const { stats } = await blocked(1.6, { speed: 4 });
    expect(stats.maxLatenessSeconds).toBeGreaterThan(1);
    expect(stats.ok).toBe(true);
  });

  it('is one that time was skipped in: never', async () => {
    // So slow that the machine's own stalls do not count.
    const clock = realClock({ speed: 0.001 });
    await withServer({ clock, scenario: TALK, delays: NO_DELAYS }, async ({ bot, until, post, server }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await post('/_emulator/advance', { seconds: 30 });
      await until(id, 'in_call_recording');
      expect(server.stats().maxLatenessSeconds).toBeLessThan(1);
      expect(server.stats().ok).toBe(true);
    });
  });
});

describe('lateness', () => {
  it('is that of the last while, and forgotten after it; the worst is not', () => {
    let nowMs = 0;
    const clock = { ...realClock(), virtual: false, waits: false, now: () => nowMs } as Clock;
    const watch = new RealTimeWatch(clock, 1, () => {});
    nowMs = 5_000;
    watch.note(4_500);
    expect([watch.recentSeconds, watch.maxSeconds]).toEqual([0.5, 0.5]);
    nowMs = 16_000;
    watch.note(15_900);
    expect(watch.recentSeconds).toBe(0.5);
    nowMs = 27_000;
    watch.note(26_990);
    expect(watch.recentSeconds).toBeCloseTo(0.1);
    nowMs = 60_000;
    expect([watch.recentSeconds, watch.maxSeconds]).toEqual([0, 0.5]);
  });

  it('is in the control API', async () => {
    await withServer({}, async ({ get }) => {
      expect((await get('/_emulator')).body.lateness).toEqual({ recent_s: 0, max_s: 0 });
    });
  });
});
