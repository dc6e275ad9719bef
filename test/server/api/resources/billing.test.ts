import { expect, it } from 'vitest';
import { withServer } from '../../../support/mock.ts';

it('usage counts the seconds from joining until the call ended, within a range', async () => {
  await withServer({ startTime: new Date('2026-01-01T00:00:00Z') }, async ({ get, bot, until }) => {
    expect((await get('/api/v1/billing/usage/')).body).toEqual({ bot_total: 0 });
    const { status_changes } = await until(await bot(), 'done');
    const at = (code: string): number =>
      Date.parse(status_changes.find((change: { code: string }) => change.code === code).created_at);
    const total = (at('call_ended') - at('joining_call')) / 1_000;
    expect(total).toBeGreaterThan(2);
    expect((await get('/api/v1/billing/usage/')).body).toEqual({ bot_total: total });
    expect((await get('/api/v1/billing/usage')).body).toEqual({ bot_total: total });
    const end = new Date(at('joining_call') + 1_000).toISOString();
    expect((await get(`/api/v1/billing/usage/?end=${end}`)).body).toEqual({ bot_total: 1 });
    expect((await get('/api/v1/billing/usage/?start=2027-01-01')).body).toEqual({ bot_total: 0 });
    expect(await get('/api/v1/billing/usage/?start=soon')).toMatchObject({
      status: 400,
      body: { start: ['Enter a valid date/time.'] },
    });
  });
});
