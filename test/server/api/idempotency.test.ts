import { describe, expect, it } from 'vitest';
import { IdempotencyKeys } from '../../../src/server/api/idempotency.ts';
import { withServer, ZOOM } from '../../support/mock.ts';

describe('idempotency keys', () => {
  it('give the first answer again, a 507 included', async () => {
    await withServer({ answers: ['create_bot=507:1'] }, async ({ post, get }) => {
      const create = (key: string) => post('/api/v1/bot/', { meeting_url: ZOOM }, { 'Idempotency-Key': key });
      expect((await create('a')).status).toBe(507);
      expect((await create('a')).status).toBe(507);
      const first = await create('b');
      expect(first.status).toBe(201);
      expect((await create('b')).body).toEqual(first.body);
      expect((await get('/api/v1/bot/')).body.count).toBe(1);
    });
  });

  it('hold for one path, and for what changes something', async () => {
    await withServer({ speed: 1 }, async ({ bot, get, post, send }) => {
      const key = { 'Idempotency-Key': 'one' };
      const [first, second] = [await bot({ join_at: '2099-01-01T00:00:00Z' }), await bot()];
      const path = `/api/v1/bot/${first}/`;
      expect((await get(path, key)).body.bot_name).toBe('Meeting Notetaker');
      expect((await send('PATCH', path, { bot_name: 'Other' }, key)).body.bot_name).toBe('Other');
      expect((await send('PATCH', path, { bot_name: 'Third' }, key)).body.bot_name).toBe('Other');
      expect((await get(path, key)).body.bot_name).toBe('Other');
      expect((await post(`/api/v1/bot/${second}/delete_media/`, {}, key)).status).toBe(400);
      expect((await send('DELETE', path, undefined, key)).status).toBe(204);
      expect((await send('DELETE', path, undefined, key)).status).toBe(404);
    });
  });

  it('are forgotten after an hour', async () => {
    await withServer({ speed: 1 }, async ({ post, get }) => {
      const create = () => post('/api/v1/bot/', { meeting_url: ZOOM }, { 'Idempotency-Key': 'a' });
      const first = await create();
      await post('/_emulator/advance', { seconds: 3_500 });
      expect((await create()).body.id).toBe(first.body.id);
      await post('/_emulator/advance', { seconds: 200 });
      expect((await create()).body.id).not.toBe(first.body.id);
      expect((await get('/api/v1/bot/')).body.count).toBe(2);
    });
  });

  it('conflict while the first is in flight', async () => {
    await withServer({}, async ({ post }) => {
      const answers = await Promise.all(
        [1, 2].map(() =>
          post(
            '/api/v1/bot/',
            { meeting_url: ZOOM, metadata: { recall_emulator_scenario: 'standup' } },
            { 'Idempotency-Key': 'same' },
          ),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    });
  });

  it('are free again when the answer was a defect of ours', async () => {
    const keys = new IdempotencyKeys(() => 0);
    const broken = () => Promise.reject(new Error('defect'));
    await expect(keys.once('a', broken)).rejects.toThrow('defect');
    const answer = await keys.once('a', async () => new Response('fine', { status: 201 }));
    expect([answer.status, await answer.text()]).toEqual([201, 'fine']);
    const again = await keys.once('a', broken);
    expect([again.status, await again.text()]).toEqual([201, 'fine']);
  });

  it('are kept ten thousand at a time: the oldest is forgotten first', async () => {
    const keys = new IdempotencyKeys(() => 0);
    let answered = 0;
    const answer = async (): Promise<Response> => new Response(String(++answered));
    for (let n = 0; n <= 10_000; n++) await keys.once(`key ${n}`, answer);
    expect(await (await keys.once('key 1', answer)).text()).toBe('2');
    expect(await (await keys.once('key 0', answer)).text()).toBe('10002');
  });
});
