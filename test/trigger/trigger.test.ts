import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { trigger } from '../../src/index.ts';
import { type RealtimeEvent, readRealtimeEvent, webhookSchema } from '../../src/protocol/index.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { TRIGGER_EVENTS } from '../../src/trigger/sample-events.ts';
import { triggerMessage } from '../../src/trigger/trigger.ts';
import { faultyReceiver } from '../support/faulty-receiver.ts';
import { type Hook, withDeadApp, withHooks } from '../support/mock.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

const headersOf = ({ headers }: Hook): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

describe('trigger', () => {
  it('sends every webhook and every real-time event that goes by HTTP, valid and signed', async () => {
    const events = TRIGGER_EVENTS.filter(({ transports }) => transports.includes('webhook'));
    expect(events).toHaveLength(53 + 12);
    await withHooks(async (app) => {
      const verifier = new StandardWebhook(SECRET);
      for (const { name, kind } of events) {
        const report = await trigger(name, { to: app.url, secret: SECRET });
        expect(report).toMatchObject({ ok: true, event: name, results: [{ status: 200, error: null }] });
        const hook = app.hooks.at(-1)!;
        expect(hook.body).toEqual(report.body);
        expect(hook.headers['webhook-id']).toBe(report.id);
        expect(() => verifier.verify(hook.text, headersOf(hook))).not.toThrow();
        if (kind === 'status') expect(webhookSchema.safeParse(hook.body).error, name).toBeUndefined();
        else expect(readRealtimeEvent(hook.body)).toMatchObject({ kind: 'event' });
      }
    });
  });

  it('writes every real-time event to a WebSocket that is opened with a signature', async () => {
    const came: RealtimeEvent[] = [];
    await using receiver = await startReceiver({ secret: SECRET, onEvent: (event) => void came.push(event) });
    const events = TRIGGER_EVENTS.filter(({ kind }) => kind === 'realtime');
    expect(events).toHaveLength(15);
    for (const { name } of events) {
      const report = await trigger(name, { to: receiver.url, secret: SECRET });
      expect(report).toMatchObject({ ok: true, results: [{ status: null, error: null }] });
      expect(came.at(-1)).toEqual(JSON.parse(JSON.stringify(report.body)));
    }
    expect(came.map(({ event }) => event)).toEqual(events.map(({ name }) => name));
    expect(receiver.problems).toEqual([]);
  });

  it('is wrong on purpose: another secret, too old, twice, by the older names', async () => {
    await withHooks(async (app) => {
      const send = async (how: object) => {
        await trigger('bot.done', { to: app.url, secret: SECRET, ...how });
        return app.hooks.splice(0);
      };
      const verifier = new StandardWebhook(SECRET);
      const [bad] = await send({ badSignature: true });
      expect(() => verifier.verify(bad!.text, headersOf(bad!))).toThrow('No matching signature found');
      const [stale] = await send({ stale: true });
      expect(() => verifier.verify(stale!.text, headersOf(stale!))).toThrow('Message timestamp too old');
      const [first, second, ...others] = await send({ duplicate: true });
      expect(others).toEqual([]);
      expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      expect(second!.text).toBe(first!.text);
      const [legacy] = await send({ legacy: true });
      expect(legacy!.headers['webhook-id']).toBeUndefined();
      expect(() => new SvixWebhook(SECRET).verify(legacy!.text, headersOf(legacy!))).not.toThrow();
      const [unsigned] = await send({ secret: undefined });
      expect(Object.keys(unsigned!.headers).join()).not.toMatch(/webhook-|svix-/);
    });
  });

  it('is turned away by a receiver that verifies, when the signature of the upgrade is wrong', async () => {
    await using receiver = await startReceiver({ secret: SECRET });
    for (const how of [{ badSignature: true }, { stale: true }, { secret: undefined }]) {
      const to = receiver.url;
      const report = await trigger('participant_events.join', { to, secret: SECRET, ...how });
      expect(report.ok).toBe(false);
      expect(report.results[0]!.error).toContain('401');
    }
    const twice = await trigger('participant_events.join', {
      to: receiver.url,
      secret: SECRET,
      duplicate: true,
    });
    expect(twice.results).toHaveLength(2);
    expect(receiver.stats().messages).toBe(2);
  });

  it('says what the app made of it', async () => {
    await withHooks(
      async (app) => {
        const report = await trigger('bot.done', { to: app.url });
        expect(report).toMatchObject({ ok: false, id: null, results: [{ status: 418, error: 'HTTP 418' }] });
      },
      () => 418,
    );
    await withDeadApp(async (app) => {
      const { results } = await trigger('bot.done', { to: app.url, timeoutSeconds: 0.2 });
      expect(results).toEqual([{ status: null, error: 'no answer within 0.2 s' }]);
    });
    const receiver = await faultyReceiver([{ kind: 'close', after: 1, code: 1011 }]);
    const { ok, results } = await trigger('transcript.data', { to: receiver.url });
    expect(ok).toBe(false);
    expect(results[0]!.error).toContain('1011');
    await receiver.close();
  });

  it('has other values where it is told, and everything else as it was', async () => {
    const now = new Date('2026-05-05T05:05:05Z');
    const plain = (await triggerMessage('transcript.data', { now })) as {
      data: { data: { words: object[] } };
    };
    const changed = await triggerMessage('transcript.data', {
      now,
      overrides: { 'data.data.words.0.text': 'Nobody', 'data.extra': { a: 1 } },
    });
    const [first, ...rest] = plain.data.data.words;
    expect(changed).toEqual({
      ...plain,
      data: {
        ...plain.data,
        data: { ...plain.data.data, words: [{ ...first, text: 'Nobody' }, ...rest] },
        extra: { a: 1 },
      },
    });
  });

  it.each([
    ['bot.dance', {}, 'unknown_event', '"bot.dance" is no event.'],
    ['transcript.provider_data', {}, 'unknown_event', 'what it carries is not documented'],
    ['bot.done', { to: 'ws://127.0.0.1:1' }, 'invalid_url', 'by webhooks only'],
    ['audio_mixed_raw.data', {}, 'invalid_url', 'over WebSockets only'],
    ['bot.done', { to: 'nonsense' }, 'invalid_url', 'is not a URL'],
    ['bot.done', { secret: 'nonsense' }, 'invalid_secret', 'is not one'],
    ['bot.done', { stale: true }, 'invalid_option', '`stale` says how it is signed'],
    ['transcript.data', { secret: SECRET, legacy: true }, 'invalid_option', '`legacy` is for webhooks'],
    ['bot.done', { timeoutSeconds: 0 }, 'invalid_option', '`timeoutSeconds` is 0.'],
    ['bot.done', { overrides: { 'event.x': 1 } }, 'invalid_override', 'a string'],
  ])('refuses %s with %j', async (event, options, code, message) => {
    await expect(trigger(event, { to: 'http://127.0.0.1:1', ...options })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
