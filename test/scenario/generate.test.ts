import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { generateMeeting, writeMeeting } from '../../src/scenario/generate.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** Every file below a folder, by its path, as hex. */
async function filesOf(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path.slice(dir.length), (await readFile(path)).toString('hex')]),
    ),
  );
}

describe('a generated meeting', () => {
  it('is the same, byte for byte, for the same seed, and another for another', async () => {
    const base = await mkdtemp(join(tmpdir(), 'recall-emulator-'));
    const write = async (name: string, seed: number): Promise<Record<string, string>> => {
      const dir = join(base, name, 'meeting');
      await writeMeeting(dir, await generateMeeting({ participants: 3, durationSeconds: 20, seed }));
      return filesOf(dir);
    };
    const first = await write('a', 7);
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining(['/scenario.yaml', '/truth.json', '/truth.rttm', '/audio/100-001.wav']),
    );
    expect(await write('b', 7)).toEqual(first);
    expect((await write('c', 8))['/scenario.yaml']).not.toBe(first['/scenario.yaml']);
    await rm(base, { recursive: true });
  });

  it('plays from its files exactly as it was generated', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'recall-emulator-'));
    const { timeline, scenario } = await writeMeeting(
      dir,
      await generateMeeting({ participants: 4, durationSeconds: 30, seed: 3 }),
    );
    const loaded = await compileScenario(await loadScenario(scenario));
    expect(loaded.utterances).toEqual(timeline.utterances);
    expect(loaded.streams.map(({ startSample, endSample }) => [startSample, endSample])).toEqual(
      timeline.streams.map(({ startSample, endSample }) => [startSample, endSample]),
    );
    await rm(dir, { recursive: true });
  });

  it('is written whatever its times look like, also what makes no sound', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'recall-emulator-'));
    const scenario = meeting({ duration: '4s' })
      .participant({ id: 1 }, (ada) =>
        ada
          .unmute(0)
          .speak('1s', { duration: '500ms', text: 'Hi.' })
          .speak(2, { duration: 1 })
          .speak(3.5, { duration: 0 }),
      )
      .build();
    const written = await writeMeeting(dir, scenario);
    expect(written.wavFiles).toBe(2);
    const loaded = await compileScenario(await loadScenario(written.scenario));
    expect(loaded.utterances).toEqual(written.timeline.utterances);
    await rm(dir, { recursive: true });
  });

  it.each([
    [1, 5],
    [2, 60],
    [6, 600],
    [40, 300],
  ])(
    'of %i people and %i s can happen, has turns, overlaps and mutes',
    async (participants, durationSeconds) => {
      for (let seed = 0; seed < 10; seed++) {
        const timeline = await compileScenario(
          await generateMeeting({ participants, durationSeconds, seed }),
        );
        expect(timeline.durationSamples).toBe(durationSeconds * 16_000);
        expect(timeline.utterances.length).toBeGreaterThan(0);
        if (durationSeconds < 300) continue;
        const talk = timeline.utterances.reduce(
          (sum, { startSample, endSample }) => sum + endSample - startSample,
          0,
        );
        expect(talk / timeline.durationSamples).toBeGreaterThan(0.6);
        expect(timeline.streams.length).toBeGreaterThan(participants / 2);
      }
    },
  );

  it('is refused for numbers that make none', async () => {
    await expect(generateMeeting({ participants: 0, durationSeconds: 10, seed: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_participants' }),
    );
    await expect(generateMeeting({ participants: 2, durationSeconds: 0, seed: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_duration' }),
    );
  });
});
