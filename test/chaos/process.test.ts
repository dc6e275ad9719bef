/** What happens to the emulator's process: stopped and continued, out of descriptors, with a wall clock that jumps. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type PlayReport, playReportSchema } from '../../src/emulator/report.ts';
import { scenarioToYaml } from '../../src/scenario/stringify.ts';
import { codesOf, oneTalks, playAt } from '../support/chaos.ts';
import { startCli, startShell, withFolder } from '../support/cli.ts';
import { good, OPCODE, rawReceiver } from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

function reportOf(stdout: string): PlayReport {
  return playReportSchema.parse(JSON.parse(stdout));
}

const isPosix = process.platform !== 'win32';

describe.runIf(isPosix)('a process that is stopped and continued', () => {
  it.concurrent('sends all that fell due, in order, and is in time again', () =>
    withFolder(async (dir) => {
      await using raw = await rawReceiver(good);
      const file = join(dir, 'meeting.yaml');
      writeFileSync(file, scenarioToYaml(oneTalks(4)));
      const cli = startCli('play', file, '--to', raw.url, '--json');
      await until(() => (raw.peers[0]?.messages ?? 0) >= 5);
      cli.process.kill('SIGSTOP');
      const stoppedMs = performance.now();
      await until(() => performance.now() - stoppedMs > 1_200);
      const beforeMessages = raw.peers[0]!.messages;
      expect(beforeMessages).toBeLessThan(30);
      cli.process.kill('SIGCONT');
      const { code, stdout } = await cli.ended;
      const report = reportOf(stdout);
      expect(code).toBe(0);
      expect(report).toMatchObject({ ok: true, scheduled: 40, sent: 40 });
      expect(report.lateness_ms.max).toBeGreaterThan(500);
      const starts = raw.peers[0]!.frames.filter(({ opcode }) => opcode === OPCODE.text).map(
        ({ payload }) => JSON.parse(String(payload)).data.data.timestamp.relative as number,
      );
      expect(starts).toEqual(Array.from({ length: 40 }, (_, index) => index / 10));
    }));
});

describe.runIf(isPosix)('a process without file descriptors', () => {
  it.concurrent.each(['max', '20'])(
    'says that they are its own, and plays with those it has (speed %s)',
    (speed) =>
      withFolder(async (dir) => {
        await using raw = await rawReceiver(good);
        const file = join(dir, 'meeting.yaml');
        const people = Array.from({ length: 200 }, (_, index) => 100 + index);
        writeFileSync(
          file,
          [
            'duration: 4s',
            `participants: [${people.map((id) => `{ id: ${id}, name: P${id} }`).join(', ')}]`,
            'timeline:',
            ...people.map((id) => `  - { at: 0s, participant: ${id}, action: unmute }`),
          ].join('\n'),
        );
        // Node needs about 100 descriptors to load the modules.
        const { code, stdout } = await startShell(
          `ulimit -n 128; exec $CLI play ${file} --to ${raw.url} --speed ${speed} --json`,
        ).ended;
        const report = reportOf(stdout);
        expect(code).toBe(1);
        expect(report.scheduled).toBe(8_000);
        expect(report.scheduled).toBe(report.sent + report.dropped.total);
        expect(report.sent).toBeGreaterThan(1_000);
        expect(codesOf(report)).toEqual(['own_descriptors']);
        expect(report.verdict).toContain('this machine has no file descriptors left');
        expect(report.verdict).toContain('raise ulimit -n');
      }),
  );
});

describe('a wall clock that jumps', () => {
  afterEach(() => vi.useRealTimers());

  it('does not matter: time is monotonic', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await using raw = await rawReceiver(good);
    const jumpsMs = [3_600_000, -86_400_000, 0, 31_536_000_000];
    let seen = 0;
    const { report } = await playAt(raw.url, {
      scenario: oneTalks(4),
      speed: 10,
      connectGraceSeconds: 60,
      onSession: (session) =>
        session.events.on('change', () => vi.setSystemTime(jumpsMs[seen++ % jumpsMs.length]!)),
    });
    expect(seen).toBeGreaterThan(2);
    expect(report).toMatchObject({ ok: true, sent: 40 });
    // A jump of an hour would have made every frame an hour late.
    expect(report.lateness_ms.max).toBeLessThan(600_000);
  });

  it('is read only where the world wants a date: absolute timestamps and signatures', () => {
    for (const file of [
      'pacer',
      'clock',
      'stream',
      'frames',
      'connection',
      'wire',
      'dial',
      'endpoint',
      'ledger',
    ]) {
      expect(readFileSync(`src/emulator/${file}.ts`, 'utf8')).not.toMatch(/\bDate\b/);
    }
  });
});
