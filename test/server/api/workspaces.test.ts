import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { withFolder } from '../../support/cli.ts';
import { type Client, LONG, NO_DELAYS, withHooks, withServer, ZOOM } from '../../support/mock.ts';

const ADA = { Authorization: 'Token ada' };
const BO = { Authorization: 'Token bo' };

const create = async ({ post }: Client, headers: Record<string, string>): Promise<string> => {
  const { status, body } = await post('/api/v1/bot/', { meeting_url: ZOOM }, headers);
  expect(status).toBe(201);
  return body.id;
};

describe('the workspace of an API key', () => {
  it('has bots that no other key sees: not in lists, not by id, not to command', async () => {
    await withServer({ scenario: LONG, speed: 1, delays: NO_DELAYS }, async (client) => {
      const { get, post } = client;
      const [ada, bo] = [await create(client, ADA), await create(client, BO)];
      expect(ada).not.toBe(bo);
      for (const [headers, own, other] of [
        [ADA, ada, bo],
        [BO, bo, ada],
      ] as const) {
        expect((await get('/api/v1/bot/', headers)).body.results.map(({ id }: { id: string }) => id)).toEqual(
          [own],
        );
        expect((await get('/api/v1/recording/', headers)).body.results).toHaveLength(1);
        expect((await get(`/api/v1/bot/${own}/`, headers)).status).toBe(200);
        expect((await get(`/api/v1/bot/${other}/`, headers)).status).toBe(404);
        expect((await post(`/api/v1/bot/${other}/leave_call/`, {}, headers)).status).toBe(404);
      }
    });
  });

  it('is named in the log where somebody asks with another key', async () => {
    const said: string[] = [];
    await withServer({ onActivity: ({ text }) => said.push(text) }, async (client) => {
      const id = await create(client, ADA);
      await client.get(`/api/v1/bot/${id}/`, BO);
      await client.get('/api/v1/bot/nowhere/', BO);
      expect(said).toContain(`GET /api/v1/bot/${id}/: 404, Not found. (it is that of another API key)`);
      expect(said).toContain('GET /api/v1/bot/nowhere/: 404, Not found.');
    });
  });

  it('gives a key the answers it asked for, and an idempotency key of its own', async () => {
    await withServer({ answers: ['retrieve_bot=503:1'] }, async ({ post, get }) => {
      const answer = { operation: 'create_bot', status: 507 };
      expect((await post('/_emulator/answers', answer, ADA)).status).toBe(201);
      const asked = (headers: Record<string, string>) =>
        post('/api/v1/bot/', { meeting_url: ZOOM }, { ...headers, 'Idempotency-Key': 'same' });
      const bo = await asked(BO);
      expect([(await asked(ADA)).status, bo.status]).toEqual([507, 201]);
      // Those of the server are for whoever comes first.
      expect((await get('/_emulator/answers', BO)).body.answers).toHaveLength(1);
      expect((await get(`/api/v1/bot/${bo.body.id}/`, BO)).status).toBe(503);
      expect((await get(`/api/v1/bot/${bo.body.id}/`, BO)).status).toBe(200);
    });
  });

  it('has its own log of webhooks and of what happens', async () => {
    await withHooks(async (app) => {
      await withServer({ webhookUrls: [app.url] }, async (client) => {
        const ids = [await create(client, ADA), await create(client, BO)];
        const botsIn = async (headers: Record<string, string>): Promise<string[]> => {
          const { body } = await client.get('/_emulator/webhooks', headers);
          return [...new Set<string>(body.deliveries.map(({ bot_id }: { bot_id: string }) => bot_id))];
        };
        expect([await botsIn(ADA), await botsIn(BO)]).toEqual([[ids[0]], [ids[1]]]);
        expect((await botsIn({ Authorization: '' })).sort()).toEqual([...ids].sort());
      });
    });
  });

  it('is as its ids are: of the seed and the key, whoever comes first', async () => {
    const idsOf = (order: readonly Record<string, string>[]): Promise<Record<string, string>> =>
      withServer({ seed: 7 }, async (client) => {
        const ids: Record<string, string> = {};
        for (const headers of order) ids[headers.Authorization!] = await create(client, headers);
        return ids;
      });
    expect(await idsOf([ADA, BO])).toEqual(await idsOf([BO, ADA]));
  });
});

describe('the control API', () => {
  it('is about the workspace of its key, in a header or the query, and about the whole server without one', async () => {
    await withServer({ scenario: LONG, speed: 1, delays: NO_DELAYS }, async (client) => {
      const { get } = client;
      const [ada, bo] = [await create(client, ADA), await create(client, BO)];
      const bots = async (path: string, headers: Record<string, string>): Promise<string[]> =>
        (await get(path, headers)).body.bots.map(({ bot_id }: { bot_id: string }) => bot_id);
      expect(await bots('/_emulator/bots', ADA)).toEqual([ada]);
      expect(await bots('/_emulator/bots?key=bo', { Authorization: '' })).toEqual([bo]);
      expect(await bots('/_emulator/bots', { Authorization: '' })).toEqual([ada, bo]);
      expect((await get(`/_emulator/bots/${bo}`, ADA)).body.detail).toBe(
        'There is no such bot of this API key.',
      );
      expect((await get(`/_emulator/bots/${bo}`, { Authorization: '' })).status).toBe(200);
    });
  });
});

describe('a data folder', () => {
  it('keeps workspaces apart, and names no key', async () => {
    await withFolder(async (dir) => {
      const options = { dataDir: dir };
      const ids = await withServer(options, async (client) => [
        await create(client, ADA),
        await create(client, BO),
      ]);
      const kept = readdirSync(join(dir, 'bots')).map((id) =>
        readFileSync(join(dir, 'bots', id, 'bot.json'), 'utf8'),
      );
      expect(kept.join()).not.toMatch(/\b(ada|bo)\b/);
      await withServer(options, async ({ get }) => {
        const idsOf = async (headers: Record<string, string>): Promise<string[]> =>
          (await get('/api/v1/bot/', headers)).body.results.map(({ id }: { id: string }) => id);
        expect([await idsOf(ADA), await idsOf(BO)]).toEqual([[ids[0]], [ids[1]]]);
      });
    });
  });
});

it('takes no new workspace once it ends', async () => {
  const mock = await createMock({});
  await mock.close();
  const asked = new Request('http://127.0.0.1/api/v1/bot/', { headers: ADA });
  expect((await mock.fetch(asked)).status).toBe(503);
});
