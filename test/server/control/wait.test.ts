import { describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../../src/emulator/clock.ts';
import { createMock } from '../../../src/server/server.ts';
import { asker, LONG, NO_DELAYS, withHooks, withServer, ZOOM } from '../../support/mock.ts';

describe('waiting', () => {
  it('is over when the bot has had the status, also when it has gone on since', async () => {
    await withServer({}, async ({ get, bot }) => {
      const id = await bot();
      const done = await get(`/_emulator/wait?bot=${id}&status=done`);
      expect(done).toMatchObject({ status: 200, body: { bot_id: id, status: 'done' } });
      const earlier = await get(`/_emulator/wait?bot=${id}&status=in_call_recording`);
      expect(earlier).toMatchObject({ status: 200, body: { change: { code: 'in_call_recording' } } });
    });
  });

  it('begins before anything has happened, and for any bot of the key', async () => {
    await withServer({}, async ({ get, bot }) => {
      const waiting = get('/_emulator/wait?status=call_ended&timeout=2m');
      const id = await bot();
      expect((await waiting).body).toMatchObject({ bot_id: id, change: { code: 'call_ended' } });
    });
  });

  it('ends at once when the bot has ended otherwise, and says how', async () => {
    await withServer({}, async ({ get, bot }) => {
      const id = await bot();
      await get(`/_emulator/wait?bot=${id}&status=done`);
      expect(await get(`/_emulator/wait?bot=${id}&status=fatal&timeout=10m`)).toMatchObject({
        status: 409,
        body: { code: 'bot_has_ended', detail: 'The bot was never fatal: it has ended as done.' },
      });
    });
  });

  it('is over when a webhook has been delivered', async () => {
    await withHooks(async (app) => {
      await withServer({ webhookUrls: [app.url] }, async ({ get, bot }) => {
        const id = await bot();
        const { status, body } = await get(`/_emulator/wait?bot=${id}&event=bot.done`);
        expect([status, body.delivery.event, body.delivery.state]).toEqual([200, 'bot.done', 'delivered']);
        expect(app.hooks.some((hook) => hook.body.event === 'bot.done')).toBe(true);
      });
    });
  });

  it('ends with its time, and says where the bots are', async () => {
    await withServer({ scenario: LONG, speed: 1, delays: NO_DELAYS }, async ({ get, bot, until }) => {
      const id = await bot();
      await until(id, 'in_call_recording');
      expect(await get(`/_emulator/wait?bot=${id}&status=done&timeout=10ms`)).toMatchObject({
        status: 408,
        body: { code: 'timeout', bots: [{ bot_id: id, status: 'in_call_recording' }] },
      });
    });
  });

  it('is asked for by one thing, in a time that is one', async () => {
    await withServer({}, async ({ get }) => {
      for (const query of [
        '',
        'status=done&event=bot.done',
        'status=nothing',
        'event=x&timeout=11m',
        'event=x&timeout=soon',
      ])
        expect((await get(`/_emulator/wait?${query}`)).status, query).toBe(400);
      expect((await get('/_emulator/wait?bot=x&status=done')).status).toBe(404);
    });
  });

  it('ends at once when what it waits for is forgotten', async () => {
    const mock = await createMock({ scenario: LONG, speed: 1, delays: NO_DELAYS });
    try {
      const ask = asker(mock);
      const created = await ask('POST', '/api/v1/bot/', { meeting_url: ZOOM });
      const { id } = JSON.parse(created.text);
      const waiting = [`bot=${id}&status=done`, 'status=fatal', 'event=bot.done'].map((what) =>
        ask('GET', `/_emulator/wait?${what}&timeout=10m`),
      );
      // Without sockets, whoever asks later is answered later: those wait by then.
      await ask('GET', '/_emulator/bots');
      await ask('POST', '/_emulator/reset');
      for (const { status, text } of await Promise.all(waiting))
        expect([status, JSON.parse(text).code]).toEqual([409, 'forgotten']);
    } finally {
      await mock.close();
    }
  });

  it('leaves no timer behind', async () => {
    const open = new Set<() => void>();
    const clock = realClock();
    const { afterWall } = clock;
    const counting: Clock['afterWall'] = (ms, callback) => {
      const cancel = afterWall(ms, callback);
      if (ms === 599_000) open.add(callback);
      return () => {
        open.delete(callback);
        cancel();
      };
    };
    Object.assign(clock, { afterWall: counting });
    await withServer({ clock, delays: NO_DELAYS }, async ({ get, bot }) => {
      const waiting = get('/_emulator/wait?status=joining_call&timeout=599s');
      await bot();
      expect((await waiting).status).toBe(200);
      expect(open.size).toBe(0);
    });
  });
});
