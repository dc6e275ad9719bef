import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { withFolder } from '../../support/cli.ts';
import { type Client, withServer } from '../../support/mock.ts';

const AUDIO = { recording_config: { audio_separate_raw: {}, audio_mixed_raw: {} } };

/** The bot as the API answers it, and the bytes of its audio, without what changes with every answer. */
async function seen({ get, url }: Client, id: string, headers = {}) {
  const { status, body } = await get(`/api/v1/bot/${id}/`, headers);
  if (status !== 200) return { status };
  const parts = (await get(body.recordings[0].media_shortcuts.audio_separate.data.download_url)).body;
  const bytes = await (await fetch(parts[0].download_url)).arrayBuffer();
  const text = JSON.stringify(body)
    .replaceAll(url, '')
    .replaceAll(/\?expires=[^"]*/g, '');
  const digest = createHash('sha256').update(Buffer.from(bytes)).digest('hex');
  return { status, bot: JSON.parse(text), bytes: bytes.byteLength, digest };
}

describe('a snapshot', () => {
  it('is what another server begins with: bots, recordings and audio', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'snapshot.json');
      const { id, before } = await withServer({}, async (client) => {
        const made = await client.bot(AUDIO);
        await client.until(made, 'done');
        writeFileSync(file, JSON.stringify((await client.get('/_emulator/export')).body));
        return { id: made, before: await seen(client, made) };
      });
      expect(before.bytes).toBeGreaterThan(1_000);
      await withServer({ importFile: file }, async (client) => {
        // The first key that comes has it, and no other.
        const headers = { Authorization: 'Token somebody' };
        expect(await seen(client, id, headers)).toEqual(before);
        expect(await seen(client, id)).toEqual({ status: 404 });
      });
    });
  });

  it('of the whole server keeps whose bots they are, and what is there already is left alone', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'snapshot.json');
      const dataDir = join(dir, 'data');
      const id = await withServer({ dataDir }, async (client) => {
        const made = await client.bot(AUDIO);
        await client.until(made, 'done');
        const whole = await client.get('/_emulator/export', { Authorization: '' });
        writeFileSync(file, JSON.stringify(whole.body));
        return made;
      });
      for (const options of [{ importFile: file }, { importFile: file, dataDir }])
        await withServer(options, async (client) => {
          expect(await seen(client, id, { Authorization: 'Token other' })).toEqual({ status: 404 });
          expect((await client.get('/api/v1/bot/')).body.count).toBe(1);
          expect((await seen(client, id)).status).toBe(200);
        });
    });
  });

  it('that is none is refused, with what is wrong, and writes nothing elsewhere', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'snapshot.json');
      const snapshot = await withServer({}, async (client) => {
        const id = await client.bot(AUDIO);
        await client.until(id, 'done');
        return (await client.get('/_emulator/export')).body;
      });
      const changed = (change: (copy: typeof snapshot) => void): string => {
        const copy = structuredClone(snapshot);
        change(copy);
        return JSON.stringify(copy);
      };
      for (const text of [
        '{"version": 1, no JSON',
        '{"bots": [], "version": 3}',
        '{"version": 2, "bots": []}',
        changed(({ bots }) => {
          bots[0].state.bot.id = '../../elsewhere';
        }),
        changed(({ bots }) => {
          bots[0].audio[0].file = '../evil.raw';
        }),
        changed(({ bots }) => {
          bots[0].audio[0].recording_id = '00000000-0000-4000-8000-000000000000';
        }),
      ]) {
        writeFileSync(file, text);
        const starting = createMock({ importFile: file });
        await expect(starting, text.slice(0, 80)).rejects.toMatchObject({ code: 'snapshot_invalid' });
      }
      await expect(createMock({ importFile: join(dir, 'nothing.json') })).rejects.toMatchObject({
        code: 'file_unreadable',
      });
    });
  });
});
