/** `recall-emulator check` as a user runs it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkReportSchema } from '../../src/check/report.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';

const FILES = 'recording-{recording_id}/participant-{id}.wav';
/** The shortest there is. */
const ONE = ['--cases', 'basic.one_speaker', '--connections', 'per-endpoint'];

/** With a receiver that keeps all it gets in a folder. */
async function withReceiver<T>(use: (url: string, dir: string) => Promise<T>): Promise<T> {
  return withFolder(async (dir) => {
    const receiver = await startReceiver({ dir });
    try {
      return await use(receiver.url, dir);
    } finally {
      await receiver.close();
    }
  });
}

describe('check', () => {
  it('lists what it would play, for people and as JSON', async () => {
    const args = ['check', 'ws://127.0.0.1:1/', '--list', '--cases', 'basic.one_speaker,names.equal'];
    const [list, json] = await Promise.all([runCli(...args), runCli(...args, '--json')]);
    expect(list.stdout.split('\n')[0]).toMatch(/^basic.one_speaker {2}per-participant {2}one person speaks$/);
    expect(list.stderr).toMatch(/^4 cases, about \d+ s/);
    expect(JSON.parse(json.stdout)).toHaveLength(4);
    expect([list.code, json.code]).toEqual([0, 0]);
  });

  it('passes a receiver that is right', async () => {
    await withReceiver(async (url, dir) => {
      const { code, stdout, stderr } = await runCli('check', url, ...ONE, '--files', join(dir, FILES));
      expect(stdout).toMatch(/^✔ all 1 passed\n/);
      expect(stdout).toMatch(/The same again: --seed\s+\d+\n$/);
      expect(stderr).toMatch(/1 case, about \d+ s\n✔ basic.one_speaker +per-endpoint +\d+\.\d s\n/);
      expect(code).toBe(0);
    });
  });

  it('says what it did not see and which flag would, and where it would not run', async () => {
    await withReceiver(async (url) => {
      const { code, stdout } = await runCli('check', url, ...ONE);
      expect(stdout).toMatch(/not seen in basic.one_speaker: what the receiver kept: give --files/);
      expect(stdout).not.toContain('`');
      expect(code).toBe(0);
    });
    const { code, stderr } = await runCli('check', 'ws://127.0.0.1:1/', '--watch', '--', 'true');
    expect(stderr).toMatch(/^error: --watch is for a receiver that somebody else starts anew/);
    expect(code).toBe(2);
  });

  it('writes reports, and to GitHub by itself', async () => {
    await withReceiver(async (url, dir) => {
      const of = (name: string): string => join(dir, name);
      writeFileSync(of('known.yaml'), '- { case: basic.*, connections: per-participant, reason: later }\n');
      writeFileSync(of('summary.md'), 'before\n');
      // Nothing is kept where it looks.
      const { ended } = startShell(
        `$CLI check ${url} --cases basic.one_speaker --files '${of('nowhere/{id}.wav')}' --files-wait 0 --json --known ${of('known.yaml')} --junit ${of('a.xml')} --markdown ${of('a.md')}`,
        { env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: of('summary.md') } },
      );
      const { code, stdout, stderr } = await ended;
      const report = checkReportSchema.parse(JSON.parse(stdout));
      expect(report.cases.map(({ verdict, known }) => [verdict, known])).toEqual([
        ['fail', true],
        ['fail', false],
      ]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^::error title=check%3A basic.one_speaker::/m);
      expect(readFileSync(of('a.xml'), 'utf8')).toContain('tests="2" failures="1" errors="0" skipped="1"');
      const markdown = readFileSync(of('a.md'), 'utf8');
      expect(markdown).toMatch(/^## ❌ 1 of 2 failed/);
      expect(readFileSync(of('summary.md'), 'utf8')).toBe(`before\n${markdown}\n`);
    });
  });

  it('fails when a report cannot be written, and tells what it found all the same', async () => {
    await withReceiver(async (url) => {
      const { code, stdout, stderr } = await runCli('check', url, ...ONE, '--junit', '/nowhere/a.xml');
      expect(stderr).toMatch(/error: \/nowhere\/a.xml cannot be written: it does not exist/);
      expect(stdout).toMatch(/nothing failed/);
      expect(code).toBe(1);
    });
  });

  it('ends at Ctrl-C with what it has', async () => {
    await withReceiver(async (url) => {
      const cli = startCli('check', url, '--quick');
      await cli.printed(/basic.one_speaker +per-participant/);
      cli.process.kill('SIGINT');
      const { code, stdout } = await cli.ended;
      expect(stdout).toMatch(/interrupted after \d+ of \d+: /);
      expect(stdout).toMatch(/The same again/);
      expect(code).toBe(1);
    });
  });

  it('checks again when the receiver has been started anew, until Ctrl-C', async () => {
    await withFolder(async (dir) => {
      const first = await startReceiver({ dir });
      const { port } = new URL(first.url);
      const cli = startCli('check', first.url, ...ONE, '--files', join(dir, FILES), '--watch');
      await cli.printed(/waiting until/);
      await first.close();
      await cli.printed(/receiver is gone/);
      const second = await startReceiver({ dir, port: Number(port) });
      await cli.printed(/gone\n(.*\n)*waiting until/);
      cli.process.kill('SIGINT');
      const { code, stdout } = await cli.ended;
      expect(stdout.match(/✔ all 1 passed/g)).toHaveLength(2);
      expect(code).toBe(0);
      await second.close();
    });
  });
});
