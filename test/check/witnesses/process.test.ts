/** The receiver's process as a witness: what it takes, and how it ends. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkReportSchema } from '../../../src/check/report.ts';
import { listens } from '../../../src/check/witnesses/listening.ts';
import { withFolder } from '../../support/cli.ts';
import { until } from '../../support/until.ts';
import { checked, freePort, RECEIVER } from './checked.ts';

const isLinux = process.platform === 'linux';

describe('the process of a receiver', () => {
  it('is measured while cases run', async () => {
    const report = await checked({}, { LEAK: 1 });
    expect(checkReportSchema.parse(report)).toEqual(report);
    const { samples } = report.cases[0]!.process!;
    expect(samples[0]).toMatchObject({ rounds_over: 0, cpu_percent: null });
    expect(samples.at(-1)!.rounds_over).toBe(1);
    // 30 messages, at each of which it keeps 4 MB.
    expect(samples.at(-1)!.rss_bytes - samples[0]!.rss_bytes).toBeGreaterThan(80_000_000);
    if (isLinux) expect(samples[0]!.descriptors).toBeGreaterThan(5);
  });

  it.runIf(isLinux)('is measured with what it has started', async () => {
    const port = await freePort();
    const started = `PORT=${port} ${process.execPath} ${RECEIVER}; true`;
    const report = await checked({ url: `ws://127.0.0.1:${port}/`, command: ['sh', '-c', started] });
    // A shell has 2 MB, Node 40.
    expect(report.cases[0]!.process!.samples[0]!.rss_bytes).toBeGreaterThan(20_000_000);
  });

  it('is started anew when it has died, and the case is told what it died of', async () => {
    const report = await checked({ connections: 'both' }, { CRASH_AFTER: 12 });
    expect(report.cases.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    expect(report.verdict).toContain('crashed (exit code 3)');
    for (const { lines, diagnoses, meetings } of report.cases) {
      expect(lines.map(({ text }) => text)).toContain(
        "the receiver's process ended with code 3: TypeError: the receiver gives up",
      );
      const [crash] = diagnoses;
      expect(crash!.code).toBe('crash');
      expect(crash!.evidence.join('\n')).toMatch(
        /last message on #1: audio_separate_raw\.data, text, \d{4} bytes/,
      );
      expect(crash!.evidence).toContain('its standard error: TypeError: the receiver gives up');
      const [mark] = meetings[0]!.marks.filter(({ kind }) => kind === 'process');
      expect(mark!.text).toBe("the receiver's process ended with code 3");
      expect(mark!.at_s).toBeGreaterThan(0.5);
    }
  });

  it('is told to have ended at a message that it cannot use, and at which', async () => {
    const report = await checked({ cases: ['robust.not_json', 'robust.binary'] });
    expect(report.cases.map(({ verdict }) => verdict)).toEqual(['warn', 'warn']);
    for (const { id, diagnoses } of report.cases) {
      expect(diagnoses.map(({ code }) => code)).toEqual(['unusable_messages', 'crash']);
      const crash = diagnoses[1]!;
      const kind = id === 'robust.binary' ? 'binary' : 'text';
      expect(crash.text).toMatch(/^The receiver crashed \(exit code 1\) at /);
      expect(crash.evidence.join('\n')).toMatch(new RegExp(`last message on #1: [^,]+, ${kind}, \\d+ bytes`));
    }
  });

  it('is told by what it threw, not by the lines around it', async () => {
    const report = await checked({}, { CRASH_AFTER: 12, THROWS: 1 });
    const [result] = report.cases;
    expect(result!.lines.map(({ text }) => text)).toContain(
      "the receiver's process ended with code 1: TypeError: nobody has this name",
    );
    expect(result!.diagnoses[0]!.evidence.slice(-2)).toEqual([
      'its standard error: TypeError: nobody has',
      'its standard error: this name',
    ]);
  });

  it.skipIf(process.platform === 'win32')('is started anew when only its wrapper has died', async () => {
    const port = await freePort();
    const started = `KILLS_PARENT=1 PORT=${port} ${process.execPath} ${RECEIVER}; true`;
    const report = await checked({
      url: `ws://127.0.0.1:${port}/`,
      command: ['sh', '-c', started],
      connections: 'both',
    });
    expect(report.cases.map(({ lines }) => lines.map(({ text }) => text))).toEqual([
      ["the receiver's process ended by SIGKILL"],
      ["the receiver's process ended by SIGKILL"],
    ]);
  });

  it('is started once when it is never to be started anew', async () => {
    const report = await checked({ connections: 'both', restart: 'never' }, { CRASH_AFTER: 12 });
    expect(report.cases[1]!.diagnoses.map(({ code }) => code)).not.toContain('crash');
    expect(report.cases[1]!.meetings[0]!.frames!.sent).toBe(0);
  });

  it('does not outlive a check that comes to a sudden end', async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}/`;
    // The library in a process that throws in the middle of a case.
    const script = `
      import { check } from ${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)};
      await check({ url: ${JSON.stringify(url)}, command: [process.execPath, ${JSON.stringify(RECEIVER)}], onSession: () => process.exit(9) });`;
    const code = await new Promise((resolve) =>
      execFile(
        process.execPath,
        ['--input-type=module', '-e', script],
        { env: { ...process.env, PORT: String(port) } },
        (error) => resolve(error?.code),
      ),
    );
    expect(code).toBe(9);
    await until(async () => !(await listens(url)), 'the receiver is gone');
  });

  it('that ends before it listens, or is no program, is told in a sentence', async () => {
    await expect(checked({ command: ['/no/such/program'] })).rejects.toThrow(
      '/no/such/program cannot be started',
    );
    await expect(
      checked({ command: [process.execPath, '-e', 'console.error("no port"); process.exit(4)'] }),
    ).rejects.toMatchObject({
      code: 'receiver_ended',
      hint: expect.stringContaining('It wrote: no port'),
    });
    await withFolder(async (dir) => {
      const quiet: [string, ...string[]] = [
        process.execPath,
        '-e',
        'setTimeout(() => {}, 60_000)',
        join(dir, 'x'),
      ];
      await expect(checked({ command: quiet, waitSeconds: 0.3 })).rejects.toMatchObject({
        code: 'receiver_not_listening',
      });
    });
  });
});
