import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadReportSchema } from '../../src/load/report.ts';
import { runCli, startCli, withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';

const SHORT = ['--bots', '1', '--participants', '1', '--duration', '1', '--thresholds', 'dropped=0'];

describe('recall-emulator load', () => {
  it('fits 80 columns, and names what went wrong with its reason', () =>
    withReceiver(
      Array.from({ length: 8 }, () => ({ kind: 'status', status: 403 }) as const),
      async ({ url }) => {
        const { code, stdout } = await runCli(
          ...['load', url, '--bots', '2', '--participants', '2', '--duration', '1', '--retry-attempts', '0'],
        );
        expect(code).toBe(1);
        const lines = stdout.trimEnd().split('\n');
        const isVerdict = (line: string): boolean => /^[✔✘]/.test(line);
        for (const line of lines.filter((each) => !isVerdict(each)))
          expect(line.length).toBeLessThanOrEqual(80);
        expect(stdout).toMatch(
          /^\d connections?, \d+ frames lost: receiver answered the upgrade with HTTP 403/m,
        );
        expect(lines.find(isVerdict)).toMatch(
          /^✘ 0 of \d+ frames of 4 streams delivered: 2 of 2 bots failed \(.*HTTP 403/,
        );
        expect(stdout).toContain('likely cause: The receiver refuses an upgrade');
        expect(stdout).not.toContain('keep up');
      },
    ));

  it('prints one object when it is interrupted, and progress on stderr only', () =>
    withReceiver([], async ({ url }) => {
      const cli = startCli('load', url, '--bots', '2', '--duration', '10m', '--ramp', '0', '--json');
      await cli.printed(/ 1 s {2}\d+ open/);
      cli.process.kill('SIGINT');
      const { stdout } = await cli.ended;
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      const report = loadReportSchema.parse(JSON.parse(stdout));
      expect(report.interrupted).toBe(true);
      expect(report.sent + report.dropped.total).toBe(report.scheduled);
    }));

  it('prints the summary when it is interrupted', () =>
    withReceiver([], async ({ url }) => {
      const cli = startCli('load', url, '--bots', '2', '--duration', '10m', '--ramp', '0');
      await cli.printed(/ 1 s {2}\d+ open/);
      cli.process.kill('SIGTERM');
      expect((await cli.ended).stdout).toMatch(
        // A machine that is busy with other tests may be late, which is told in the same line.
        /Interrupted: \d+ of \d+ frames of 8 streams delivered\.( This machine .*)?\n$/,
      );
    }));

  it.runIf(existsSync('/dev/full'))('prints the summary when its report cannot be written', () =>
    withReceiver([], async ({ url }) => {
      const full = await runCli('load', url, ...SHORT, '--html', '/dev/full');
      expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/error: .*\/dev\/full .*full/)]);
      expect(full.stdout).toContain('✔ 10 of 10 frames');
      const refused = await runCli('load', url, ...SHORT, '--html', '/nowhere/x.html', '--json', '-q');
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('/nowhere/x.html')]);
      expect(loadReportSchema.parse(JSON.parse(refused.stdout)).ok).toBe(true);
    }),
  );

  it('writes its report without what is secret in the URL', () =>
    withFolder((dir) =>
      withReceiver([], async ({ url }) => {
        const file = join(dir, 'load.html');
        const { code, stderr } = await runCli('load', `${url}/a?token=5ecret`, ...SHORT, '--html', file);
        expect(code).toBe(0);
        expect(stderr).toMatch(/^warning: Recall answers HTTP 400/);
        expect(readFileSync(file, 'utf8').includes('5ecret')).toBe(false);
        const quiet = await runCli('load', `${url}/a?token=5ecret`, ...SHORT, '-q');
        expect([quiet.code, quiet.stderr]).toEqual([0, '']);
      }),
    ));

  it('says that the port for metrics is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = String((server.address() as AddressInfo).port);
    const { code, stdout, stderr } = await runCli('load', 'ws://127.0.0.1:1', '--metrics-port', port);
    server.close();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: Metrics cannot be served on port \d+ .* --metrics-port/);
  });

  it('finds out before it starts what is wrong with a scenario and its audio', () =>
    withFolder(async (dir) => {
      const file = join(dir, 'meeting.yaml');
      writeFileSync(
        file,
        'participants: [{ id: 1, name: A }]\ntimeline:\n  - { at: 0s, participant: 1, action: unmute }\n  - { at: 1s, participant: 1, action: speak, audio: gone.wav }\n',
      );
      const { code, stderr } = await runCli('load', 'ws://127.0.0.1:1', '--scenario', file, '--workers', '2');
      expect(code).toBe(2);
      expect(stderr).toContain(`${file}:4:`);
      expect(stderr).toContain('gone.wav');
      expect(stderr).not.toContain('defect');
    }));

  it.concurrent.each([
    ['a fragment', ['ws://127.0.0.1:1/#x']],
    ['a URL that is none', ['127.0.0.1:1']],
    [
      'a search that ends before it begins',
      ['ws://127.0.0.1:1', '--find-limit', '--bots', '8', '--max-bots', '4'],
    ],
    ['a user name that cannot be decoded', ['ws://u%ff@127.0.0.1:1']],
  ])('exits with 2 for %s', async (_what, args) => {
    const { code, stdout, stderr } = await runCli('load', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .+\n$/);
  });
});
