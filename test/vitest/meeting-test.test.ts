import { describe, expect, it } from 'vitest';
import '../../src/vitest/matchers.ts';
import type { PlayReport } from '../../src/emulator/report.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { participantAudio } from '../../src/testing/index.ts';
import { meetingTest } from '../../src/vitest/index.ts';

const talk = meeting({ duration: 3 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).speak(0.2, { duration: 0.5 }).mute(1).unmute(2),
  )
  .build();

/** What a matcher says when it fails. */
function failure(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe.concurrent('meetingTest', () => {
  for (const connections of ['per-participant', 'per-endpoint'] as const) {
    meetingTest(
      `gives an emulator and a recorder, ${connections}`,
      async ({ emulator, recorder, expect }) => {
        const report = await emulator.play(talk, { connections });
        expect(report).toHaveDeliveredEveryFrame();
        expect(recorder.problems).toEqual([]);
        expect(recorder).toHaveMonotonicTimestamps();
        const timeline = await compileScenario(talk);
        expect(recorder.audio(100)).toMatchPcm(participantAudio(timeline, 0));
        const intervals =
          connections === 'per-endpoint'
            ? [[0, 3]]
            : [
                [0, 1],
                [2, 3],
              ];
        expect(report).toHaveConnections(intervals as [number, number][]);
        expect(recorder).toHaveConnections(intervals as [number, number][]);
        if (connections === 'per-participant') expect(recorder).toHaveContiguousAudio();
        expect(report.participants[0]).not.toHaveConnections([[0, 1]]);
      },
    );
  }

  meetingTest('is not content with half of it', async ({ emulator, expect }) => {
    const report = await emulator.play(talk);
    const wrong = { ...report, ok: false, verdict: 'the audio differs' };
    expect(failure(() => expect(wrong).toHaveDeliveredEveryFrame())).toContain('the audio differs');
    // Losses that were asked for leave a run fine; frames are missing all the same.
    const lossy = { ...report, dropped: { ...report.dropped, total: 1 } };
    expect(failure(() => expect(lossy).toHaveDeliveredEveryFrame())).toContain('20 of 20');
    const short = { ...report, sent: 19 };
    expect(failure(() => expect(short).toHaveDeliveredEveryFrame())).toContain('19 of 20');
    expect(failure(() => expect(report).not.toHaveDeliveredEveryFrame())).toContain('all 20 were delivered');
  });

  meetingTest('tells what was lost, and why', async ({ emulator, expect }) => {
    const report = await emulator.play(talk, { to: 'ws://127.0.0.1:1', retryAttempts: 0 });
    const text = failure(() => expect(report).toHaveDeliveredEveryFrame());
    expect(text).toContain('0 of 20 were');
    expect(text).toMatch(/participant 100 \(Ada\): \d+ endpoint_failed/);
    expect(failure(() => expect(report).toHaveConnections([[0, 1]]))).toContain('#1 never to');
  });
});

// In order: the second looks at what the first has left behind.
describe('the end of a meetingTest', () => {
  let playing: Promise<PlayReport>;

  meetingTest('comes while a meeting of an hour is being played', async ({ emulator, recorder, expect }) => {
    const hour = meeting({ duration: 3_600 })
      .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
      .build();
    playing = emulator.play(hour, { speed: 1 });
    await expect.poll(() => recorder.frames.length).toBeGreaterThan(0);
  });

  it('ends that meeting', async () => {
    expect(await playing).toMatchObject({ interrupted: true });
  });

  meetingTest('leaves the signal of the caller to the caller', async ({ emulator, expect }) => {
    const ending = AbortSignal.abort();
    expect(await emulator.play(talk, { speed: 1, signal: ending })).toMatchObject({ interrupted: true });
  });
});
