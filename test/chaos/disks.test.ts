/** What is kept survives: disks that fill up or refuse, processes that are killed, runs that come again. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeWav } from '../../src/audio/wav.ts';
import { play } from '../../src/play.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';
import { canMount, withDisk } from '../support/disk.ts';
import { frame, RECORDING } from '../support/frame.ts';
import { until } from '../support/until.ts';

const SECOND = Array.from({ length: 1_600 }, (_, index) => index);

/** Sends messages on one connection, and waits until they have been answered for by the close frame. */
async function send(url: string, messages: Iterable<string>): Promise<number> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  for (const message of messages) socket.send(message);
  socket.close(1000);
  const [code] = await once(socket, 'close');
  return code;
}

/** `recording` and `count` frames of 100 ms of a participant. */
function* frames(count: number, recording = RECORDING, participant = 100): Generator<string> {
  for (let index = 0; index < count; index++)
    yield frame({ relative: index / 10, samples: SECOND, recording, participant });
}

const twoPeople = meeting({ duration: 3 })
  .participant({ id: 100 }, (ada) => ada.unmute(0).speak(0, { duration: 2 }))
  .participant({ id: 200 }, (bo) => bo.unmute(1).speak(1, { duration: 1 }))
  .build();
const onePerson = meeting({ duration: 2 })
  .participant({ id: 100 }, (ada) => ada.unmute(0).speak(0, { duration: 1 }))
  .participant({ id: 200 })
  .build();

describe('a recording that is there already', () => {
  it('is not overwritten: after a restart in mid-call it goes on in a new folder', () =>
    withFolder(async (dir) => {
      const first = await startReceiver({ dir });
      await send(first.url, frames(10));
      await first.close();
      const folder = join(dir, `recording-${RECORDING}`);
      const contents = (): Buffer[] => readdirSync(folder).map((name) => readFileSync(join(folder, name)));
      const before = contents();

      for (const number of [2, 3]) {
        const again = await startReceiver({ dir });
        await send(again.url, frames(number));
        await again.close();
        const [recording] = again.stats().recordings;
        expect(recording!.dir).toBe(`${folder}-${number}`);
        const wav = readFileSync(join(recording!.dir!, 'participant-100.wav'));
        expect(await decodeWav(wav)).toHaveLength(number * 1_600);
      }
      expect(contents()).toEqual(before);
    }));

  it('does not mix with what play records of another meeting with the same id', () =>
    withFolder(async (dir) => {
      const options = { out: dir, speed: 'max', seed: 1 } as const;
      const first = await play({ ...options, scenario: twoPeople });
      const folder = join(dir, `recording-${first.recording_id}`);
      expect(existsSync(join(folder, 'participant-200.wav'))).toBe(true);
      writeFileSync(join(folder, 'notes.txt'), 'mine');

      const second = await play({ ...options, scenario: onePerson });
      expect(second.recording_id).toBe(first.recording_id);
      expect(second.verdict).toContain('received audio equals sent audio');
      expect(second.participants.map(({ received }) => received?.file ?? null)).toEqual([
        join(folder, 'participant-100.wav'),
        null,
      ]);
      // What was ours is gone, what was not is there.
      expect(readdirSync(folder).sort()).toEqual([
        'connections.ndjson',
        'events.ndjson',
        'notes.txt',
        'participant-100.wav',
      ]);
    }));

  it('stays when it is not known to be ours, and while another run writes it', () =>
    withFolder(async (dir) => {
      const { recording_id } = await play({ scenario: onePerson, speed: 'max', seed: 1 });
      const foreign = join(dir, `recording-${recording_id}`);
      mkdirSync(foreign);
      writeFileSync(join(foreign, 'participant-100.wav'), 'precious');
      const [a, b] = await Promise.all(
        [1, 2].map(() => play({ scenario: onePerson, speed: 'max', seed: 1, out: dir })),
      );
      const places = [a, b].map((report) => report!.participants[0]!.received!.file);
      expect(places.sort()).toEqual(
        [2, 3].map((number) => join(`${foreign}-${number}`, 'participant-100.wav')),
      );
      expect([a!.ok, b!.ok]).toEqual([true, true]);
      expect(readFileSync(join(foreign, 'participant-100.wav'), 'utf8')).toBe('precious');
    }));
});

describe('a folder of ours', () => {
  it('is left alone when somebody put a file there under a name that we give', () =>
    withFolder(async (dir) => {
      const options = { scenario: onePerson, out: dir, speed: 'max', seed: 1 } as const;
      const { recording_id } = await play(options);
      const folder = join(dir, `recording-${recording_id}`);
      const theirs = join(folder, 'participant-200.wav');
      writeFileSync(theirs, 'precious');
      const report = await play(options);
      expect(report.participants[0]!.received!.file).toBe(join(`${folder}-2`, 'participant-100.wav'));
      expect(readFileSync(theirs, 'utf8')).toBe('precious');
      expect(existsSync(join(folder, 'participant-100.wav'))).toBe(true);
    }));
});

describe('record', () => {
  it('has everything on disk soon, also when it is killed', () =>
    withFolder(async (dir) => {
      const recorder = startCli('record', '--port', '0', '--out', dir);
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      const socket = new WebSocket(url);
      await once(socket, 'open');
      for (const message of frames(20)) socket.send(message);
      const wav = join(dir, `recording-${RECORDING}`, 'participant-100.wav');
      // The connection stays open and nothing more comes: only a flush can bring this to disk.
      await until(() => existsSync(wav) && readFileSync(wav).length === 44 + 20 * 3_200);
      recorder.process.kill('SIGKILL');
      await recorder.ended;
      expect(await decodeWav(readFileSync(wav))).toHaveLength(20 * 1_600);
      const capture = readFileSync(join(dir, `recording-${RECORDING}`, 'events.ndjson'), 'utf8');
      expect(
        capture
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toHaveLength(20);
      socket.terminate();
    }));

  it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('ends in order at %s', (signal) =>
    withFolder(async (dir) => {
      const recorder = startCli('record', '--port', '0', '--out', dir, '--json', '--quiet');
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      await send(url, frames(3));
      recorder.process.kill(signal);
      const { code, stdout, stderr } = await recorder.ended;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        ok: true,
        connections_total: 1,
        failed_recordings: 0,
        recordings: [{ dir: join(dir, `recording-${RECORDING}`), frame_ms: [{ ms: 100, count: 3 }] }],
      });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }),
  );

  it('tells its folders, frame lengths and gaps at the end, and what happens meanwhile', () =>
    withFolder(async (dir) => {
      const recorder = startCli('record', '--port', '0', '--out', dir);
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      await send(`${url}/?token=hunter2`, frames(3));
      await recorder.printed(/has no connection left/);
      recorder.process.kill('SIGTERM');
      const { stdout, stderr } = await recorder.ended;
      expect(stdout).toContain(`recording ${RECORDING} in ${join(dir, `recording-${RECORDING}`)}`);
      expect(stdout).toContain('frame length: 100 ms × 3');
      expect(stdout).toContain('between frames: 0 ms × 2');
      expect(stderr).toMatch(/connection 1 opened: .*\n.*began.*\nconnection 1 closed \(1000\)/);
      expect(stdout + stderr).not.toContain('hunter2');
    }));

  it('takes 300 recordings with 256 descriptors, and every file of them is whole', () =>
    withFolder(async (dir) => {
      const out = join(dir, 'out');
      const recorder = startShell(`ulimit -n 256; exec $CLI record --port 0 --out ${out} --json`);
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      const messages = function* (): Generator<string> {
        for (let round = 0; round < 2; round++) {
          for (let number = 0; number < 300; number++)
            yield frame({ relative: round / 10, samples: SECOND, recording: `r${number}` });
        }
      };
      expect(await send(url, messages())).toBe(1000);
      recorder.process.kill('SIGTERM');
      const { code, stdout } = await recorder.ended;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, messages: 600, failed_recordings: 0 });
      for (let number = 0; number < 300; number++) {
        const wav = readFileSync(join(out, `recording-r${number}`, 'participant-100.wav'));
        expect(await decodeWav(wav)).toHaveLength(3_200);
      }
    }));

  it('says that a folder vanished, lives, and goes on with the next recording', () =>
    withFolder(async (dir) => {
      const out = join(dir, 'out');
      const receiver = await startReceiver({ dir: out });
      await send(receiver.url, frames(2));
      rmSync(out, { recursive: true });
      await send(receiver.url, frames(2, RECORDING, 200));
      expect(receiver.problems.map(({ code }) => code)).toEqual(['recording_not_written']);
      expect(receiver.problems[0]!.message).toContain('ENOENT');
      mkdirSync(out);
      await send(receiver.url, frames(2, 'another'));
      await receiver.close();
      expect(receiver.stats()).toMatchObject({ messages: 6, invalid: 0, failedRecordings: 1 });
      const wav = readFileSync(join(out, 'recording-another', 'participant-100.wav'));
      expect(await decodeWav(wav)).toHaveLength(3_200);
    }));
});

describe.skipIf(!canMount)('a disk that is full', () => {
  it('ends the recording, not record: what came before is whole, and the reason is told', () =>
    withDisk('size=300k', async (disk) => {
      const out = join(disk, 'out');
      const recorder = startCli('record', '--port', '0', '--out', out);
      const url = await recorder.printed(/ws:\/\/127\.0\.0\.1:\d+/);
      expect(await send(url, frames(200))).toBe(1000);
      await recorder.printed(/problem: .*disk is full \(ENOSPC\)/);
      // Still there, and counting.
      expect(await send(url, frames(5))).toBe(1000);
      recorder.process.kill('SIGTERM');
      const { code, stdout } = await recorder.ended;
      expect(code).toBe(1);
      expect(stdout).toContain('205 messages');
      expect(stdout).toMatch(/ended early: .*the disk is full \(ENOSPC\)/);
      const folder = join(out, `recording-${RECORDING}`);
      for (const line of readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n'))
        if (line !== '') JSON.parse(line);
      const wav = readFileSync(join(folder, 'participant-100.wav'));
      // Whatever the header claims is there.
      expect(wav.readUInt32LE(40)).toBeLessThanOrEqual(wav.length - 44);
    }));

  it('fails play with its summary and the reason', () =>
    withDisk('size=200k', async (disk) => {
      const { code, stdout } = await runCli('play', '--speed', 'max', '--out', join(disk, 'out'));
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /416 of 416 frames delivered: what arrived could not be kept .*the disk is full \(ENOSPC\)/,
      );
      expect(stdout).not.toContain('differs');
    }));

  it('fails generate with the reason', () =>
    withDisk('size=200k', async (disk) => {
      const { code, stdout, stderr } = await runCli('generate', '--out', join(disk, 'meeting'));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: .*meeting cannot be written: the disk is full \(ENOSPC\)\. Make room/m);
    }));

  it('fails the conversion of long audio with the folder that is full', () =>
    withDisk('size=1m', (disk) =>
      withFolder(async (dir) => {
        const bytes = 44 + 8_000 * 2 * 60 * 10;
        const wav = Buffer.alloc(bytes);
        wav.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
        wav.writeUInt32LE(16, 16);
        wav.writeUInt16LE(1, 20);
        wav.writeUInt16LE(1, 22);
        wav.writeUInt32LE(8_000, 24);
        wav.writeUInt16LE(2, 32);
        wav.writeUInt16LE(16, 34);
        wav.write('data', 36);
        wav.writeUInt32LE(bytes - 44, 40);
        writeFileSync(join(dir, 'long.wav'), wav);
        writeFileSync(
          join(dir, 'm.yaml'),
          'participants: [{ id: 1 }]\ntimeline:\n  - { at: 0, participant: 1, action: unmute }\n  - { at: 0, participant: 1, action: speak, audio: long.wav }\n',
        );
        const { code, stderr } = await startShell(`exec $CLI play ${join(dir, 'm.yaml')}`, {
          env: { TMPDIR: disk },
        }).ended;
        expect(code).toBe(1);
        expect(stderr).toMatch(new RegExp(`^error: ${disk} .*the disk is full \\(ENOSPC\\)`, 'm'));
      }),
    ));

  it.each([['play', '--speed', 'max'], ['record', '--port', '0'], ['generate']])(
    '%s says that a file system is read-only',
    (...command) =>
      withDisk('size=100k,ro', async (disk) => {
        const { code, stderr } = await runCli(...command, '--out', join(disk, 'out'));
        expect(code).toBe(1);
        expect(stderr).toMatch(/^error: .*out cannot be written: the file system is read-only \(EROFS\)/);
        expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      }),
  );
});

describe('an output that is refused', () => {
  const commands = [['play', '--speed', 'max'], ['record', '--port', '0'], ['generate']] as [
    string,
    ...string[],
  ][];

  it.concurrent.each(commands)('%s says that a file has the name of its folder', (...command) =>
    withFolder(async (dir) => {
      const out = join(dir, 'out');
      writeFileSync(out, 'a file');
      const { code, stderr } = await runCli(...command, '--out', out);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: .*cannot be written: .*\((EEXIST|ENOTDIR)\)/);
      expect(readFileSync(out, 'utf8')).toBe('a file');
    }),
  );

  it.concurrent.each(commands)('%s says that permission is denied', (...command) =>
    withFolder(async (dir) => {
      chmodSync(dir, 0o555);
      // The superuser is refused nothing.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const { code, stderr } = await startShell(
        `exec $CLI ${command.join(' ')} --out ${join(dir, 'out')}`,
        user,
      ).ended;
      chmodSync(dir, 0o755);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: .*out cannot be written: permission is denied \(EACCES\)/);
    }),
  );

  it.skipIf(!existsSync('/dev/full')).each<[string, ...string[]]>([
    ['play', '--speed', 'max', '--json'],
    ['validate', 'fixtures/standup.yaml'],
  ])('%s fails when standard output takes nothing', (...command) =>
    withFolder(async (dir) => {
      const full = openSync('/dev/full', 'w');
      const place = command.includes('play') ? ['--out', dir] : [];
      const { status, stderr } = spawnSync(process.execPath, ['dist/command/main.js', ...command, ...place], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
        timeout: 60_000,
      });
      closeSync(full);
      expect(status).toBe(1);
      expect(stderr).toContain('error: standard output cannot be written: the disk is full (ENOSPC).');
    }),
  );

  it('ends what runs until Ctrl-C, in order, when the reader of standard output is gone', async () => {
    const server = startCli('serve', '--port', '0', '--json', '--quiet');
    const url = await server.printed(/http:\/\/127\.0\.0\.1:\d+/);
    server.process.stdout?.destroy();
    // What is printed next finds nobody.
    const created = await fetch(`${url}/api/v1/bot/`, {
      method: 'POST',
      headers: { authorization: 'Token key', 'content-type': 'application/json' },
      body: JSON.stringify({ meeting_url: 'https://zoom.us/j/1234567890' }),
    });
    expect(created.status).toBe(201);
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).not.toContain('error');
  });

  it('says nothing when the reader of standard output has seen enough', async () => {
    const { code, stderr } = await startShell('set -o pipefail; $CLI validate fixtures/standup.yaml | true')
      .ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
