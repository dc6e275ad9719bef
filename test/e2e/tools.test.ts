import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli, withFolder } from '../support/cli.ts';

const STANDUP = 'fixtures/standup.yaml';

/** Every file below a folder with the hash of its bytes. */
function contentOf(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(dir.length), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

interface AudioLine {
  readonly participant: number;
  readonly relative: number;
  readonly sha256: string;
}

/** The audio of a capture: who, when, what. Sorted, as sockets side by side may be read in any order. */
function audioOf(capture: string): AudioLine[] {
  return readFileSync(capture, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).data.data)
    .map(({ buffer, timestamp, participant }) => ({
      participant: participant.id,
      relative: timestamp.relative,
      sha256: createHash('sha256').update(buffer).digest('hex'),
    }))
    .sort((a, b) => a.relative - b.relative || a.participant - b.participant);
}

function recordingIn(dir: string): string {
  return join(dir, readdirSync(dir).find((name) => name.startsWith('recording-'))!);
}

describe('record', () => {
  it('records what is played at it, and its capture plays again with the same audio and times', () =>
    withFolder(async (dir) => {
      const first = join(dir, 'first');
      const recorder = startCli('record', '--port', '0', '--out', first, '--json');
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      const played = await runCli('play', STANDUP, '--speed', 'max', '--to', url, '--json');
      expect(played.code).toBe(0);
      recorder.process.kill('SIGINT');
      const recorded = await recorder.ended;
      expect(recorded.code).toBe(0);
      expect(JSON.parse(recorded.stdout)).toMatchObject({
        ok: true,
        messages: 416,
        invalid: 0,
        connections_total: 7,
      });

      const capture = join(recordingIn(first), 'events.ndjson');
      const validated = await runCli('validate', capture);
      expect(validated.code).toBe(0);
      expect(validated.stdout).toContain('✔');

      const second = join(dir, 'second');
      const replayed = await runCli(
        'play',
        '--capture',
        capture,
        '--speed',
        'max',
        '--out',
        second,
        '--json',
      );
      expect(replayed.code).toBe(0);
      expect(JSON.parse(replayed.stdout)).toMatchObject({ ok: true, sent: 416 });
      expect(audioOf(join(recordingIn(second), 'events.ndjson'))).toEqual(audioOf(capture));
    }));

  it('says that the port is taken', async () => {
    const first = startCli('record', '--port', '0', '--out', '/tmp/recall-emulator-unused');
    const url = await first.printed(/ws:\/\/127\.0\.0\.1:\d+/);
    const { code, stderr } = await runCli(
      'record',
      '--port',
      new URL(url).port,
      '--out',
      '/tmp/recall-emulator-unused',
    );
    first.process.kill('SIGINT');
    await first.ended;
    expect(code).toBe(2);
    expect(stderr).toContain('--port');
  });
});

describe('generate', () => {
  it('gives the same bytes for the same seed, other bytes for another, and a meeting that plays', () =>
    withFolder(async (dir) => {
      const make = (name: string, seed: string) =>
        runCli(
          'generate',
          '--participants',
          '3',
          '--duration',
          '20s',
          '--seed',
          seed,
          '--out',
          join(dir, name),
        );
      const results = await Promise.all([make('a', '7'), make('b', '7'), make('c', '8')]);
      expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
      const [a, b, c] = ['a', 'b', 'c'].map((name) => contentOf(join(dir, name)));
      expect(a).toEqual(b);
      expect(a).not.toEqual(c);
      expect([...a!.keys()]).toEqual(expect.arrayContaining(['/truth.rttm', '/truth.json']));

      const scenario = readdirSync(join(dir, 'a')).find((name) => name.endsWith('.yaml'))!;
      const played = await runCli(
        'play',
        join(dir, 'a', scenario),
        '--speed',
        'max',
        '--out',
        join(dir, 'out'),
      );
      expect(played.code).toBe(0);
      expect(played.stdout).toContain('received audio equals sent audio');
    }));
});

describe('validate', () => {
  it('accepts the fixtures', async () => {
    const { code, stdout } = await runCli(
      'validate',
      STANDUP,
      'fixtures/two-minutes.yaml',
      'fixtures/rapid-toggle.yaml',
    );
    expect(code).toBe(0);
    expect(stdout.match(/✔/g)).toHaveLength(3);
  });

  it('tells where a scenario and a capture are wrong, and exits with 2 as play does', () =>
    withFolder(async (dir) => {
      const scenario = join(dir, 'bad.yaml');
      const capture = join(dir, 'bad.ndjson');
      writeFileSync(
        scenario,
        'participants: [{ id: 1, name: A }]\ntimeline: [{ at: -1, participant: 1, action: unmute }]\n',
      );
      writeFileSync(capture, '{"event":"audio_separate_raw.data","data":{}}\nnot json\n');
      const { code, stdout } = await runCli('validate', scenario, capture, '--json');
      expect(code).toBe(2);
      expect((await runCli('play', scenario)).code).toBe(2);
      const { ok, files } = JSON.parse(stdout);
      expect(ok).toBe(false);
      expect(files[0].problems[0].location).toMatchObject({ file: scenario, line: 2 });
      expect(files[1].problems.at(-1).location).toMatchObject({ file: capture, line: 2 });
    }));
});
