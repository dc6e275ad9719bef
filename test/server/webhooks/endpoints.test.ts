import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../src/server/server.ts';
import { parseWebhookUrl } from '../../../src/server/webhooks/endpoints.ts';
import { type Hook, withHooks, withServer } from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

const secretOf = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;

function signer(hook: Hook, secrets: Readonly<Record<string, string>>): string {
  const headers = Object.fromEntries(
    Object.entries(hook.headers).map(([name, value]) => [name, String(value)]),
  );
  const found = Object.entries(secrets).find(([, secret]) => {
    try {
      return new StandardWebhook(secret).verify(hook.text, headers) !== undefined;
    } catch {
      return false;
    }
  });
  return found?.[0] ?? 'nobody';
}

describe('webhook endpoints', () => {
  it('get what they asked for, each signed with its own secret or with that of all', async () => {
    const secrets = { one: secretOf('one one one one one?>'), all: secretOf('all of the others') };
    await withHooks(async (app) => {
      const webhookUrls = [
        `${app.url}/one#events=bot.done,recording.*&secret=${secrets.one}`,
        `${app.url}/two#events=bot.*`,
        { url: `${app.url}/three` },
      ];
      await withServer({ webhookUrls, secret: secrets.all }, async ({ bot, get, until }) => {
        await until(await bot(), 'done');
        await eventually(async () => (await get('/_emulator/webhooks')).body.totals.pending === 0);
      });
      const at = (path: string) => app.hooks.filter((hook) => hook.path.endsWith(path));
      const events = (path: string) => at(path).map(({ body }) => body.event);
      expect(events('/one').sort()).toEqual(['bot.done', 'recording.done', 'recording.processing']);
      expect(events('/two').every((event) => event.startsWith('bot.'))).toBe(true);
      expect(events('/three').sort()).toEqual([...new Set([...events('/two'), ...events('/three')])].sort());
      expect(events('/three')).toEqual(expect.arrayContaining(['meeting_metadata.done', ...events('/two')]));
      const signers = (path: string) => [...new Set(at(path).map((hook) => signer(hook, secrets)))];
      expect([signers('/one'), signers('/two'), signers('/three')]).toEqual([['one'], ['all'], ['all']]);
    });
  });

  it('are added, shown without their secrets, and deleted while the server runs', async () => {
    await withHooks(async (app) => {
      await withServer({}, async ({ bot, get, post, send, until }) => {
        const secret = secretOf('added');
        const added = await post('/_emulator/webhook-endpoints', {
          url: app.url,
          events: ['bot.done'],
          secret,
        });
        expect(added).toMatchObject({
          status: 201,
          body: { url: app.url, events: ['bot.done'], has_own_secret: true },
        });
        const { body } = await get('/_emulator/webhook-endpoints');
        expect(body).toEqual({ endpoints: [added.body] });
        expect(JSON.stringify(body)).not.toContain(secret);
        await until(await bot(), 'done');
        await app.until('bot.done');
        const path = `/_emulator/webhook-endpoints/${added.body.id}`;
        expect((await send('DELETE', path)).status).toBe(204);
        expect(await send('DELETE', path)).toMatchObject({
          status: 404,
          body: { detail: 'There is no such webhook endpoint.' },
        });
        await until(await bot(), 'done');
        expect(app.hooks.map(({ body }) => body.event)).toEqual(['bot.done']);
      });
    });
  });

  it('that a client adds are called only where others may send the server; those of the options always', async () => {
    await withHooks(async (app) => {
      const options = { allowTargets: ['a.example'], webhookUrls: [`${app.url}#events=bot.done`] };
      await withServer(options, async ({ bot, get, post, until }) => {
        await post('/_emulator/webhook-endpoints', {
          url: app.url,
          events: ['bot.fatal', 'bot.joining_call'],
        });
        await until(await bot(), 'done');
        await app.until('bot.done');
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        expect(deliveries[0].attempts[0].error).toContain('is not allowed');
        expect(app.hooks.map(({ body }) => body.event)).toEqual(['bot.done']);
      });
    });
  });

  it.each([
    ['http://a.example/#events=bot.dance', 'unknown_event', '"bot.dance" is no webhook.'],
    ['http://a.example/#secret=whsec_%%%', 'invalid_url', 'has a part "secret"'],
    ['http://a.example/#secret=nonsense', 'invalid_secret', 'The signing secret is not one.'],
    ['http://a.example/#event=bot.done', 'invalid_url', 'has a part "event"'],
    ['ftp://a.example/#events=bot.done', 'invalid_url', 'does not begin an http or https URL'],
  ])('of %s are refused at the start', async (url, code, message) => {
    const refused = startServer({ port: 0, webhookUrls: [url] });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('are not more than a hundred', async () => {
    const webhookUrls = Array.from({ length: 101 }, () => 'http://a.example/');
    await expect(startServer({ port: 0, webhookUrls })).rejects.toMatchObject({
      code: 'too_many_webhook_endpoints',
    });
  });

  it('keep every character of a base64 secret', () => {
    expect(parseWebhookUrl('http://a.example/h?x=1#secret=whsec_a+/b==&events=bot.done,all')).toEqual({
      url: 'http://a.example/h?x=1',
      secret: 'whsec_a+/b==',
      events: ['bot.done', 'all'],
    });
  });
});
