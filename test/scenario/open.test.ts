import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileScenario } from '../../src/scenario/compile.ts';
import { openMeeting, openScenario, scenarioFile } from '../../src/scenario/open.ts';
import { validateFile } from '../../src/scenario/validate.ts';
import { startCli } from '../support/cli.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'open-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const scenario = {
  title: 'Mine',
  bot: { recording_permission: 'denied' as const },
  duration: 1,
  participants: [{ id: 7, name: 'One' }],
  timeline: [
    { at: 0, participant: 7, action: 'join' as const },
    { at: 0, participant: 7, action: 'unmute' as const },
  ],
};

describe('opening a meeting', () => {
  it('takes a file, an object and a timeline, and all come to the same', async () => {
    const path = join(dir, 'mine.json');
    writeFileSync(path, JSON.stringify(scenario));
    const timeline = await compileScenario(scenario);
    const { title, participants, durationSamples } = timeline;
    const same = { title, participants, durationSamples };
    const { bot } = scenario;
    expect(await openMeeting(path)).toMatchObject({ name: path, bot, timeline: same });
    expect(await openMeeting(scenario)).toMatchObject({ name: 'scenario', bot, timeline: same });
    expect(await openMeeting(timeline)).toEqual({ name: 'timeline', bot: {}, timeline });
  });

  it('takes the name of every scenario that comes with the package', async () => {
    const names = readdirSync('fixtures')
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => file.replace('.yaml', ''));
    expect(names).toContain('standup');
    for (const name of names) {
      const { timeline } = await openScenario(`fixtures/${name}.yaml`);
      expect((await openMeeting(name)).timeline).toMatchObject({
        title: timeline.title,
        streams: timeline.streams.map(({ startSample, endSample }) => ({ startSample, endSample })),
      });
      expect(await validateFile(name)).toMatchObject({ file: name, kind: 'scenario', ok: true });
    }
  });

  it('has the seed of who asks over that of the scenario', async () => {
    expect((await openMeeting(scenario, { seed: 5 })).timeline.seed).toBe(5);
    expect((await openMeeting('standup', { seed: 5 })).timeline.seed).toBe(5);
  });

  it('prefers a file that exists to a built-in name, wherever the name is relative to', () => {
    const built = scenarioFile('standup', dir);
    expect(built).toMatch(/fixtures[\\/]standup\.yaml$/);
    mkdirSync(join(dir, 'standup'));
    expect(scenarioFile('standup', dir)).toBe(built);
    rmSync(join(dir, 'standup'), { recursive: true });
    writeFileSync(join(dir, 'standup'), '');
    expect(scenarioFile('standup', dir)).toBe(join(dir, 'standup'));
  });

  it.each(['standdown', '..', 'x'.repeat(10_000)])('says what there is when %s is not', async (name) => {
    await expect(openMeeting(name)).rejects.toMatchObject({ name: 'UsageError' });
    if (name !== 'standdown') return;
    await expect(openMeeting(name)).rejects.toMatchObject({
      code: 'unknown_scenario',
      message: '"standdown" is neither a file nor a built-in scenario.',
      hint: 'Built-in scenarios are nasty, rapid-toggle, standup, two-minutes.',
    });
  });

  it('replays what is named as a capture, and refuses it where a scenario is asked for', async () => {
    const path = join(dir, 'events.ndjson');
    writeFileSync(path, 'no message\n');
    await expect(openMeeting(path)).rejects.toMatchObject({ code: 'invalid_capture' });
    await expect(openScenario(path)).rejects.toMatchObject({
      code: 'invalid_scenario',
      problems: [{ code: 'not_a_scenario' }],
    });
  });
});

describe('a built-in name on the command line', () => {
  it.each([
    [['play', 'rapid-toggle', '--speed', 'max', '--json'], /"ok":true/],
    [['play', 'nasty', '--speed', 'max', '--frame-ms', '20,200', '--json'], /"ok":true/],
    [['validate', 'standup'], /✔ standup: scenario/],
    [
      ['load', 'ws://127.0.0.1:1', '--scenario', 'standdown'],
      /Built-in scenarios are nasty, rapid-toggle, standup/,
    ],
  ])('%j', async (args, told) => {
    const { stdout, stderr } = await startCli(...args, ...(args[0] === 'play' ? ['--out', dir] : [])).ended;
    expect(stdout + stderr).toMatch(told);
  });
});
