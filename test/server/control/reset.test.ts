import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../support/cli.ts';
import { withReceiver } from '../../support/faulty-receiver.ts';
import { botWith, LONG, NO_DELAYS, withServer, ZOOM } from '../../support/mock.ts';

const OTHER = { Authorization: 'Token other' };

describe('a reset', () => {
  it('forgets everything of its key, in mid-call too, and leaves other keys alone', async () => {
    await withReceiver([], async (receiver) => {
      await withServer({ scenario: LONG, speed: 1, delays: NO_DELAYS }, async ({ get, post, until }) => {
        const create = async (headers = {}): Promise<string> =>
          (await post('/api/v1/bot/', botWith(receiver.url), headers)).body.id;
        const first = await create();
        const other = await create(OTHER);
        await until(first, 'in_call_recording');
        await post('/_emulator/answers', { operation: 'list_bots', status: 503 });
        expect((await post('/_emulator/reset')).body).toEqual({ forgotten_bots: 1 });

        expect((await get('/api/v1/bot/')).body.count).toBe(0);
        expect((await get('/api/v1/recording/')).body.results).toEqual([]);
        expect((await get(`/api/v1/bot/${first}/`)).status).toBe(404);
        expect((await get('/_emulator/webhooks')).body.totals.pending).toBe(0);
        expect((await get('/_emulator/requests')).body.count).toBe(3);
        expect((await get('/api/v1/bot/', OTHER)).body.results[0].id).toBe(other);
        // The next test finds what the first one found, ids included.
        expect(await create()).toBe(first);
        await until(first, 'in_call_recording');
      });
    });
  });

  it('without a key forgets everything of all', async () => {
    await withServer({ answers: ['create_bot=507:9'] }, async ({ get, post }) => {
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(507);
      expect((await post('/_emulator/reset', {}, { Authorization: '' })).status).toBe(200);
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(201);
      expect((await get('/_emulator/requests')).body.count).toBe(1);
    });
  });

  it('takes what was kept on disk', async () => {
    await withFolder(async (dataDir) => {
      await withServer({ dataDir }, async ({ post, bot, until }) => {
        await until(await bot(), 'done');
        expect(readdirSync(join(dataDir, 'bots'))).toHaveLength(1);
        await post('/_emulator/reset');
      });
      expect(readdirSync(join(dataDir, 'bots'))).toEqual([]);
    });
  });
});
