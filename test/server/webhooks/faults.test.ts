import { describe, expect, it } from 'vitest';
import { startServer } from '../../../src/server/server.ts';
import { type Client, withHooks, withServer } from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

/** Nothing is on its way any more. */
async function settled({ get }: Pick<Client, 'get'>): Promise<Record<string, number>> {
  let totals: Record<string, number> = {};
  await eventually(async () => {
    ({ totals } = (await get('/_emulator/webhooks')).body);
    return totals.pending === 0;
  });
  return totals;
}

/** What an app gets of one bot, by the names of the events, when these faults strike. */
async function received(webhookFaults: string[], events: string): Promise<string[]> {
  return withHooks(async (app) => {
    await withServer({ webhookUrls: [`${app.url}#events=${events}`], webhookFaults }, async (client) => {
      await client.until(await client.bot(), 'done');
      await settled(client);
    });
    return app.hooks.map(({ body }) => body.event);
  });
}

describe('faults of webhooks', () => {
  it('duplicated: it comes again under the same id, and counts once', async () => {
    await withHooks(async (app) => {
      const options = { webhookUrls: [`${app.url}#events=bot.done`], secret: 'whsec_c2VjcmV0' };
      await withServer({ ...options, webhookFaults: ['duplicated,times=1'] }, async (client) => {
        await client.until(await client.bot(), 'done');
        expect(await settled(client)).toMatchObject({ delivered: 1 });
        expect((await client.get('/_emulator/webhook-faults')).body).toEqual({ faults: [] });
      });
      expect(app.hooks).toHaveLength(2);
      const [first, second] = app.hooks;
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(second?.text).toBe(first?.text);
    });
  });

  it('swapped: it comes after the next', async () => {
    const events = 'bot.joining_call,bot.in_waiting_room,bot.done';
    expect(await received(['swapped,event=bot.joining_call'], events)).toEqual([
      'bot.in_waiting_room',
      'bot.joining_call',
      'bot.done',
    ]);
    expect(await received(['swapped,times=1'], 'bot.done')).toEqual(['bot.done']);
  });

  it('lost: it never comes, is counted apart, and is no failure', async () => {
    await withHooks(async (app) => {
      const options = { webhookUrls: [`${app.url}#events=bot.*`], webhookFaults: ['lost,event=bot.in_*'] };
      await expect(startServer({ port: 0, ...options })).rejects.toMatchObject({ code: 'unknown_event' });
      const webhookFaults = [{ fault: 'lost' as const, events: ['bot.in_waiting_room', 'bot.fatal'] }];
      await withServer({ ...options, webhookFaults }, async (client) => {
        await client.until(await client.bot(), 'done');
        expect(await settled(client)).toMatchObject({ withheld: 1, failed: 0, dropped: 0 });
        expect(client.server.stats()).toMatchObject({ ok: true, webhooks: { withheld: 1 } });
      });
      expect(app.hooks.map(({ body }) => body.event)).not.toContain('bot.in_waiting_room');
    });
  });

  it('delayed: it comes so much later, and others do not wait for it', async () => {
    await withHooks(async (app) => {
      const webhookUrls = [`${app.url}#events=bot.joining_call,bot.done`];
      await withServer(
        { webhookUrls, webhookFaults: ['delayed=1h,event=bot.joining_call'] },
        async (client) => {
          await client.until(await client.bot(), 'done');
          await settled(client);
          const { deliveries } = (await client.get('/_emulator/webhooks')).body;
          const [joining] = deliveries;
          expect(joining.event).toBe('bot.joining_call');
          expect(Date.parse(joining.attempts[0].at) - Date.parse(joining.created_at)).toBe(3_600_000);
        },
      );
      expect(app.hooks.map(({ body }) => body.event)).toEqual(['bot.done', 'bot.joining_call']);
    });
  });

  it('delayed, at a real-time endpoint: all that follow wait, too', async () => {
    await withHooks(async (app) => {
      const webhookFaults = ['delayed=5s,event=participant_events.join'];
      await withServer({ webhookFaults }, async (client) => {
        const events = ['participant_events.join', 'participant_events.speech_on'];
        const realtime_endpoints = [{ type: 'webhook', url: app.url, events }];
        await client.until(await client.bot({ recording_config: { realtime_endpoints } }), 'done');
        await settled(client);
      });
      expect(app.hooks.map(({ body }) => body.event)).toEqual([
        'participant_events.join',
        'participant_events.speech_on',
      ]);
    });
  });

  it('are asked for, listed and ended while the server runs', async () => {
    await withServer({}, async ({ get, post, send }) => {
      const fault = { fault: 'delayed', by: '1m', events: ['bot.*'], times: 2 };
      expect((await post('/_emulator/webhook-faults', fault)).status).toBe(201);
      expect((await get('/_emulator/webhook-faults')).body).toEqual({ faults: [{ ...fault, by: 60 }] });
      expect((await send('DELETE', '/_emulator/webhook-faults')).status).toBe(204);
      expect((await get('/_emulator/webhook-faults')).body).toEqual({ faults: [] });
      for (const wrong of [
        { fault: 'delayed' },
        { fault: 'lost', by: 3 },
        { fault: 'lost', times: 0 },
        { fault: 'eaten' },
        { fault: 'lost', events: ['bot.dance'] },
      ])
        expect((await post('/_emulator/webhook-faults', wrong)).status, JSON.stringify(wrong)).toBe(400);
    });
  });

  it.each([
    ['eaten', 'fault: '],
    ['delayed', 'by: Give `by` with delayed'],
    ['delayed=soon', 'by: Give a time'],
    ['lost,times=x', 'times: '],
    ['lost,colour=red', 'Unrecognized key'],
  ])('cannot be %s', async (fault, message) => {
    await expect(startServer({ port: 0, webhookFaults: [fault] })).rejects.toMatchObject({
      code: 'invalid_webhook_fault',
      message: expect.stringContaining(message),
    });
  });
});
