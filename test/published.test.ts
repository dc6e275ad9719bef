/** The published documents against what is really sent and answered, and against the validators of their formats. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { play } from '../src/play.ts';
import { REALTIME_EVENT_NAMES, WEBHOOK_NAMES, webhook } from '../src/protocol/index.ts';
import { PUBLISHED, publishedText } from '../src/published.ts';
import { startReceiver } from '../src/receiver/receiver.ts';
import { OPERATIONS } from '../src/server/api/resources/index.ts';
import { everything } from './support/all-events.ts';
import { CALENDAR, EVENT } from './support/calendar.ts';
import { runCli } from './support/cli.ts';
import { withReceiver } from './support/faulty-receiver.ts';
import { fullConfig, withHooks, withServer, ZOOM } from './support/mock.ts';

type Json = Record<string, unknown>;

/** Schemas of readers, in which every object now refuses what it does not name: nothing may be sent that is not in them. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  if ('properties' in copy && copy.type === 'object') copy.additionalProperties = false;
  return copy;
}

type Validators = (pointer: string) => ValidateFunction;

function validators(ajv: Ajv, document: unknown): Validators {
  (addFormats as unknown as (target: Ajv) => void)(ajv);
  ajv.addSchema(document as Json, 'document');
  return (pointer) => ajv.getSchema(`document#${pointer}`)!;
}

/** A step of a JSON pointer in a URI. */
const step = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

function expectDescribed(validate: ValidateFunction, body: unknown, what: string): void {
  expect(validate(body) ? [] : validate.errors, `${what}: ${JSON.stringify(body).slice(0, 400)}`).toEqual([]);
}

const OPTIONS = { strict: false, allErrors: true, logger: false } as const;
const asyncapi = (): Json => parse(publishedText('asyncapi'));
const messages = (): ((name: string) => ValidateFunction) => {
  const at = validators(new Ajv(OPTIONS), closed(asyncapi()));
  return (name) => at(`/components/messages/${step(name)}/payload`);
};
/** The family of a webhook, as the document names it. */
const familyOf = (event: string): string =>
  /^(calendar\.|bot\.(output_)?log$|bot\.status_change$)/.test(event)
    ? event.replace('output_', '')
    : `${event.split('.')[0]}.status`;

it('the published documents are valid by the validators of their formats', () => {
  const { stderr, status } = spawnSync(process.execPath, ['scripts/validate-schemas.mjs'], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect([stderr, status]).toEqual(['', 0]);
});

it.each(PUBLISHED.filter(({ file }) => file.endsWith('.schema.json')))(
  'the schema $name has an id that stays, and compiles',
  ({ name, file }) => {
    const schema = JSON.parse(publishedText(name));
    expect(schema.$id).toBe(`https://unpkg.com/recall-emulator/schemas/${file}`);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const ajv = new Ajv2020(OPTIONS);
    (addFormats as unknown as (target: Ajv) => void)(ajv);
    expect(ajv.compile(schema)).toBeTypeOf('function');
  },
);

describe('asyncapi.yaml', () => {
  it('describes every message that a meeting sends, field by field', async () => {
    const describing = messages();
    const seen = new Set<string>();
    await withReceiver([], async (receiver) => {
      await play({ scenario: everything, to: `${receiver.url}/`, speed: 'max', events: ['all'], seed: 1 });
      for (const text of receiver.messages) {
        const message = JSON.parse(text);
        seen.add(message.event);
        expectDescribed(describing(message.event), message, message.event);
      }
    });
    expect([...seen].sort()).toEqual([...REALTIME_EVENT_NAMES].sort());
    const { channels } = asyncapi() as { channels: Record<string, { messages: Json }> };
    expect(Object.keys(channels.realtime_websocket!.messages).sort()).toEqual([...seen].sort());
  });

  it('describes every webhook', () => {
    const describing = messages();
    for (const name of WEBHOOK_NAMES)
      expectDescribed(describing(familyOf(name)), JSON.parse(JSON.stringify(webhook(name))), name);
  });

  it('describes what serve posts to the webhooks of a bot and of its real-time endpoint', async () => {
    const describing = messages();
    const receiver = await startReceiver({});
    await withHooks(async (app) => {
      await withServer({ webhookUrls: [app.url] }, async (client) => {
        await client.until(
          await client.bot({ recording_config: fullConfig(receiver.url, `${app.url}/realtime`) }),
          'done',
        );
        await app.until('bot.done');
      });
      const ofEndpoint = app.hooks.filter(({ path }) => path.endsWith('/realtime'));
      expect(ofEndpoint.length).toBeGreaterThan(0);
      expect(app.hooks.length - ofEndpoint.length).toBeGreaterThan(10);
      for (const { body, path } of app.hooks) {
        const name = path.endsWith('/realtime') ? body.event : familyOf(body.event);
        expectDescribed(describing(name), body, body.event);
      }
    });
    await receiver.close();
  });
});

describe('openapi.json', () => {
  it('describes the answers of serve, field by field', async () => {
    const at = validators(new Ajv2020(OPTIONS), JSON.parse(publishedText('openapi')));
    const seen = new Set<string>();
    const receiver = await startReceiver({});
    await withServer({ legacy: true }, async (client) => {
      const check = async (method: string, path: string, ids: Json = {}, body?: unknown): Promise<Json> => {
        const asked = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(ids[name]));
        const answer = await client.send(method, asked, body);
        const pointer = `/paths/${step(path)}/${method.toLowerCase()}/responses/${answer.status}`;
        if (answer.status !== 204)
          expectDescribed(
            at(`${pointer}/content/${step('application/json')}/schema`),
            answer.body,
            `${method} ${path} ${answer.status}`,
          );
        seen.add(`${method} ${path}`);
        return answer.body;
      };
      const config = { ...fullConfig(receiver.url, 'http://127.0.0.1:1/'), video_separate_mp4: {} };
      const bot = await check('POST', '/api/v1/bot/', {}, { meeting_url: ZOOM, recording_config: config });
      await check('POST', '/api/v1/bot/', {}, { meeting_url: 1 });
      await client.until(String(bot.id), 'done');
      const later = { meeting_url: ZOOM, join_at: '2099-01-01T00:00:00Z' };
      const scheduled = await check('POST', '/api/v1/bot/', {}, later);
      await check('PATCH', '/api/v1/bot/{id}/', scheduled, { bot_name: 'New' });
      await check('POST', '/api/v2/calendars/', {}, CALENDAR);
      const calendars = await check('GET', '/api/v2/calendars/');
      const [calendar] = calendars.results as Json[];
      await client.post(`/_emulator/calendars/${calendar!.id}/events`, {
        ...EVENT,
        start_time: '2099-01-02T10:00:00Z',
      });
      await client.post('/api/v1/sdk_upload/', {});
      // Whatever can be listed, and then each of it by its id.
      for (const { method, path } of OPERATIONS.filter(
        (each) => each.method === 'GET' && !each.path.includes('{'),
      )) {
        const list = await check(method, path);
        const [first] = (list.results ?? []) as Json[];
        const single = OPERATIONS.find((each) => each.method === 'GET' && each.path === `${path}{id}/`);
        if (single === undefined) continue;
        expect(first, path).toBeDefined();
        await check('GET', single.path, first);
        if (path.includes('calendar')) continue;
        const update = OPERATIONS.find((each) => each.method === 'PATCH' && each.path === single.path);
        if (update !== undefined && path !== '/api/v1/bot/')
          await check('PATCH', update.path, first, { metadata: { a: 'b' } });
      }
      const { body } = await client.get(`/api/v1/bot/${bot.id}/`);
      const shortcuts = Object.values(body.recordings[0].media_shortcuts) as ({ data: Json } | null)[];
      const urls = shortcuts.flatMap((each) => Object.values(each?.data ?? {}));
      for (const url of urls) {
        const [, name] = /\/(\w+\.json)\?/.exec(String(url)) ?? [];
        if (name === undefined) continue;
        const path = `/_downloads/{recording_id}/${name}`;
        const pointer = `/paths/${step(path)}/get/responses/200/content/${step('application/json')}/schema`;
        expectDescribed(at(pointer), (await client.get(String(url))).body, name);
        seen.add(`GET ${path}`);
      }
    });
    await receiver.close();
    expect([...seen].filter((each) => each.startsWith('GET')).length).toBeGreaterThan(24);
  });
});

describe('recall-emulator schema', () => {
  it('lists what there is, and prints one', async () => {
    const list = await runCli('schema', '--json');
    expect(JSON.parse(list.stdout).map(({ name }: { name: string }) => name)).toEqual(
      PUBLISHED.map(({ name }) => name),
    );
    const { stdout, code } = await runCli('schema', 'openapi');
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync('schemas/openapi.json', 'utf8'));
  });

  it('says which there are when there is none of that name', async () => {
    const { stderr, code } = await runCli('schema', 'nonsense');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no schema "nonsense". There are scenario, realtime-events');
  });
});
