/** What a user may name by mistake or by malice instead of a file: nothing of it hangs, and each is told what it is. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAudioFile } from '../../src/audio/file.ts';
import { EmulatorError } from '../../src/errors.ts';
import { makeOutputFolder, readLines, readTextFile } from '../../src/files.ts';
import { loadCapture } from '../../src/scenario/capture.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { validateFile } from '../../src/scenario/validate.ts';
import { runCli, withFolder } from '../support/cli.ts';
import { frame } from '../support/frame.ts';

const readers: readonly [string, string, (path: string) => Promise<unknown>][] = [
  ['a scenario', '.yaml', loadScenario],
  ['a capture', '.ndjson', loadCapture],
  ['audio', '.wav', openAudioFile],
  ['raw audio', '.raw', openAudioFile],
  ['a file to validate', '.json', validateFile],
  ['a capture to validate', '.jsonl', validateFile],
];

const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(EmulatorError);
  return (error as EmulatorError).message;
};

describe.skipIf(process.platform !== 'linux')('a path that is no regular file', () => {
  it.each(readers)(
    'as %s: pipes, folders, sockets, devices and files of the kernel are refused',
    (_, extension, open) =>
      withFolder(async (dir) => {
        const pipe = join(dir, `pipe${extension}`);
        expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
        expect(await messageOf(open(pipe))).toContain('is a pipe, not a regular file');
        const folder = join(dir, `folder${extension}`);
        mkdirSync(folder);
        expect(await messageOf(open(folder))).toContain('is a folder, not a regular file');
        const socket = join(dir, `socket${extension}`);
        const server = createServer().listen(socket);
        await new Promise((resolve) => server.once('listening', resolve));
        expect(await messageOf(open(socket))).toContain('is a socket, not a regular file');
        server.close();
        for (const [name, target, kind] of [
          ['device', '/dev/zero', 'a device'],
          ['kernel', '/proc/self/environ', 'a file of the kernel'],
          ['setting', '/sys/kernel/mm/transparent_hugepage/enabled', 'a file of the kernel'],
        ]) {
          const link = join(dir, `${name}${extension}`);
          spawnSync('ln', ['-s', target!, link]);
          expect(await messageOf(open(link))).toContain(`is ${kind}, not a regular file`);
        }
      }),
  );

  it('as a folder for output: neither the kernel nor a device takes it', async () => {
    for (const path of ['/proc/self/out', '/sys/out'])
      expect(() => makeOutputFolder(path)).toThrow(expect.objectContaining({ code: 'not_a_folder' }));
    expect(() => makeOutputFolder('/dev/null')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => makeOutputFolder('/dev/null/out')).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });

  it('is wrong usage on the command line', async () => {
    const results = await Promise.all([
      runCli('validate', '/dev/zero'),
      runCli('play', '/proc/self/maps'),
      runCli('record', '--port', '0', '--out', '/proc/self/out'),
    ]);
    for (const { code, stderr } of results) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: \/(dev|proc)\/\S+ is .*\n$/);
    }
  });
});

describe('a file that is too much', () => {
  it('is refused by what it has, whatever it claims', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'sparse.yaml');
      writeFileSync(path, '');
      truncateSync(path, 70 * 1024 * 1024);
      expect(await messageOf(loadScenario(path))).toContain('too large');
      await expect(readTextFile(path, 1_000)).rejects.toThrow(
        expect.objectContaining({ code: 'file_too_large' }),
      );
    }));

  it('has its long line told, and the lines behind it read', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'lines');
      writeFileSync(path, `a\n${'x'.repeat(300_000)}\n\nb\r\nc`);
      const lines = [];
      for await (const each of readLines(path, 1_000)) lines.push(each);
      expect(lines).toEqual([
        { line: 1, text: 'a' },
        { line: 2, text: undefined },
        { line: 3, text: '' },
        { line: 4, text: 'b\r' },
        { line: 5, text: 'c' },
      ]);
    }));
});

describe('a capture', () => {
  it('keeps names with line separators whole: only a line feed ends a line', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'events.ndjson');
      writeFileSync(path, `${frame({ relative: 0 }).replace('Ada', 'A\u2028d\u2029a')}\n`);
      expect((await loadCapture(path)).participants[0]!.name).toBe('A\u2028d\u2029a');
    }));

  it('with messages nested too deep has a problem in each, and no more', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'events.ndjson');
      const deep = frame({ relative: 0 }).replace(
        '"extra_data":{}',
        `"extra_data":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`,
      );
      writeFileSync(path, `${frame({ relative: 0 })}\n${deep}\n`);
      const { problems } = await validateFile(path);
      expect(problems).toMatchObject([{ code: 'too_deep', location: { line: 2 } }]);
    }));
});

describe('a capture of what cannot be', () => {
  it.each(['86401', '1e15', '1e308'])(
    'a timestamp of %s s is a problem of its line, to play and to validate',
    (relative) =>
      withFolder(async (dir) => {
        const path = join(dir, 'events.ndjson');
        const far = frame({ relative: 0 }).replace(/"relative":\s*0/, `"relative":${relative}`);
        writeFileSync(path, `${frame({ relative: 0 })}\n${far}\n`);
        const problem = { code: 'timestamp_too_large', location: { line: 2 } };
        expect((await validateFile(path)).problems).toMatchObject([problem]);
        await expect(loadCapture(path)).rejects.toMatchObject({ problems: [problem] });
      }),
  );
});

describe('a file that is something else', () => {
  const cases: readonly [string, string | Buffer, string][] = [
    ['events.ndjson', frame({ relative: 0 }), 'play --capture'],
    ['messages.json', `${frame({ relative: 0 })}\n`.repeat(20_000), 'play --capture'],
    ['music.wav', 'RIFF', 'action: speak'],
    ['music.bin', Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(100_000)]), 'action: speak'],
    ['data.yaml', Buffer.alloc(100_000), 'not text'],
  ];

  it.each(cases)('as a scenario: %s is recognised, and told in one line', (name, content, told) =>
    withFolder(async (dir) => {
      const path = join(dir, name);
      writeFileSync(path, content);
      const { code, stderr } = await runCli('play', path);
      expect(code).toBe(2);
      expect(stderr).toContain(told);
      expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    }),
  );

  it('as a capture is recognised, too', async () => {
    const { code, stderr } = await runCli('play', '--capture', 'fixtures/standup.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('played without --capture');
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it('has ten of its problems shown, cleaned, and the number of the rest', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'm\u001b[2J.yaml');
      writeFileSync(
        path,
        `participants: [{ id: 1 }]\ntimeline:\n${'  - { at: 1, participant: 1, action: "\\e[31mx" }\n'.repeat(500)}`,
      );
      const { code, stderr } = await runCli('play', path);
      expect(code).toBe(2);
      expect(stderr).not.toContain('\u001b');
      const lines = stderr.trimEnd().split('\n');
      expect([lines.length, lines[0], lines.at(-1)]).toEqual([12, 'error: 500 problems', '… 490 more']);
    }));
});
