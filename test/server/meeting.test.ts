import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noiseSource } from '../../src/audio/signals.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { type Call, type Chunk, withCall } from '../support/call.ts';
import { withFolder } from '../support/cli.ts';

const quiet = meeting({ duration: 60 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
  .build();

/** What was told, as `100 speech_on 1.5`. */
function told(call: Call, ...names: string[]): string[] {
  return call.events
    .filter(({ name }) => names.includes(name))
    .map(({ name, id, seconds }) => `${id} ${name} ${seconds.toFixed(1)}`);
}

/** Seconds of the first and the last sample above the noise floor. */
function loud(chunks: readonly Chunk[]): [number, number] {
  const at = chunks.flatMap(({ startSample, pcm }) =>
    [...pcm].flatMap((sample, index) => (Math.abs(sample) > 16 ? [startSample + index] : [])),
  );
  return [at[0]! / 16_000, at.at(-1)! / 16_000];
}

describe('what is said on command', () => {
  it('goes on behind a mute, in audio, events and words', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      const text = 'One two three four five six seven eight nine ten.';
      const { start_s } = (await call.command('speak', 100, { duration: 6, text })).body;
      await call.advance(1.5);
      await call.command('mute', 100);
      await call.advance(1);
      await call.command('unmute', 100);
      await call.advance(6);
      await call.end();
      expect(told(call, 'speech_on', 'speech_off')).toEqual([
        '100 speech_on 1.0',
        '100 speech_off 2.5',
        '100 speech_on 3.5',
        `100 speech_off ${(start_s + 6).toFixed(1)}`,
      ]);
      const [from, to] = loud(call.frames.get(100)!);
      expect(from).toBeGreaterThanOrEqual(start_s);
      expect(to).toBeGreaterThan(6);
      expect(to).toBeLessThanOrEqual(start_s + 6);
      expect(call.events.filter(({ name }) => name === 'transcript.data')).toHaveLength(2);
    });
  });

  it('is said once at a time, and ends before the words of the scenario', async () => {
    const scenario = meeting({ duration: 60 })
      .participant({ id: 100 }, (ada) => ada.unmute(0).speak(5, { duration: 2 }))
      .build();
    await withCall(scenario, async (call) => {
      await call.advance(1);
      expect((await call.command('speak', 100, { duration: 3.9 })).status).toBe(200);
      expect((await call.command('speak', 100, { duration: 0.5 })).body.code).toBe('speaking');
      await call.advance(3.95);
      expect((await call.command('speak', 100, { duration: 1 })).body.code).toBe('speaking');
      await call.advance(4);
      await call.end();
      expect(told(call, 'speech_on', 'speech_off')).toEqual([
        '100 speech_on 1.0',
        '100 speech_off 4.9',
        '100 speech_on 5.0',
        '100 speech_off 7.0',
      ]);
    });
  });

  it('is not told while the recording is paused', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      const text = 'One two three four five six seven eight nine ten.';
      await call.command('speak', 100, { duration: 6, text });
      await call.bot('pause_recording');
      await call.advance(2);
      expect(call.events.filter(({ seconds }) => seconds > 1.2)).toEqual([]);
      await call.bot('resume_recording');
      await call.advance(6);
      await call.end();
      expect(told(call, 'speech_on', 'speech_off').slice(-2)).toEqual([
        '100 speech_on 3.0',
        '100 speech_off 7.0',
      ]);
    });
  });
});

describe('coming and going', () => {
  it('closes the microphone that was opened on command when the scenario lets them leave', async () => {
    const scenario = meeting({ duration: 60 })
      .participant({ id: 100 }, (ada) => ada.leave(5))
      .participant({ id: 200 })
      .build();
    await withCall(scenario, async (call) => {
      await call.advance(1);
      await call.command('unmute', 100);
      await call.advance(6);
      const [ada] = (await call.detail()).participants;
      expect(ada).toMatchObject({ present: false, unmuted: false, connection: 'muted' });
      await call.end();
      const last = call.frames.get(100)!.at(-1)!;
      expect((last.startSample + last.pcm.length) / 16_000).toBe(5);
    });
  });

  it('gives whoever comes back the rest of the scenario', async () => {
    const scenario = meeting({ duration: 60 })
      .participant({ id: 100, email: 'ada@a.example' }, (ada) =>
        ada.unmute(0).mute(3).unmute(10).speak(11, { duration: 2 }),
      )
      .build();
    await withCall(scenario, async (call) => {
      await call.advance(1);
      await call.command('leave', 100);
      await call.advance(1);
      expect((await call.command('unmute', 100)).body.code).toBe('absent');
      const rejoined = await call.command('participants', undefined, { id: 100, email: 'ada@b.example' });
      expect(rejoined.body).toMatchObject({ present: true, unmuted: false });
      await call.advance(12);
      await call.end();
      expect(told(call, 'join', 'update', 'leave', 'speech_on', 'speech_off')).toEqual([
        ...['100 join 0.0', '100 update 0.0', '100 leave 1.0', '100 join 2.0', '100 update 2.0'],
        ...['100 speech_on 11.0', '100 speech_off 13.0'],
      ]);
      const emails = call.events
        .filter(({ name }) => name === 'join')
        .map(({ data }) => data.participant.email);
      expect(emails).toEqual([undefined, undefined]);
    });
  });

  it('in a pause is told when it is over', async () => {
    const scenario = meeting({ duration: 60 })
      .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).update(2, { name: 'Ada M.' }))
      .participant({ id: 200 })
      .build();
    await withCall(scenario, async (call) => {
      await call.advance(1);
      await call.bot('pause_recording');
      await call.command('leave', 200);
      await call.advance(2);
      await call.bot('resume_recording');
      await call.advance(1);
      await call.end();
      expect(told(call, 'update', 'leave')).toEqual(['100 update 3.0', '200 leave 3.0']);
    });
  });

  it('is refused when the call is over', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      await call.end();
      for (const action of ['mute', 'unmute', 'leave'])
        expect((await call.command(action, 100)).body.code, action).toBe('not_recording');
      expect((await call.command('participants', undefined, { id: 7 })).status).toBe(409);
    });
  });
});

describe('connections dropped on demand', () => {
  it('are told as such', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      expect((await call.command('drop')).body).toEqual({ dropped: 2 });
      await call.advance(1);
      const [report] = (await call.detail()).reports;
      expect(report.participants[0].connections[0].error.code).toBe('dropped_on_demand');
      expect(report.dropped.on_demand).toBe(report.dropped.total);
      expect(report.dropped.total).toBeGreaterThan(0);
      await call.end();
    });
  });
});

describe('the mix of a recording', () => {
  it.each([20, 100, 1_000])('comes in chunks of 200 ms, whatever the frames (%i ms)', async (frameMs) => {
    const scenario = meeting({ duration: 60 })
      .participant({ id: 100 }, (ada) => ada.unmute(0).speak(0.5, { duration: 2 }))
      .participant({ id: 200 }, (bo) => bo.unmute(0.33).speak(1, { duration: 3 }))
      .build();
    await withCall(
      scenario,
      async (call) => {
        await call.advance(2.5);
        await call.bot('pause_recording');
        await call.advance(0.77);
        await call.bot('resume_recording');
        await call.advance(2);
        expect((await call.detail()).mix_left_out_s).toBe(0);
        const bot = await call.end();
        const lengths = call.mixed.map(({ pcm }) => pcm.length / 16);
        const whole = lengths.filter((ms) => ms === 200).length;
        // Shorter before the pause, behind it, and at the end.
        expect(lengths.length - whole).toBeLessThanOrEqual(3);
        expect(whole).toBeGreaterThan(18);
        const kept = await call.download(bot.recordings[0].media_shortcuts.audio_mixed.data.download_url);
        expect(Buffer.concat(call.mixed.map(({ pcm }) => Buffer.from(pcm.buffer))).equals(kept)).toBe(true);
        // It is the sum of all that was streamed.
        const sum = new Int32Array(60 * 16_000);
        for (const { startSample, pcm } of [...call.frames.values()].flat())
          for (const [index, sample] of pcm.entries()) sum[startSample + index]! += sample;
        const wrong = call.mixed.flatMap(({ startSample, pcm }) =>
          [...pcm].flatMap((sample, index) => {
            const expected = Math.max(-32_768, Math.min(32_767, sum[startSample + index]!));
            return sample === expected ? [] : [startSample + index];
          }),
        );
        expect(wrong.slice(0, 3)).toEqual([]);
      },
      { frameMs },
    );
  });

  it('waits for the long frames of a capture', async () => {
    const compiled = await compileScenario(quiet);
    const noise = noiseSource({ seed: 1, samples: 32_000 });
    const segments = Array.from({ length: 10 }, (_, index) => ({
      startSample: index * 32_000,
      endSample: (index + 1) * 32_000,
      kind: 'speech' as const,
      source: noise,
    }));
    const stream = { ...compiled.streams[0]!, segments, framing: 'by_segment' as const };
    await withCall({ ...compiled, streams: [stream] }, async (call) => {
      await call.advance(10);
      await call.end();
      expect(call.frames.get(100)![0]!.pcm).toHaveLength(32_000);
      const mixed = call.mixed.flatMap(({ pcm }) => [...pcm]);
      const frames = call.frames.get(100)!.flatMap(({ pcm }) => [...pcm]);
      expect(mixed.length).toBeGreaterThan(128_000);
      expect(mixed.slice(0, 128_000).every((sample, at) => sample === frames[at])).toBe(true);
    });
  });
});

describe('the events of a recording', () => {
  const spoken: Scenario = {
    duration: 4,
    participants: [{ id: 1, name: 'Ada' }],
    timeline: [
      { at: 0, participant: 1, action: 'unmute' },
      { at: 0.5, participant: 1, action: 'speak', duration: 1, text: 'Good morning.' },
    ],
  };

  it('have words with both times, the absolute one as messages have it', () =>
    withCall(
      spoken,
      async (call) => {
        await call.advance(3);
        const transcript = call.events.find(({ name }) => name === 'transcript.data');
        const [good, morning] = transcript!.data.words;
        const started = Date.parse(good.start_timestamp.absolute) - good.start_timestamp.relative * 1_000;
        expect(Date.parse(morning.end_timestamp.absolute) - 1_500).toBeCloseTo(started, 0);
        expect(good.start_timestamp.absolute).toMatch(/\.\d{6}Z$/);
      },
      { absoluteFormat: 'z-micros' },
    ));

  it('have mixed audio in chunks of the length that was asked for', () =>
    withCall(
      spoken,
      async (call) => {
        await call.advance(2);
        expect(new Set(call.mixed.map(({ pcm }) => pcm.length / 16))).toEqual(new Set([50]));
      },
      { mixedFrameMs: 50 },
    ));
});

describe('speak over the control API', () => {
  const unmuted: Scenario = {
    duration: 10,
    participants: [{ id: 1 }],
    timeline: [{ at: 0, participant: 1, action: 'unmute' }],
  };

  it.each(['/dev/zero', '/proc/self/environ', '/tmp'])('refuses %s', (place) =>
    withFolder((dir) =>
      withCall(unmuted, async (call) => {
        const audio = join(dir, 'link.raw');
        symlinkSync(place, audio);
        await call.advance(1);
        const { status, body } = await call.command('speak', 1, { audio });
        expect(status).toBe(400);
        expect(body.detail).toMatch(/is not a (regular )?file|not a regular file/);
      }),
    ),
  );

  it('does not wait for a pipe', () =>
    withFolder((dir) =>
      withCall(unmuted, async (call) => {
        const audio = join(dir, 'pipe.wav');
        execFileSync('mkfifo', [audio]);
        await call.advance(1);
        const { status, body } = await call.command('speak', 1, { audio });
        expect([status, body.detail]).toEqual([400, expect.stringContaining('is a pipe')]);
      }),
    ));
});
