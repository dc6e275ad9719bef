/** The data folder: one owner, private, whole after anything, and disks that refuse. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIds } from '../../../src/protocol/ids.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { workspaceName } from '../../../src/server/api/workspaces.ts';
import { createMock, startServer } from '../../../src/server/server.ts';
import { withFolder } from '../../support/cli.ts';
import { SHORT, withHooks, withServer, ZOOM } from '../../support/mock.ts';

const SCHEDULED = { join_at: '2099-01-01T00:00:00Z' };
const AUDIO = { recording_config: { audio_separate_raw: {} } };

/** Ids of a server with seed 1, for the key of the client. */
const ids = createIds(`1 ${workspaceName('test')}`);
const FIRST_BOT = ids.uuid('bot 0');
const FIRST_RECORDING = ids.uuid(`recording ${FIRST_BOT} 0`);

function stateFile(dir: string, botId: string): string {
  return join(dir, 'bots', botId, 'bot.json');
}

describe('a data folder', () => {
  it('has one server at a time, also in one process', async () => {
    await withFolder(async (dir) => {
      const first = await startServer({ port: 0, dataDir: dir, scenario: SHORT });
      await expect(createMock({ dataDir: dir, scenario: SHORT })).rejects.toMatchObject({
        name: 'UsageError',
        code: 'data_folder_in_use',
      });
      await first.close();
      const next = await createMock({ dataDir: dir, scenario: SHORT });
      await next.close();
      expect(existsSync(join(dir, 'lock'))).toBe(false);
    });
  });

  it('is taken over from a process that is gone, and not from one that lives', async () => {
    await withFolder(async (dir) => {
      const gone = spawnSync(process.execPath, ['-e', '']).pid;
      for (const stale of [String(gone), String(process.pid), 'no number']) {
        writeFileSync(join(dir, 'lock'), stale);
        const mock = await createMock({ dataDir: dir, scenario: SHORT });
        expect(readFileSync(join(dir, 'lock'), 'utf8')).toBe(String(process.pid));
        await mock.close();
      }
      writeFileSync(join(dir, 'lock'), String(process.ppid));
      await expect(createMock({ dataDir: dir, scenario: SHORT })).rejects.toMatchObject({
        code: 'data_folder_in_use',
        message: expect.stringContaining(`process ${process.ppid}`),
      });
    });
  });

  it('is free again when a start fails', async () => {
    await withFolder(async (dir) => {
      const data = join(dir, 'data');
      await withServer({ dataDir: data }, async ({ server }) => {
        const port = Number(new URL(server.url).port);
        const taken = startServer({ port, dataDir: join(dir, 'other'), scenario: SHORT });
        await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
        expect(existsSync(join(dir, 'other', 'lock'))).toBe(false);
      });
      writeFileSync(join(data, 'downloads.key'), 'too short');
      await expect(createMock({ dataDir: data, scenario: SHORT })).rejects.toMatchObject({
        name: 'UsageError',
        code: 'invalid_download_key',
      });
      expect(existsSync(join(data, 'lock'))).toBe(false);
    });
  });

  it('is for its owner only', async () => {
    await withFolder(async (parent) => {
      const dir = join(parent, 'data');
      await withServer({ dataDir: dir }, async ({ bot, until }) => {
        await until(await bot(AUDIO), 'done');
      });
      const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
      expect(entries.length).toBeGreaterThan(4);
      for (const entry of entries) {
        const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
        expect([entry.name, mode.toString(8)]).toEqual([entry.name, entry.isDirectory() ? '700' : '600']);
      }
    });
  });

  it('has what a client was told of: a bot, its change, its end', async () => {
    await withFolder(async (dir) => {
      await withServer({ dataDir: dir, speed: 1 }, async ({ bot, send }) => {
        const id = await bot(SCHEDULED);
        const read = () => JSON.parse(readFileSync(stateFile(dir, id), 'utf8')).bot.request.bot_name;
        expect(read()).toBeUndefined();
        await send('PATCH', `/api/v1/bot/${id}/`, { bot_name: 'Other' });
        expect(read()).toBe('Other');
        await send('DELETE', `/api/v1/bot/${id}/`);
        expect(existsSync(join(dir, 'bots', id))).toBe(false);
      });
    });
  });

  it('gives up a bot whose greeting is no MP3 any more, and starts', async () => {
    await withFolder(async (dir) => {
      const options = { dataDir: dir, speed: 1 };
      const [id, other] = await withServer(options, async ({ bot }) => [
        await bot({ ...SCHEDULED, recording_config: { include_bot_in_recording: { audio: true } } }),
        await bot(SCHEDULED),
      ]);
      const file = stateFile(dir, id!);
      const state = JSON.parse(readFileSync(file, 'utf8'));
      state.bot.request.automatic_audio_output = {
        in_call_recording: { data: { kind: 'mp3', b64_data: Buffer.from('no MP3').toString('base64') } },
      };
      writeFileSync(file, JSON.stringify(state));
      await withServer(options, async ({ get }) => {
        const { status_changes } = (await get(`/api/v1/bot/${id}/`)).body;
        expect(status_changes.at(-1)).toMatchObject({
          code: 'fatal',
          sub_code: 'emulator_restarted',
          message: expect.stringContaining('b64_data'),
        });
        expect((await get(`/api/v1/bot/${other}/`)).body.status_changes).toHaveLength(1);
      });
    });
  });

  it('starts with the bots that it can read, and names the others', async () => {
    await withFolder(async (dir) => {
      const options = { dataDir: dir, speed: 1 };
      const known: string[] = [];
      await withServer(options, async ({ bot }) => {
        for (let made = 0; made < 4; made++) known.push(await bot(SCHEDULED));
      });
      const [good, broken, other, moved] = known as [string, string, string, string];
      writeFileSync(stateFile(dir, broken), '{"bot": ');
      writeFileSync(stateFile(dir, other), '{"bot": {"id": 7}}');
      mkdirSync(join(dir, 'bots', 'empty'));
      writeFileSync(stateFile(dir, moved), readFileSync(stateFile(dir, good)));
      const said: string[] = [];
      await withServer(
        { ...options, onActivity: ({ text }) => said.push(text) },
        async ({ get, send, server }) => {
          const { body } = await get('/api/v1/bot/');
          expect(body.results.map(({ id }: { id: string }) => id)).toEqual([good]);
          expect((await send('PATCH', `/api/v1/bot/${good}/`, { bot_name: 'Still here' })).status).toBe(200);
          expect(server.stats().bots).toBe(1);
        },
      );
      for (const id of [broken, other, moved])
        expect(
          said.some((text) => text.includes('passed over') && text.includes(id)),
          id,
        ).toBe(true);
      expect(readFileSync(stateFile(dir, broken), 'utf8')).toBe('{"bot": ');
    });
  });

  it('starts with a bot whose scenario is gone, as fatal', async () => {
    await withFolder(async (parent) => {
      const scenarioDir = join(parent, 'scenarios');
      mkdirSync(scenarioDir);
      writeFileSync(join(scenarioDir, 'team.json'), JSON.stringify(SHORT));
      const options = { dataDir: join(parent, 'data'), scenarioDir, speed: 1 };
      let ids: string[] = [];
      await withServer(options, async ({ bot }) => {
        const metadata = { recall_emulator_scenario: 'team.json' };
        ids = [await bot({ ...SCHEDULED, metadata }), await bot(SCHEDULED)];
      });
      rmSync(join(scenarioDir, 'team.json'));
      await withServer(options, async ({ get }) => {
        const codes = [];
        for (const id of ids) codes.push((await get(`/api/v1/bot/${id}/`)).body.status_changes.at(-1).code);
        expect(codes).toEqual(['fatal', 'ready']);
      });
    });
  });

  it('that is a file, or below one, is a usage error', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'file');
      writeFileSync(file, '');
      for (const dataDir of [file, join(file, 'below')])
        await expect(createMock({ dataDir, scenario: SHORT })).rejects.toMatchObject({
          name: 'UsageError',
          code: 'data_folder_unusable',
        });
    });
  });
});

/** Two minutes of speech: more than waits in memory. */
const LONG = meeting({ duration: 120 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0, { duration: 100 }))
  .build();

describe('a disk that refuses', () => {
  const full = process.platform === 'linux' && existsSync('/dev/full');

  it.skipIf(!full)('ends the recording as failed, tells why, and everything else goes on', async () => {
    await withHooks(async (app) => {
      await withFolder(async (dir) => {
        const recording = join(dir, 'bots', FIRST_BOT, FIRST_RECORDING);
        mkdirSync(recording, { recursive: true });
        symlinkSync('/dev/full', join(recording, '1-100.raw'));
        const said: string[] = [];
        const options = {
          dataDir: dir,
          scenario: LONG,
          webhookUrls: [app.url],
          onActivity: ({ text }: { text: string }) => void said.push(text),
        };
        await withServer(options, async ({ bot, until, server }) => {
          expect(await bot(AUDIO)).toBe(FIRST_BOT);
          const { recordings, status_changes } = await until(FIRST_BOT, 'fatal');
          expect(status_changes.at(-1)).toMatchObject({ code: 'fatal', sub_code: 'emulator_disk_full' });
          await app.until('recording.failed');
          const [first] = recordings;
          expect(first.id).toBe(FIRST_RECORDING);
          const done = await until(await bot(AUDIO), 'done');
          expect(done.recordings[0].status.code).toBe('done');
          expect(server.stats()).toMatchObject({ ok: false, bots: 2, failedRecordings: 1 });
        });
        expect(said.join('\n')).toContain('the disk is full');
        const failed = app.hooks.find(({ body }) => body.event === 'recording.failed');
        expect(failed?.body.data.data).toMatchObject({
          sub_code: 'emulator_disk_full',
          error: { code: 'RECORDING_FAILED' },
        });
        const kept = JSON.parse(readFileSync(stateFile(dir, FIRST_BOT), 'utf8'));
        expect(kept.recordings[0].status).toMatchObject({ code: 'failed', sub_code: 'emulator_disk_full' });
        expect(
          kept.artifacts.map(({ kind, status }: { kind: string; status: { code: string } }) => [
            kind,
            status.code,
          ]),
        ).toEqual([
          ['audio_separate', 'failed'],
          ['participant_events', 'done'],
          ['meeting_metadata', 'done'],
          ['video_mixed', 'failed'],
        ]);
      });
    });
  });

  it('by a file where a recording is to go ends that recording', async () => {
    await withFolder(async (dir) => {
      mkdirSync(join(dir, 'bots', FIRST_BOT), { recursive: true });
      writeFileSync(join(dir, 'bots', FIRST_BOT, FIRST_RECORDING), '');
      await withServer({ dataDir: dir, scenario: LONG }, async ({ bot, until }) => {
        const { status_changes } = await until(await bot(AUDIO), 'fatal');
        expect(status_changes.at(-1).sub_code).toBe('emulator_disk_refused');
        await until(await bot(AUDIO), 'done');
      });
    });
  });

  it('for the state of a bot is told and counted, and the bot plays on in memory', async () => {
    await withFolder(async (dir) => {
      mkdirSync(join(dir, 'bots'), { recursive: true });
      writeFileSync(join(dir, 'bots', FIRST_BOT), '');
      const said: string[] = [];
      const options = { dataDir: dir, onActivity: ({ text }: { text: string }) => void said.push(text) };
      await withServer(options, async ({ post, until, server }) => {
        // Nothing that keeps audio, which wants a disk.
        const request = { meeting_url: ZOOM, recording_config: { video_mixed_mp4: null } };
        const { status, body } = await post('/api/v1/bot/', request);
        expect([status, body.id]).toEqual([201, FIRST_BOT]);
        expect(server.stats()).toMatchObject({ ok: false });
        await until(FIRST_BOT, 'done');
      });
      expect(said.join('\n')).toContain('is not on disk');
    });
  });
});
