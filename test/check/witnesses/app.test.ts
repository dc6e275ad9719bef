/** Cases by way of an app that makes its bots at our mock of Recall's API. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAppPlayer } from '../../../src/check/app/player.ts';
import { basicOneSpeaker } from '../../../src/check/cases/basic-one-speaker.ts';
import { check } from '../../../src/check/check.ts';
import { Collector } from '../../../src/check/collect.ts';
import type { CheckOptions } from '../../../src/check/options.ts';
import type { CheckReport } from '../../../src/check/report.ts';
import { planCase, runCases } from '../../../src/check/run.ts';
import type { CaseMeeting } from '../../../src/check/seen.ts';
import type { Script } from '../../../src/emulator/script.ts';
import { runCli, withFolder } from '../../support/cli.ts';
import { commandOf, freePort } from './checked.ts';

const APP = new URL('app.mjs', import.meta.url).pathname;

/** A command that asks until somebody listens. */
function asking(url: string): string {
  const script = `const ask = () => fetch("${url}").then((answer) => process.exit(answer.ok ? 0 : 1), () => setTimeout(ask, 100)); ask();`;
  return `${process.execPath} -e '${script}'`;
}

/** The options for an app of these settings, which keeps audio in `dir`. */
async function appOptions(
  dir: string,
  env: Readonly<Record<string, string | number>> = {},
): Promise<CheckOptions & { readonly command: [string, ...string[]]; readonly create: string }> {
  const [PORT, app] = [await freePort(), await freePort()];
  return {
    url: `ws://127.0.0.1:${PORT}/`,
    command: commandOf({ PORT, APP: app, KEEP: dir, ...env }, APP),
    create: asking(`http://127.0.0.1:${app}/`),
    files: [join(dir, '{recording_id}', '{id}.raw')],
    cases: ['basic.one_speaker'],
    connections: 'both',
    seed: 1,
  };
}

const SETTING = { connections: 'per-participant', secret: undefined } as const;

const shown = ({ cases }: CheckReport) => cases.map(({ id, verdict, lines }) => ({ id, verdict, lines }));

describe('check by way of an app', () => {
  it('plays each case as the meeting of the bot that the app makes', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir);
      const report = await check({ ...options, cases: ['basic.one_speaker', 'mute.off_and_on'] });
      expect(shown(report)).toEqual(report.cases.map(({ id }) => ({ id, verdict: 'pass', lines: [] })));
      expect(report.cases).toHaveLength(4);
      expect(report.url).toBe(`${options.url}audio/`);
      expect(new Set(report.cases.map(({ meetings }) => meetings[0]!.bot_id)).size).toBe(4);
    });
  });

  it('sees that the app leaves when somebody mutes', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir, { LEAVES: 1 });
      const report = await check({ ...options, cases: ['mute.off_and_on'], connections: 'per-participant' });
      const [result] = report.cases;
      expect(result!.verdict).toBe('fail');
      expect(report.verdict).toContain('The app leaves the call right after a mute');
      expect(result!.lines.map(({ code }) => code)).toEqual(['leaves_after_mute', 'left_early']);
      expect(result!.meetings[0]!.marks).toContainEqual({
        kind: 'call',
        text: 'leave_call',
        at_s: expect.any(Number),
      });
    });
  });

  it('pings the connections of the bot, and plays by the clock what is played as fast as can be elsewhere', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir);
      const cases = ['load.pings', 'load.speed'];
      const report = await check({ ...options, cases, connections: 'per-participant' });
      expect(shown(report)).toMatchObject([
        {
          id: 'load.pings',
          verdict: 'pass',
          lines: [{ code: 'pongs', text: expect.stringMatching(/ of \d+ more than/) }],
        },
        {
          id: 'load.speed',
          verdict: 'pass',
          lines: [{ code: 'speed', text: 'the receiver takes one speaker at 2 times real time' }],
        },
      ]);
    });
  });

  it('takes a leave that was refused for none', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir, { LEAVES: 'unsigned' });
      const report = await check({ ...options, cases: ['mute.off_and_on'], connections: 'per-participant' });
      expect(shown(report)).toEqual([{ id: 'mute.off_and_on', verdict: 'pass', lines: [] }]);
      const { marks } = report.cases[0]!.meetings[0]!;
      expect(marks).toContainEqual(expect.objectContaining({ kind: 'call', text: 'leave_call: 401' }));
    });
  });

  it('says so when the bot is not made, or cannot be played', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir);
      await expect(check({ ...options, create: 'echo no bot today >&2; exit 7' })).rejects.toMatchObject({
        code: 'create_failed',
        message: 'The create command ended with code 7, for basic.one_speaker.',
        hint: 'It wrote: no bot today',
      });
    });
    await expect(check({ create: 'true', waitSeconds: 0.2 })).rejects.toMatchObject({
      code: 'no_bot_created',
    });
  });

  it('passes no case that a bot cannot play', async () => {
    const player = await startAppPlayer({
      create: 'true',
      secret: undefined,
      insecure: false,
      webhookUrls: undefined,
      mapTargets: undefined,
      waitMs: 200,
    });
    const signal = new AbortController().signal;
    const [[meeting]] = basicOneSpeaker.rounds(SETTING) as [[CaseMeeting]];
    const stepByStep = {
      ...basicOneSpeaker,
      rounds: () => [[{ ...meeting, script: (steps: Script) => steps }]],
    };
    const told: string[] = [];
    const [result] = await runCases({
      planned: [planCase(stepByStep, SETTING)],
      player,
      collector: new Collector({ kept: [], whole: [], process: undefined, waitMs: 0, signal }),
      process: undefined,
      restart: 'needed',
      seed: 1,
      signal,
      onResult: ({ headline }) => told.push(headline),
    });
    expect(told).toEqual(result!.unseen);
    expect(result).toMatchObject({ verdict: 'not_seen', meetings: [], lines: [] });
    expect(result!.unseen).toEqual([
      expect.stringMatching(/^not played: its messages are not those of a bot/),
    ]);
    await player.close();
  });

  it('says so when the bot asks for no audio', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir, { NO_AUDIO: 1 });
      await expect(check(options)).rejects.toMatchObject({ code: 'bot_without_audio' });
    });
  });

  it('ends early when it is told to', async () => {
    await withFolder(async (dir) => {
      const options = await appOptions(dir);
      const ending = new AbortController();
      const report = await check({
        ...options,
        signal: ending.signal,
        onSession: () => ending.abort(),
      });
      expect(report).toMatchObject({ ok: false, interrupted: true, cases: [] });
    });
    const ending = new AbortController();
    const hanging = `${process.execPath} -e 'setTimeout(() => {}, 600_000)'`;
    const report = check({
      create: hanging,
      signal: ending.signal,
      onStart: () => setTimeout(() => ending.abort(), 50),
    });
    expect(await report).toMatchObject({ interrupted: true, cases: [] });
  });

  it('wants a URL or a command that makes bots', async () => {
    await expect(check({})).rejects.toMatchObject({ code: 'no_url' });
    await expect(check({ create: 'true', setup: 'true' })).rejects.toMatchObject({
      code: 'setup_and_create',
    });
  });

  it('is a flag of the command line, which needs no URL then', async () => {
    await withFolder(async (dir) => {
      const { command, create, files } = await appOptions(dir);
      const flags = [
        '--files',
        files![0]!,
        '--cases',
        'basic.one_speaker',
        '--connections',
        'per-participant',
      ];
      // Nobody says where the app listens: the create command waits for it.
      const { code, stdout, stderr } = await runCli('check', '--create', create, ...flags, '--', ...command);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toContain('all 1 passed');
    });
  });
});
