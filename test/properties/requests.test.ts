/**
 * Requests that begin from valid ones and have one thing changed: none of them is answered with 5xx, and none leaves a defect
 * in the log. A few hundred in every run; RECALL_EMULATOR_REQUESTS says how many.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OPERATIONS } from '../../src/server/api/resources/index.ts';
import { createMock } from '../../src/server/server.ts';
import { CALENDAR, EVENT } from '../support/calendar.ts';
import { AUDIO_ENDPOINT, asker, SHORT, ZOOM } from '../support/mock.ts';

const RUNS = Number(process.env.RECALL_EMULATOR_REQUESTS ?? 400);

const LATER = '2099-01-01T00:00:00Z';
const BOT = {
  meeting_url: ZOOM,
  join_at: LATER,
  bot_name: 'Notes',
  metadata: { user: 'u' },
  automatic_leave: { waiting_room_timeout: 60, everyone_left_timeout: { timeout: 5, activate_after: 0 } },
  variant: { zoom: 'native' },
  chat: { on_bot_join: { send_to: 'everyone', message: 'Hello' } },
  recording_config: {
    audio_separate_raw: { metadata: { a: 'b' } },
    transcript: { provider: { meeting_captions: {} } },
    retention: { type: 'timed', hours: 1 },
    start_recording_on: 'call_join',
    realtime_endpoints: [AUDIO_ENDPOINT, { type: 'webhook', url: 'http://127.0.0.1:1/', events: [] }],
  },
  transcription_options: { provider: 'deepgram' },
  real_time_transcription: { destination_url: 'http://127.0.0.1:1/', partial_results: true },
};
/** Bodies by operation, where `metadata` is not all there is. */
const BODIES: Readonly<Record<string, unknown>> = {
  create_bot: BOT,
  update_bot: { bot_name: 'New', join_at: LATER, meeting_url: ZOOM },
  create_transcript: { provider: { recallai_async: {} }, metadata: {} },
  send_chat_message: { message: 'Hello', to: 'everyone' },
  output_audio: { kind: 'mp3', b64_data: 'AAAA' },
  create_calendar: CALENDAR,
  update_calendar: CALENDAR,
  schedule_calendar_event_bot: { deduplication_key: 'k', bot_config: BOT },
};

const value = fc.oneof(
  fc.constantFrom<unknown>(null, '', ' ', true, 0, -1, 1e308, 2 ** 53, [], {}, [null], [[]], { a: null }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '../../etc',
    'http://[',
    'a'.repeat(5_000),
    '2026-13-45',
    '0001-01-01T00:00',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
/** What is changed, and where: `at` chooses among all places that there are. */
const change = fc.record({
  kind: fc.constantFrom('value', 'drop', 'add', 'key', 'query', 'id', 'method', 'cut', 'header', 'text'),
  at: fc.nat(),
  value,
});

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

function placesOf(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const holder = node as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

/** Something valid to start from: an id for each path, and a body for each operation. */
async function prepared(ask: ReturnType<typeof asker>): Promise<(path: string) => string> {
  const made = async (path: string, body: unknown): Promise<string> =>
    JSON.parse((await ask('POST', path, body)).text).id;
  const bot = await made('/api/v1/bot/', BOT);
  const calendar = await made('/api/v2/calendars/', CALENDAR);
  const event = await made(`/_emulator/calendars/${calendar}/events`, { ...EVENT, start_time: LATER });
  return (path) =>
    path.replace('{id}', path.includes('events') ? event : path.includes('v2') ? calendar : bot);
}

it('no request that begins from a valid one is a defect, whatever is changed in it', {
  timeout: 3_600_000,
}, async () => {
  const defects: string[] = [];
  const mock = await createMock({
    scenario: SHORT,
    seed: 1,
    legacy: true,
    onActivity: ({ text }) => {
      if (text.includes('defect')) defects.push(text);
    },
  });
  const ask = asker(mock);
  const pathOf = await prepared(ask);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...OPERATIONS),
      change,
      async (operation, { kind, at, value: other }) => {
        const body = structuredClone(BODIES[operation.id] ?? { metadata: { a: 'b' } });
        const places = placesOf(body);
        const { holder, key } = places[at % places.length]!;
        let path = pathOf(operation.path);
        let { method } = operation as { method: string };
        const headers: Record<string, string> = {};
        let text: string | undefined;
        if (kind === 'value') holder[key] = other;
        if (kind === 'drop') delete holder[key];
        if (kind === 'add') holder[`x${at}`] = other;
        if (kind === 'key') Object.defineProperty(holder, '__proto__', { value: other, enumerable: true });
        const shown = encodeURIComponent(JSON.stringify(other).replaceAll(/[\ud800-\udfff]/g, '?'));
        const names = [...(operation.query ?? []), 'metadata__a', 'page', 'cursor'];
        if (kind === 'query') path += `?${names[at % names.length]}=${shown}`;
        if (kind === 'id') path = operation.path.replace('{id}', shown.slice(0, 200));
        if (kind === 'method') method = ['PUT', 'DELETE', 'PATCH', 'POST'][at % 4]!;
        if (kind === 'header') headers['Idempotency-Key'] = `k${at % 50}`;
        if (kind === 'cut') text = JSON.stringify(body).slice(0, at % 200);
        if (kind === 'text') text = String(JSON.stringify(other));
        const hasBody = method !== 'GET';
        const response = await mock.fetch(
          new Request(`http://127.0.0.1:8787${path}`, {
            method,
            headers: { Authorization: 'Token key', 'Content-Type': 'application/json', ...headers },
            ...(hasBody ? { body: text ?? JSON.stringify(body) } : {}),
          }),
        );
        const answer = await response.text();
        expect(response.status < 500 || response.status === 501, `${response.status} ${answer}`).toBe(true);
      },
    ),
    { numRuns: RUNS, seed: 1 },
  );
  expect(defects).toEqual([]);
  expect((await ask('GET', '/api/v1/bot/')).status).toBe(200);
  await mock.close();
});
