import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../../src/emulator/clock.ts';
import { startServer } from '../../../src/server/server.ts';
import { faultyReceiver } from '../../support/faulty-receiver.ts';
import {
  type Hook,
  SHORT,
  withDeadApp,
  withHooks,
  withServer,
  withSlowHooks,
  ZOOM,
} from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

/** Of every state. */
const NONE = { pending: 0, delivered: 0, failed: 0, dropped: 0, withheld: 0 };

function headersOf({ headers }: Pick<Hook, 'headers'>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describe('signed requests', () => {
  it("pass the library's own verifier, webhooks and upgrades alike", async () => {
    const receiver = await faultyReceiver();
    await withHooks(async (app) => {
      await withServer({ secret: SECRET, webhookUrls: [app.url] }, async ({ bot, until }) => {
        const id = await bot({
          recording_config: {
            audio_separate_raw: {},
            realtime_endpoints: [
              { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
              { type: 'webhook', url: `${app.url}/realtime`, events: ['participant_events.join'] },
            ],
          },
        });
        await until(id, 'done');
        await app.until('bot.done');
      });
      expect(app.hooks.map(({ body }) => body.event)).toContain('participant_events.join');
      const verifier = new StandardWebhook(SECRET);
      for (const hook of app.hooks) expect(verifier.verify(hook.text, headersOf(hook))).toEqual(hook.body);
      expect(() => verifier.verify(`${app.hooks[0]!.text} `, headersOf(app.hooks[0]!))).toThrow();
      // An upgrade has no body.
      expect(receiver.upgrades).toHaveLength(1);
      const { headers } = receiver.upgrades[0]!;
      const signature = new StandardWebhook(SECRET).sign(
        String(headers['webhook-id']),
        new Date(Number(headers['webhook-timestamp']) * 1_000),
        '',
      );
      expect(headers['webhook-signature']).toBe(signature);
    });
    await receiver.close();
  });

  it("carry the older names on status webhooks, which svix's own library verifies", async () => {
    await withHooks(async (app) => {
      await withServer(
        { secret: SECRET, legacySignatures: true, webhookUrls: [app.url] },
        async ({ bot, until }) => {
          await until(await bot(), 'done');
          await app.until('bot.done');
        },
      );
      const verifier = new SvixWebhook(SECRET);
      for (const hook of app.hooks) {
        expect(hook.headers['webhook-id']).toBeUndefined();
        expect(verifier.verify(hook.text, headersOf(hook))).toEqual(hook.body);
      }
    });
  });
});

describe('deliveries', () => {
  it('are made in the order of what happened', async () => {
    await withHooks(async (app) => {
      let made: string[] = [];
      await withServer({ webhookUrls: [app.url] }, async ({ bot, get, until }) => {
        await until(await bot({ recording_config: { audio_separate_raw: {} } }), 'done');
        await eventually(async () => (await get('/_emulator/webhooks')).body.totals.pending === 0);
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        made = deliveries.map(({ event }: { event: string }) => event);
      });
      // Those of one moment leave side by side.
      expect(app.hooks.map(({ body }) => body.event).sort()).toEqual([...made].sort());
      expect(made).toEqual([
        'bot.joining_call',
        'bot.in_waiting_room',
        'bot.in_call_not_recording',
        'bot.recording_permission_allowed',
        'bot.in_call_recording',
        'recording.processing',
        'audio_separate.processing',
        'participant_events.processing',
        'meeting_metadata.processing',
        'video_mixed.processing',
        'bot.call_ended',
        'audio_separate.done',
        'participant_events.done',
        'meeting_metadata.done',
        'video_mixed.done',
        'recording.done',
        'bot.done',
      ]);
    });
  });

  it('are retried on the documented schedule, and delivered once more on demand', async () => {
    await withHooks(
      async (app) => {
        await withServer({ webhookUrls: [app.url] }, async ({ bot, get, post, until }) => {
          await until(await bot({ metadata: { a: 'b' } }), 'done');
          await post('/_emulator/advance', { seconds: 30 * 3_600 });
          const { body } = await get('/_emulator/webhooks');
          expect(body.totals.failed).toBe(1);
          const failed = body.deliveries.find(({ state }: { state: string }) => state === 'failed');
          expect(failed.event).toBe('bot.joining_call');
          const times = failed.attempts.map(({ at }: { at: string }) => Date.parse(at));
          const waits = times
            .slice(1)
            .map((at: number, index: number) => Math.round((at - times[index]) / 1_000));
          expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
          const before = app.hooks.length;
          expect((await post(`/_emulator/webhooks/${failed.id}/redeliver`)).status).toBe(202);
          await eventually(() => app.hooks.length > before);
          expect(app.hooks.at(-1)!.body).toEqual(failed.body);
        });
      },
      (_, hook) => (hook.body.event === 'bot.joining_call' ? 500 : 200),
    );
  });

  it('to a real-time endpoint are retried every second, 60 times; then it has failed and gets no more', async () => {
    await withHooks(
      async (app) => {
        const scenario = { ...SHORT, duration: 120 };
        await withServer({ scenario }, async ({ bot, get, until }) => {
          const endpoint = {
            type: 'webhook',
            url: app.url,
            events: ['participant_events.join', 'participant_events.speech_on'],
          };
          await until(await bot({ recording_config: { realtime_endpoints: [endpoint] } }), 'done');
          const { results } = (await get('/api/v1/realtime_endpoint/')).body;
          expect(results[0].status.code).toBe('failed');
        });
        const joins = app.hooks.filter(({ body }) => body.event === 'participant_events.join');
        expect(joins).toHaveLength(61);
      },
      () => 503,
    );
  });

  it('follow no redirect, and say when nobody listens', async () => {
    await withHooks(
      async (app) => {
        await withServer({ webhookUrls: [app.url, 'http://127.0.0.1:1/'] }, async ({ bot, get, until }) => {
          await until(await bot(), 'done');
          const { deliveries } = (await get('/_emulator/webhooks')).body;
          const first = (url: string) =>
            deliveries.find((each: { url: string }) => each.url === url).attempts[0];
          expect(first(app.url)).toMatchObject({ status: 302, error: null });
          expect(first('http://127.0.0.1:1/')).toMatchObject({ status: null, error: 'connection refused' });
        });
      },
      () => 302,
    );
  });

  it('give up on an app that does not answer in time', async () => {
    await withDeadApp(async (app) => {
      await withServer(
        { webhookUrls: [app.url], webhookTimeoutSeconds: 0.2, closeSeconds: 0.5 },
        async ({ bot, get, post, until }) => {
          await until(await bot(), 'done');
          await post('/_emulator/advance', { seconds: 1 });
          const [first] = (await get('/_emulator/webhooks')).body.deliveries;
          expect(first.attempts[0]).toMatchObject({ status: null, error: 'no answer within 0.2 s' });
        },
      );
    });
  });

  it('hold virtual time for one timeout, not for the timeouts of all', async () => {
    await withDeadApp(async (app) => {
      const options = { webhookUrls: [app.url], webhookTimeoutSeconds: 1, closeSeconds: 0.5 };
      await withServer(options, async ({ bot, get, until }) => {
        await until(await bot(), 'done');
        // The bot was done before the others of its webhooks, which left at other moments, had been given up.
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        const givenUp = deliveries.filter(({ attempts }: { attempts: unknown[] }) => attempts.length > 0);
        expect(givenUp.length).toBeLessThan(5);
        expect(deliveries.length).toBeGreaterThan(10);
      });
    });
  });

  it.each(['max', 1] as const)(
    'keep nobody from closing when nothing answers, at speed %s',
    async (speed) => {
      await withDeadApp(async (app) => {
        const server = await startServer({
          port: 0,
          seed: 1,
          speed,
          scenario: SHORT,
          webhookUrls: [app.url],
          // Longer than the patience of any test.
          webhookTimeoutSeconds: 3_600,
          closeSeconds: 0.5,
        });
        await fetch(`${server.url}/api/v1/bot/`, {
          method: 'POST',
          headers: { Authorization: 'Token k', 'Content-Type': 'application/json' },
          body: JSON.stringify({ meeting_url: ZOOM }),
        });
        await app.asked();
        await Promise.all([server.close(), server.close()]);
        const { webhooks } = server.stats();
        expect(webhooks).toMatchObject({ delivered: 0, failed: 0, dropped: 0 });
        // All statuses of a bot that left: its last is `bot.done`.
        expect(webhooks.pending).toBeGreaterThanOrEqual(3);
      });
    },
  );

  it('to URLs and hosts that cannot be called are failures, and nothing else', async () => {
    await withServer(
      { mapTargets: { 'https://my.app': 'http://127.0.0.1:1' }, webhookTimeoutSeconds: 1 },
      async ({ bot, get, until }) => {
        const endpoint = {
          type: 'webhook',
          url: 'https://my.app/hook',
          events: ['participant_events.join'],
        };
        await until(await bot({ recording_config: { realtime_endpoints: [endpoint] } }), 'done');
        const { deliveries } = (await get('/_emulator/webhooks')).body;
        expect(deliveries[0].attempts[0]).toMatchObject({ error: 'connection refused' });
      },
    );
  });

  it('are counted exactly, however many there are, and once each', async () => {
    let broken = true;
    await withHooks(
      async (app) => {
        const clock = realClock({ speed: 0.001 });
        await withServer({ webhookUrls: [app.url], clock }, async ({ bot, post, server }) => {
          for (let made = 0; made < 90; made++) await bot();
          await post('/_emulator/advance', { seconds: 20 });
          const ids = new Set(app.hooks.map(({ headers, text }) => headers['webhook-id'] ?? text));
          // More than the log keeps.
          expect(ids.size).toBeGreaterThan(1_000);
          expect(server.stats().webhooks).toEqual({ ...NONE, pending: ids.size });
          broken = false;
          await post('/_emulator/advance', { seconds: 600 });
          expect(server.stats().webhooks).toEqual({ ...NONE, delivered: ids.size });
        });
      },
      () => (broken ? 500 : 200),
    );
  });

  it('count as delivered when they arrive on demand after they had failed', async () => {
    let broken = true;
    await withHooks(
      async (app) => {
        await withServer({ webhookUrls: [app.url] }, async ({ bot, get, post, until, server }) => {
          await until(await bot(), 'done');
          await post('/_emulator/advance', { seconds: 40 * 3_600 });
          const failed = server.stats().webhooks.failed;
          expect(failed).toBeGreaterThan(5);
          broken = false;
          const { deliveries } = (await get('/_emulator/webhooks')).body;
          const { id } = deliveries[0];
          for (let times = 0; times < 2; times++) {
            const before = app.hooks.length;
            await post(`/_emulator/webhooks/${id}/redeliver`);
            await eventually(() => app.hooks.length > before);
          }
          await eventually(() => server.stats().webhooks.delivered > 0);
          expect(server.stats().webhooks).toEqual({ ...NONE, delivered: 1, failed: failed - 1 });
          broken = true;
          await post(`/_emulator/webhooks/${id}/redeliver`);
          await post('/_emulator/advance', { seconds: 40 * 3_600 });
          expect((await get(`/_emulator/webhooks/${id}`)).body.state).toBe('delivered');
          expect(server.stats().webhooks).toMatchObject({ delivered: 1, failed: failed - 1 });
        });
      },
      () => (broken ? 500 : 200),
    );
  });

  it('of statuses leave side by side: one that gets no answer holds up no other', async () => {
    await withSlowHooks('bot.joining_call', async (app) => {
      // Longer than the patience of any test: nothing goes on because the one was given up.
      const options = { webhookUrls: [app.url], speed: 20, webhookTimeoutSeconds: 3_600 };
      await withServer(options, async ({ bot, get, until, server }) => {
        await until(await bot(), 'done');
        await app.until('bot.done');
        expect(app.answered()).toBe(false);
        expect(server.stats().webhooks.pending).toBeGreaterThan(0);
        app.answer();
        await eventually(async () => (await get('/_emulator/webhooks')).body.totals.pending === 0);
      });
    });
  });

  it('to a real-time endpoint wait for the one before, its retries included', async () => {
    await withHooks(
      async (app) => {
        await withServer({}, async ({ bot, until }) => {
          const endpoint = {
            type: 'webhook',
            url: app.url,
            events: ['join', 'speech_on', 'speech_off'].map((name) => `participant_events.${name}`),
          };
          await until(await bot({ recording_config: { realtime_endpoints: [endpoint] } }), 'done');
          await app.until('participant_events.speech_off');
        });
        expect(app.hooks.map(({ body }) => body.event.split('.')[1])).toEqual([
          ...['join', 'join', 'join', 'join'],
          ...['speech_on', 'speech_on', 'speech_off'],
        ]);
      },
      (number) => ([0, 1, 2, 4].includes(number) ? 503 : 200),
    );
  });

  it('to a real-time endpoint that has failed are dropped, those that wait included', async () => {
    await withHooks(
      async (app) => {
        const scenario = { ...SHORT, duration: 120 };
        await withServer({ scenario }, async ({ bot, get, until, server }) => {
          const events = ['join', 'speech_on', 'speech_off'].map((name) => `participant_events.${name}`);
          const endpoint = { type: 'webhook', url: app.url, events };
          await until(await bot({ recording_config: { realtime_endpoints: [endpoint] } }), 'done');
          expect(server.stats().webhooks).toMatchObject({ failed: 1, dropped: 2, pending: 0 });
          const { deliveries } = (await get('/_emulator/webhooks')).body;
          expect(deliveries.map(({ state }: { state: string }) => state)).toEqual([
            'failed',
            'dropped',
            'dropped',
          ]);
        });
        expect(new Set(app.hooks.map(({ body }) => body.event))).toEqual(
          new Set(['participant_events.join']),
        );
      },
      () => 503,
    );
  });
});
