import { describe, expect, it } from 'vitest';
import { SHORT, withServer, ZOOM } from '../../support/mock.ts';

describe('answers on demand', () => {
  it('answer so many times, with Retry-After where the real API has it', async () => {
    await withServer({ answers: ['create_bot=507:2', 'list_bots=429'] }, async ({ post, get }) => {
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await post('/api/v1/bot/', { meeting_url: ZOOM })).status);
      expect(statuses).toEqual([507, 507, 201]);
      const limited = await get('/api/v1/bot/');
      expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    });
  });

  it('come by the control API and by the scenario, too', async () => {
    await withServer(
      { scenario: { ...SHORT, bot: { answers: ['create_bot=402'] } } },
      async ({ post, send }) => {
        await post('/_emulator/answers', { operation: 'create_bot', status: 502 });
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(502);
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(402);
        expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(201);
        expect((await post('/_emulator/answers', { operation: 'nothing', status: 502 })).status).toBe(400);
        expect((await send('DELETE', '/_emulator/answers')).status).toBe(204);
      },
    );
  });

  it('are asked for by their old name in a scenario, too', async () => {
    const scenario = { ...SHORT, bot: { faults: ['create_bot=402:2'] } };
    await withServer({ scenario }, async ({ post }) => {
      const statuses = [];
      for (let n = 0; n < 3; n++) statuses.push((await post('/api/v1/bot/', { meeting_url: ZOOM })).status);
      expect(statuses).toEqual([402, 402, 201]);
    });
  });

  it('of a scenario that cannot be read are a 400 that names it', async () => {
    const scenario = { ...SHORT, bot: { answers: ['create_bot=402', 'make_bot=500'] } };
    await withServer({ scenario }, async ({ post }) => {
      for (let n = 0; n < 2; n++) {
        const { status, body } = await post('/api/v1/bot/', { meeting_url: ZOOM });
        expect([status, body.metadata.recall_emulator_scenario]).toEqual([
          400,
          ['"make_bot" is not an operation.'],
        ]);
      }
    });
  });

  it('that are to be given zero times are not given', async () => {
    await withServer({ answers: ['create_bot=507:0'] }, async ({ post }) => {
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM })).status).toBe(201);
    });
  });
});
