import { describe, expect, it } from 'vitest';
import { withHooks, withServer } from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

describe('the delivery log', () => {
  it('has every delivery with its body, alone, too, and sends one once more', async () => {
    await withHooks(async (app) => {
      await withServer({ webhookUrls: [app.url] }, async ({ bot, get, post, until }) => {
        const id = await bot();
        await until(id, 'done');
        await app.until('bot.done');
        await eventually(async () => (await get('/_emulator/webhooks')).body.totals.pending === 0);
        const { totals, deliveries } = (await get('/_emulator/webhooks')).body;
        expect(totals).toMatchObject({ delivered: deliveries.length, failed: 0, dropped: 0 });
        const [delivery] = deliveries;
        expect(delivery).toMatchObject({ bot_id: id, url: app.url, body: { event: delivery.event } });
        expect((await get(`/_emulator/webhooks/${delivery.id}`)).body).toEqual(delivery);
        const sent = app.hooks.length;
        expect(await post(`/_emulator/webhooks/${delivery.id}/redeliver`)).toMatchObject({
          status: 202,
          body: { redelivered: delivery.id },
        });
        await eventually(() => app.hooks.length > sent);
        expect(app.hooks.at(-1)?.body).toEqual(delivery.body);
      });
    });
  });

  it('does not know what was never sent', async () => {
    await withServer({}, async ({ get, post }) => {
      const body = { detail: 'The log has no such delivery.' };
      expect(await get('/_emulator/webhooks/msg_x')).toMatchObject({ status: 404, body });
      expect(await post('/_emulator/webhooks/msg_x/redeliver')).toMatchObject({ status: 404, body });
    });
  });
});
