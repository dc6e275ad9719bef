/**
 * Our answers against the vendor's own documents, which are not part of this project: RECALL_CONTRACT_DIR says where they
 * are. Without it the suite is skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_NAMES, webhook } from '../../src/protocol/index.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { limitOf } from '../../src/server/api/rate-limits.ts';
import { OPERATIONS } from '../../src/server/api/resources/index.ts';
import { CALENDAR, EVENT } from '../support/calendar.ts';
import { fullConfig, NO_DELAYS, SHORT, withHooks, withServer, ZOOM } from '../support/mock.ts';

const dir = process.env.RECALL_CONTRACT_DIR;
const available = dir !== undefined && existsSync(join(dir, 'recall-openapi.json'));
if (!available)
  console.log(
    "contract suite skipped: RECALL_CONTRACT_DIR does not name a folder with the vendor's documents",
  );

type Json = Record<string, unknown>;

const FUTURE_EVENT = { ...EVENT, start_time: '2099-01-02T10:00:00Z', attendees: ['bo@example.com'] };

/** OpenAPI 3.0 as JSON Schema: nullable, and what the document itself contradicts in its prose. */
function jsonSchemaOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(jsonSchemaOf);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, discriminator, example: _, ...rest } = node as Json;
  if (discriminator !== undefined) {
    // The property decides which one it is, though the others would pass, too.
    const { propertyName, mapping } = discriminator as {
      propertyName: string;
      mapping: Record<string, string>;
    };
    rest.oneOf = Object.entries(mapping).map(([value, $ref]) => ({
      allOf: [{ $ref }, { properties: { [propertyName]: { const: value } }, required: [propertyName] }],
    }));
  }
  const schema = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key === 'enum' ? value : jsonSchemaOf(value)]),
  );
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function contract(): { answer(path: string, method: string, status: number): ValidateFunction | undefined } {
  const document = JSON.parse(readFileSync(join(dir!, 'recall-openapi.json'), 'utf8'));
  // It requires all six asynchronous providers at once, where a transcript has the one that made it.
  delete document.components.schemas.TranscriptArtifactProvider.required;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (target: Ajv) => void)(ajv);
  ajv.addSchema({ $id: 'vendor', components: jsonSchemaOf(document.components) as Json });
  return {
    answer(path, method, status) {
      const schema = document.paths[path]?.[method]?.responses[status]?.content?.['application/json']?.schema;
      if (schema === undefined) return undefined;
      return ajv.compile(
        JSON.parse(JSON.stringify(jsonSchemaOf(schema)).replaceAll('"#/components', '"vendor#/components')),
      );
    },
  };
}

describe.skipIf(!available)("the vendor's OpenAPI document", () => {
  it('describes every answer of ours to a route that it has', async () => {
    const { answer } = contract();
    const checked = new Set<string>();
    const check = (
      template: string,
      method: string,
      { status, body }: { status: number; body: unknown },
    ): void => {
      const validate = answer(template, method, status);
      if (validate === undefined) {
        expect(status, `${method} ${template}`).toBe(204);
        checked.add(`${method} ${template}`);
        return;
      }
      const ok = validate(body);
      expect(
        ok ? [] : validate.errors,
        `${method} ${template}: ${JSON.stringify(body).slice(0, 300)}`,
      ).toEqual([]);
      checked.add(`${method} ${template}`);
    };
    await withHooks(async (app) => {
      const receiver = await startReceiver({});
      await withServer({}, async (client) => {
        const config = { ...fullConfig(receiver.url, app.url), video_separate_mp4: {} };
        const created = await client.post('/api/v1/bot/', {
          meeting_url: ZOOM,
          recording_config: config,
          metadata: { a: 'b' },
          chat: { on_bot_join: { send_to: 'everyone', message: 'Hello' } },
          automatic_leave: { waiting_room_timeout: 60 },
          variant: { zoom: 'native' },
        });
        check('/api/v1/bot/', 'post', created);
        const { id } = created.body;
        const bot = await client.until(id, 'done');
        const recordingId = bot.recordings[0].id;
        for (const url of [
          'https://meet.google.com/abc-defg-hij',
          'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22o%22%7d',
          'https://teams.live.com/meet/9312345?p=pw',
          'https://acme.webex.com/meet/ada',
          'https://acme.webex.com/acme/j.php?MTID=m1',
          'https://global.gotomeeting.com/join/123',
        ]) {
          check(
            '/api/v1/bot/',
            'post',
            await client.post('/api/v1/bot/', { meeting_url: url, join_at: '2099-01-01T00:00:00Z' }),
          );
        }
        check('/api/v1/bot/', 'get', await client.get('/api/v1/bot/'));
        check('/api/v1/bot/{id}/', 'get', await client.get(`/api/v1/bot/${id}/`));
        check('/api/v1/recording/', 'get', await client.get('/api/v1/recording/'));
        check('/api/v1/recording/{id}/', 'get', await client.get(`/api/v1/recording/${recordingId}/`));
        check(
          '/api/v1/recording/{id}/create_transcript/',
          'post',
          await client.post(`/api/v1/recording/${recordingId}/create_transcript/`, {
            provider: { recallai_async: {} },
          }),
        );
        for (const kind of ['audio_separate', 'audio_mixed', 'transcript', 'video_mixed', 'video_separate']) {
          const list = await client.get(`/api/v1/${kind}/`);
          check(`/api/v1/${kind}/`, 'get', list);
          const path = `/api/v1/${kind}/${list.body.results[0].id}/`;
          check(`/api/v1/${kind}/{id}/`, 'get', await client.get(path));
          check(`/api/v1/${kind}/{id}/`, 'patch', await client.send('PATCH', path, { metadata: { x: 'y' } }));
          check(`/api/v1/${kind}/{id}/`, 'delete', await client.send('DELETE', path));
        }
        check('/api/v1/bot/{id}/delete_media/', 'post', await client.post(`/api/v1/bot/${id}/delete_media/`));
        check(
          '/api/v1/recording/{id}/',
          'delete',
          await client.send('DELETE', `/api/v1/recording/${recordingId}/`),
        );
      });
      await withServer({ speed: 1, delays: NO_DELAYS }, async (client) => {
        const scheduled = await client.post('/api/v1/bot/', {
          meeting_url: ZOOM,
          join_at: '2099-01-01T00:00:00Z',
        });
        check(
          '/api/v1/bot/{id}/',
          'patch',
          await client.send('PATCH', `/api/v1/bot/${scheduled.body.id}/`, { bot_name: 'New' }),
        );
        check(
          '/api/v1/bot/{id}/',
          'delete',
          await client.send('DELETE', `/api/v1/bot/${scheduled.body.id}/`),
        );
        const leaving = await client.bot();
        check(
          '/api/v1/bot/{id}/leave_call/',
          'post',
          await client.post(`/api/v1/bot/${leaving}/leave_call/`),
        );
      });
      await receiver.close();
    });
    await withServer({ speed: 1 }, async (client) => {
      for (const platform of ['google_calendar', 'microsoft_outlook']) {
        const made = await client.post('/api/v2/calendars/', { ...CALENDAR, platform });
        check('/api/v2/calendars/', 'post', made);
        const path = `/api/v2/calendars/${made.body.id}/`;
        check('/api/v2/calendars/', 'get', await client.get('/api/v2/calendars/'));
        check('/api/v2/calendars/{id}/', 'get', await client.get(path));
        check('/api/v2/calendars/{id}/', 'patch', await client.send('PATCH', path, CALENDAR));
        const token = `${path}access-token/`;
        check('/api/v2/calendars/{id}/access-token/', 'post', await client.post(token));
        const added = await client.post(`/_emulator/calendars/${made.body.id}/events`, FUTURE_EVENT);
        const event = `/api/v2/calendar-events/${added.body.id}/`;
        check('/api/v2/calendar-events/', 'get', await client.get('/api/v2/calendar-events/'));
        check('/api/v2/calendar-events/{id}/', 'get', await client.get(event));
        const asked = { deduplication_key: platform, bot_config: {} };
        check('/api/v2/calendar-events/{id}/bot/', 'post', await client.post(`${event}bot/`, asked));
        check('/api/v2/calendar-events/{id}/bot/', 'delete', await client.send('DELETE', `${event}bot/`));
        await client.post(`/_emulator/calendars/${made.body.id}/disconnect`);
        check('/api/v2/calendars/{id}/access-token/', 'post', await client.post(token));
        check('/api/v2/calendars/{id}/', 'delete', await client.send('DELETE', path));
      }
    });
    // Routes of the document that we serve: all of bots, recordings, transcripts, audio, video and calendars.
    expect(checked.size).toBe(41);
  });
});

/** By the names of the webhooks. */
function webhookSchemas(): Map<string, ValidateFunction> {
  const document = JSON.parse(readFileSync(join(dir!, 'recall-webhook-schemas.json'), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, addUsedSchema: false });
  (addFormats as unknown as (target: Ajv) => void)(ajv);
  return new Map(
    document.data
      .filter(({ schemas: versions }: { schemas: Json | null }) => versions !== null)
      .map(({ name, schemas: versions }: { name: string; schemas: Record<string, Json> }) => {
        const { $id: _, ...schema } = Object.values(versions).at(-1)!;
        return [name, ajv.compile(withoutContradiction(schema))];
      }),
  );
}

/** Two schemas of uploads want an `object` that they have no property for, and that their own examples do not have. */
function withoutContradiction(schema: Json): Json {
  const { data } = schema.properties as { data: { properties: Json; required: string[] } };
  if (!('object' in data.properties)) data.required = data.required.filter((name) => name !== 'object');
  return schema;
}
describe.skipIf(!available)("the vendor's rate limits", () => {
  it('are ours, operation by operation', () => {
    const { paths } = JSON.parse(readFileSync(join(dir!, 'recall-openapi.json'), 'utf8'));
    const limits = OPERATIONS.map((operation) => ({
      operation,
      theirs: paths[operation.path]?.[operation.method.toLowerCase()]?.['x-throttles']?.[0],
    })).filter(({ theirs }) => theirs !== undefined);
    expect(limits.length).toBeGreaterThan(24);
    expect(limits.map(({ operation }) => [operation.id, limitOf(operation)])).toEqual(
      limits.map(({ operation, theirs }) => [operation.id, theirs.limit]),
    );
  });
});

describe.skipIf(!available)("the vendor's webhook schemas", () => {
  it('describe every webhook that can be made, and there is none that cannot', () => {
    const schemas = webhookSchemas();
    expect([...WEBHOOK_NAMES].sort()).toEqual([...schemas.keys()].sort());
    for (const name of WEBHOOK_NAMES) {
      const validate = schemas.get(name)!;
      const made = JSON.parse(JSON.stringify(webhook(name)));
      expect(validate(made) ? [] : validate.errors, JSON.stringify(made)).toEqual([]);
    }
  });

  it('describe every webhook that we send', async () => {
    const schemas = webhookSchemas();
    const seen = new Set<string>();
    await withHooks(async (app) => {
      const receiver = await startReceiver({});
      const options = { webhookUrls: [app.url], retryAttempts: 0 };
      const config = { ...fullConfig(receiver.url, 'http://127.0.0.1:1/'), video_separate_mp4: {} };
      await withServer(options, async (client) => {
        const done = await client.bot({ recording_config: config });
        await client.until(done, 'done');
        await app.until('bot.done');
        await client.post(`/api/v1/bot/${done}/delete_media/`);
        // A platform without separate audio, and an endpoint that nobody answers at.
        const failed = await client.bot({
          meeting_url: 'https://acme.webex.com/meet/ada',
          recording_config: {
            ...config,
            realtime_endpoints: [
              { type: 'websocket', url: 'ws://127.0.0.1:1', events: ['participant_events.join'] },
            ],
          },
        });
        await client.until(failed, 'done');
      });
      await withServer(
        {
          ...options,
          scenario: { ...SHORT, duration: 60, bot: { recording_permission: 'denied' } },
        },
        async (client) => {
          await client.until(await client.bot(), 'done');
        },
      );
      const fatal = { in: 'in_call_recording' as const, after: 1, sub_code: 'bot_errored' };
      await withServer({ ...options, scenario: { ...SHORT, bot: { fatal } } }, async (client) => {
        await client.until(await client.bot(), 'fatal');
      });
      const paused = meeting({ duration: 3_000 })
        .participant({ id: 1 }, (one) => one.unmute(0))
        .build();
      await withServer({ ...options, scenario: paused, speed: 1, delays: NO_DELAYS }, async (client) => {
        const id = await client.bot({ recording_config: config });
        await client.until(id, 'in_call_recording');
        await client.post(`/api/v1/bot/${id}/pause_recording/`);
        await client.post(`/api/v1/bot/${id}/leave_call/`);
        await client.until(id, 'done');
      });
      await receiver.close();
      await withServer({ ...options, legacy: true }, async (client) => {
        await client.post('/api/v2/calendars/', CALENDAR);
        await client.until(await client.bot(), 'done');
      });
      for (const { body } of app.hooks) {
        const validate = schemas.get(body.event);
        expect(validate, body.event).toBeDefined();
        expect(validate!(body) ? [] : validate!.errors, JSON.stringify(body)).toEqual([]);
        seen.add(body.event);
      }
    });
    const ours = [
      ...['joining_call', 'in_waiting_room', 'in_call_not_recording', 'recording_permission_allowed'].map(
        (code) => `bot.${code}`,
      ),
      ...['recording_permission_denied', 'in_call_recording', 'call_ended', 'done', 'fatal'].map(
        (code) => `bot.${code}`,
      ),
      ...['processing', 'paused', 'done', 'deleted'].map((code) => `recording.${code}`),
      ...['running', 'done', 'failed'].map((code) => `realtime_endpoint.${code}`),
      ...[
        ...['audio_separate', 'audio_mixed', 'participant_events', 'transcript', 'meeting_metadata'],
        ...['video_mixed', 'video_separate'],
      ].flatMap((kind) => ['processing', 'done', 'deleted'].map((code) => `${kind}.${code}`)),
      'audio_separate.failed',
      'bot.status_change',
      'calendar.update',
      'calendar.sync_events',
    ];
    expect([...seen].sort()).toEqual(ours.sort());
  });
});
