import { describe, expect, it } from 'vitest';
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
});
