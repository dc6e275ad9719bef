import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type InboxOptions, type InboxWebhook, startInbox } from '../../src/inbox/inbox.ts';
import { trigger } from '../../src/index.ts';
import { signRequest } from '../../src/protocol/index.ts';
import { withHooks, withServer } from '../support/mock.ts';

const SECRET = 'whsec_YSBzZWNyZXQgb2Ygc29tZSBsZW5ndGg=';
const NOW = 1_780_000_000;

async function withInbox<T>(
  options: InboxOptions,
  use: (inbox: { url: string; came: InboxWebhook[] }) => Promise<T>,
): Promise<T> {
  const came: InboxWebhook[] = [];
  await using inbox = await startInbox({ ...options, onWebhook: (webhook) => void came.push(webhook) });
  return await use({ url: inbox.url, came });
}

const signed = (body: string, id = 'msg_1') =>
  signRequest({ secret: SECRET, id, timestampSeconds: NOW, body });
const send = (url: string, body: string, headers: Record<string, string>) =>
  fetch(url, { method: 'POST', body, headers });

describe('an inbox', () => {
  it('tells right signatures from wrong ones, and why those are', async () => {
    await withInbox({ secret: SECRET }, async ({ url, came }) => {
      const to = `${url}/hooks?x=1`;
      const how = [{}, { badSignature: true }, { stale: true }, { legacy: true }, { secret: undefined }];
      const answers: (number | null)[] = [];
      for (const each of how) {
        const { results } = await trigger('bot.done', { to, secret: SECRET, ...each });
        answers.push(results[0]!.status);
      }
      expect(answers).toEqual([200, 401, 401, 200, 401]);
      expect(came.map(({ signature: { ok, cause, headers } }) => [ok, cause, headers])).toEqual([
        [true, null, 'standard'],
        [false, 'secret_or_content', 'standard'],
        [false, 'clock', 'standard'],
        [true, null, 'svix'],
        [false, 'not_signed', null],
      ]);
      expect(came[0]).toMatchObject({ number: 1, path: '/hooks?x=1', event: 'bot.done', again: false });
      expect(came[1]!.signature.hint).toContain('1 other was right by this secret');
    });
  });

  it('knows what comes again, and a body that was changed when the right one came before', async () => {
    await withInbox({ secret: SECRET, nowSeconds: () => NOW }, async ({ url, came }) => {
      const body = '{"event":"bot.done"}';
      await send(url, body, signed(body));
      await send(url, body, signed(body));
      await send(url, '{"event":"bot.fatal"}', signed(body));
      await send(url, '{"event":"bot.fatal"}', signed(body, 'msg_2'));
      expect(came.map(({ again, signature: { cause } }) => [again, cause])).toEqual([
        [false, null],
        [true, null],
        [true, 'body_changed'],
        [false, 'secret_or_content'],
      ]);
      expect(came[2]!.signature.text).toContain('came before with another body');
    });
  });

  it('checks nothing without a secret, and says so', async () => {
    await withInbox({}, async ({ url, came }) => {
      await trigger('bot.done', { to: url, secret: SECRET });
      await trigger('bot.done', { to: url });
      await send(url, '{}', { 'webhook-id': 'msg_1' });
      expect(came.map(({ signature: { ok, text } }) => [ok, text])).toEqual([
        [null, 'It is signed, and not checked: no `secret` was given.'],
        [null, 'It is not signed.'],
        [false, 'Webhook-Timestamp and Webhook-Signature are missing; Webhook-Id came.'],
      ]);
    });
  });

  it('passes each on as it came and answers as the app does', async () => {
    await withHooks(
      async (app) => {
        await withInbox({ secret: SECRET, forward: app.url }, async ({ url, came }) => {
          const report = await trigger('recording.done', { to: url, secret: SECRET });
          expect(report.results[0]).toMatchObject({ status: 418 });
          expect(app.hooks[0]!.body).toEqual(report.body);
          expect(app.hooks[0]!.headers['webhook-id']).toBe(report.id);
          expect(came[0]).toMatchObject({ forwarded: { status: 418 }, answered: 418 });
        });
      },
      () => 418,
    );
    await withInbox({ forward: 'http://127.0.0.1:1' }, async ({ url, came }) => {
      const { results } = await trigger('bot.done', { to: url });
      expect(results[0]).toMatchObject({ status: 502 });
      expect(came[0]!.forwarded).toMatchObject({ error: 'connection refused' });
    });
  });

  it('takes what serve sends, each endpoint with its own secret', async () => {
    await withInbox({ secret: SECRET }, async ({ url, came }) => {
      await withServer({ webhookUrls: [`${url}#secret=${SECRET}&events=bot.*`] }, async ({ bot, until }) => {
        await until(await bot(), 'done');
      });
      expect(came.length).toBeGreaterThan(5);
      expect(came.filter(({ signature }) => signature.ok !== true)).toEqual([]);
    });
  });

  it('takes any bytes: what is no JSON, no UTF-8 or no event is told as that', async () => {
    await withInbox({ secret: SECRET, nowSeconds: () => NOW }, async ({ url, came }) => {
      await send(url, 'nonsense', signed('nonsense'));
      await send(url, '[1]', signed('[1]'));
      await send(url, '{"event":7}', signed('{"event":7}'));
      await fetch(url, { method: 'POST', body: new Uint8Array([0xff, 0xfe]), headers: signed('') });
      expect(came.map(({ event, body, signature: { ok } }) => [event, body, ok])).toEqual([
        [null, null, true],
        [null, [1], true],
        [null, { event: 7 }, true],
        [null, null, null],
      ]);
    });
  });

  it('turns away what is no webhook, what is too long, and pages of others', async () => {
    await withInbox({}, async ({ url, came }) => {
      expect((await fetch(url)).status).toBe(405);
      const long = await fetch(url, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024 + 1) }).then(
        ({ status }) => status,
        // The answer comes while the body is still being sent.
        () => 413,
      );
      expect(long).toBe(413);
      expect((await send(url, '{}', { Origin: 'https://evil.example' })).status).toBe(403);
      expect(came).toEqual([]);
    });
  });

  it('closes while a request is half sent', async () => {
    const inbox = await startInbox();
    const { port } = new URL(inbox.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) =>
      socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{', () => resolve()),
    );
    await Promise.all([inbox.close(), inbox.close(), closed]);
  });

  it.each([
    [{ secret: 'nonsense' }, 'invalid_secret'],
    [{ forward: 'ws://127.0.0.1' }, 'invalid_url'],
  ])('does not start with %j', async (options, code) => {
    await expect(startInbox(options)).rejects.toMatchObject({ code });
  });
});
