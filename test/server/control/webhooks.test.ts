import { describe, expect, it } from 'vitest';
import { withHooks, withServer, withSlowHooks } from '../../support/mock.ts';
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

  it('sends one once more with another body, or with a change of it, under an id of its own', async () => {
    await withHooks(async (app) => {
      const secret = 'whsec_c2VjcmV0';
      const webhookUrls = [`${app.url}#events=bot.done`];
      await withServer({ webhookUrls, secret }, async ({ bot, get, post, until }) => {
        await until(await bot(), 'done');
        const { body, headers } = await app.until('bot.done');
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        const path = `/_emulator/webhooks/${deliveries[0].id}/redeliver`;
        const changed = await post(path, { override: { 'data.data.sub_code': 'timeout', 'data.new': [1] } });
        await eventually(() => app.hooks.length === 2);
        expect(app.hooks[1]!.body).toEqual({
          ...body,
          data: { ...body.data, data: { ...body.data.data, sub_code: 'timeout' }, new: [1] },
        });
        expect(app.hooks[1]!.headers['webhook-id']).toBe(changed.body.redelivered);
        expect(changed.body.redelivered).not.toBe(headers['webhook-id']);
        expect((await get(`/_emulator/webhooks/${changed.body.redelivered}`)).body).toMatchObject({
          redelivery_of: deliveries[0].id,
          bot_id: deliveries[0].bot_id,
        });
        await post(path, { body: { event: 'bot.fatal' } });
        await eventually(() => app.hooks.length === 3);
        expect(app.hooks[2]!.text).toBe('{"event":"bot.fatal"}');
        const both = await post(path, { body: {}, override: {} });
        expect(both).toMatchObject({ status: 400, body: { code: 'body_and_override' } });
        const nowhere = await post(path, { override: { 'event.name': 1 } });
        expect(nowhere).toMatchObject({ status: 400, body: { code: 'invalid_override' } });
        expect(app.hooks).toHaveLength(3);
      });
    });
  });

  it('counts what is sent once more as pending until it is decided', async () => {
    await withSlowHooks('bot.done', async (app) => {
      await withServer({ webhookUrls: [`${app.url}#events=bot.done`] }, async ({ bot, get, post, until }) => {
        const totals = async () => (await get('/_emulator/webhooks')).body.totals;
        app.answer();
        await until(await bot(), 'done');
        await eventually(async () => (await totals()).delivered === 1);
        app.hold();
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        await post(`/_emulator/webhooks/${deliveries[0].id}/redeliver`);
        expect(await totals()).toMatchObject({ pending: 1, delivered: 0 });
        app.answer();
        await eventually(async () => (await totals()).delivered === 1);
        expect(await totals()).toMatchObject({ pending: 0 });
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

describe('a webhook on demand', () => {
  it('goes to the endpoints that want it: as published, changed, or with data of one’s own', async () => {
    await withHooks(async (app) => {
      const webhookUrls = [`${app.url}#events=slack_team.*,transcript.failed,sdk_upload.recording_started`];
      await withServer({ webhookUrls }, async ({ get, post }) => {
        await get('/api/v1/bot/');
        const send = (body: unknown) => post('/_emulator/webhooks', body);
        const made = await send({
          event: 'transcript.failed',
          override: { 'data.data.sub_code': 'no_credit' },
        });
        expect(made.status).toBe(202);
        expect((await app.until('transcript.failed')).body.data.data).toMatchObject({
          code: 'failed',
          sub_code: 'no_credit',
        });
        expect((await get(`/_emulator/webhooks/${made.body.sent[0]}`)).body.event).toBe('transcript.failed');
        await send({ event: 'slack_team.active', data: { id: 'T1' } });
        expect((await app.until('slack_team.active')).body).toEqual({
          event: 'slack_team.active',
          data: { id: 'T1' },
        });
        // Nobody wants it.
        expect((await send({ event: 'bot.done' })).body).toEqual({ sent: [] });
        const unknown = await send({ event: 'slack_team.active' });
        expect([unknown.status, unknown.body.code]).toEqual([400, 'data_needed']);
        expect((await send({ event: 'no event' })).status).toBe(400);
        // Whose endpoints, of two?
        await get('/api/v1/bot/', { Authorization: 'Token other' });
        const keyless = await post('/_emulator/webhooks', { event: 'bot.done' }, { Authorization: '' });
        expect([keyless.status, keyless.body.code]).toEqual([409, 'which_workspace']);
      });
    });
  });
});
