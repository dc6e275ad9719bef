import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../src/emulator/clock.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { createMock, type MockServer } from '../../src/server/server.ts';
import { SHORT, ZOOM } from '../support/mock.ts';
import { until } from '../support/until.ts';

/** The mock without a socket: thousands of requests in seconds. */
function clientOf(mock: Pick<MockServer, 'fetch'>) {
  return async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await mock.fetch(
      new Request(`http://127.0.0.1${path}`, {
        method,
        headers: { Authorization: 'Token k', 'Content-Type': 'application/json', ...headers },
        ...(body === undefined || method === 'GET' ? {} : { body }),
      }),
    );
    const text = await response.text();
    return { status: response.status, text, type: response.headers.get('content-type') ?? '' };
  };
}

/** A request that is nearly right, with anything at all in some of its places. */
const nearlyBot = fc
  .record(
    {
      meeting_url: fc.oneof(fc.constant(ZOOM), fc.jsonValue()),
      bot_name: fc.jsonValue(),
      join_at: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        fc.jsonValue(),
      ),
      metadata: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
      automatic_leave: fc.oneof(
        fc.dictionary(fc.constantFrom('waiting_room_timeout', 'silence_detection'), fc.jsonValue()),
        fc.jsonValue(),
      ),
      variant: fc.jsonValue(),
      chat: fc.jsonValue(),
      recording_config: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            audio_separate_raw: fc.oneof(fc.constant({}), fc.jsonValue()),
            transcript: fc.jsonValue(),
            retention: fc.oneof(
              fc.record({ type: fc.constant('timed'), hours: fc.oneof(fc.integer(), fc.jsonValue()) }),
              fc.jsonValue(),
            ),
            realtime_endpoints: fc.oneof(
              fc.jsonValue(),
              fc.array(
                fc.oneof(
                  fc.jsonValue(),
                  fc.record({
                    type: fc.constantFrom('websocket', 'webhook', 'rtmp', 'other'),
                    url: fc.oneof(
                      fc.constant('ws://127.0.0.1:1/'),
                      fc.constant('http://127.0.0.1:1/'),
                      fc.string(),
                    ),
                    events: fc.oneof(
                      fc.array(fc.constantFrom('audio_separate_raw.data', 'participant_events.join', 'x')),
                      fc.jsonValue(),
                    ),
                  }),
                ),
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body));

const anyBody = fc.oneof(nearlyBot, fc.json(), fc.string());

const routes = [
  ...[
    'bot',
    'recording',
    'audio_separate',
    'audio_mixed',
    'transcript',
    'participant_events',
    'meeting_metadata',
    'video_mixed',
    'video_separate',
    'realtime_endpoint',
    'nothing',
  ].flatMap((kind) => [`/api/v1/${kind}/`, `/api/v1/${kind}`, `/api/v1/${kind}/ID/`]),
  ...[
    'leave_call',
    'delete_media',
    'start_recording',
    'stop_recording',
    'pause_recording',
    'resume_recording',
    'send_chat_message',
    'output_audio',
  ].map((command) => `/api/v1/bot/ID/${command}/`),
  '/api/v1/recording/RECORDING/create_transcript/',
  '/api/v1/recording/RECORDING/',
  '/_emulator',
  ...[
    'bots',
    'bots/ID',
    'bots/ID/participants',
    'bots/ID/drop',
    'bots/ID/refuse',
    'webhooks',
    'webhooks/x',
    'webhooks/x/redeliver',
    'answers',
    'sessions/ID',
    'faults',
    'advance',
  ].map((path) => `/_emulator/${path}`),
  ...['mute', 'unmute', 'speak', 'leave'].map((action) => `/_emulator/bots/ID/participants/100/${action}`),
];

const anyQuery = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(
      fc.constantFrom(
        'page',
        'cursor',
        'status',
        'platform',
        'join_at_after',
        'created_at_before',
        'recording_id',
        'metadata__a',
        'meeting_url',
      ),
      fc.oneof(fc.string(), fc.constantFrom('1', 'done', 'zoom', '2026-01-01')),
    )
    .map((query) => `?${new URLSearchParams(query)}`),
);

describe('the mock API', () => {
  it('answers any request with success or a well-formed refusal, never with a defect', async () => {
    const mock = await createMock({
      scenario: meeting({ duration: 20 })
        .participant({ id: 100 }, (one) => one.unmute(0))
        .build(),
      speed: 50,
      seed: 1,
      retryAttempts: 0,
      delays: { joiningSeconds: 0, waitingRoomSeconds: 0 },
    });
    const ask = clientOf(mock);
    let known = '00000000-0000-0000-0000-000000000000';
    let recording = known;
    const renew = async (): Promise<void> => {
      const created = await ask(
        'POST',
        '/api/v1/bot/',
        JSON.stringify({ meeting_url: ZOOM, recording_config: { audio_separate_raw: {} } }),
      );
      known = JSON.parse(created.text).id;
      const list = JSON.parse((await ask('GET', '/api/v1/recording/')).text);
      recording = list.results.at(0)?.id ?? recording;
    };
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
          fc.constantFrom(...routes),
          anyQuery,
          anyBody,
          fc.constantFrom('known', 'unknown'),
          async (method, route, query, body, which) => {
            if (count++ % 50 === 0) await renew();
            const path = route.replace('ID', which === 'known' ? known : 'x').replace('RECORDING', recording);
            const { status, text, type } = await ask(method, path + query, body);
            // 501 says that the mock has no such route, which is no defect.
            if (status !== 501) expect(status, `${method} ${path} ${body}`).toBeLessThan(500);
            if (text !== '') {
              expect(type).toContain('json');
              const value = JSON.parse(text);
              expect(typeof value).toBe('object');
              if (status >= 400) expect(Object.keys(value).length).toBeGreaterThan(0);
            }
          },
        ),
        { numRuns: 3_000 },
      );
    } finally {
      await mock.close();
    }
  });

  /** What may follow what; a bot that has ended stays so. */
  const NEXT: Readonly<Record<string, readonly string[]>> = {
    // A bot that is about to join can be told to leave.
    ready: ['joining_call', 'call_ended'],
    joining_call: ['in_waiting_room', 'call_ended'],
    in_waiting_room: ['in_call_not_recording', 'call_ended'],
    in_call_not_recording: ['recording_permission_allowed', 'in_call_recording', 'call_ended'],
    recording_permission_allowed: ['in_call_recording', 'call_ended'],
    in_call_recording: ['in_call_not_recording', 'call_ended'],
    call_ended: ['done'],
    done: [],
  };

  it('keeps the status machine legal whatever is commanded in whatever order', async () => {
    const command = fc.oneof(
      fc.constantFrom(
        'leave_call',
        'start_recording',
        'stop_recording',
        'pause_recording',
        'resume_recording',
        'delete_media',
      ),
      fc.integer({ min: 1, max: 3_000 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 15 }),
        fc.constantFrom('call_join', 'manual'),
        fc.boolean(),
        async (commands, start_recording_on, scheduled) => {
          const clock = realClock({ speed: 0.001 });
          const mock = await createMock({
            scenario: meeting({ duration: 10 })
              .participant({ id: 100 }, (one) => one.unmute(0))
              .build(),
            clock,
            seed: 1,
          });
          const ask = clientOf(mock);
          const join_at = scheduled ? new Date(Date.now() + 2_000).toISOString() : null;
          const created = await ask(
            'POST',
            '/api/v1/bot/',
            JSON.stringify({
              meeting_url: ZOOM,
              join_at,
              recording_config: { start_recording_on, audio_separate_raw: {} },
            }),
          );
          const { id } = JSON.parse(created.text);
          for (const each of commands) {
            const { status } =
              typeof each === 'number'
                ? await ask('POST', '/_emulator/advance', JSON.stringify({ seconds: each / 1_000 }))
                : await ask('POST', `/api/v1/bot/${id}/${each}/`, '{}');
            expect([200, 400]).toContain(status);
          }
          await ask('POST', '/_emulator/advance', JSON.stringify({ seconds: 5_000 }));
          const bot = JSON.parse((await ask('GET', `/api/v1/bot/${id}/`)).text);
          const codes: string[] = bot.status_changes.map(({ code }: { code: string }) => code);
          expect(['ready', 'joining_call']).toContain(codes[0]);
          for (const [index, code] of codes.slice(1).entries())
            expect(NEXT[codes[index]!], codes.join(' → ')).toContain(code);
          expect(codes.at(-1)).toBe('done');
          for (const recording of bot.recordings)
            expect(['done', 'deleted']).toContain(recording.status.code);
          await mock.close();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lists each bot exactly once over all pages, whatever the filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            url: fc.constantFrom(
              ZOOM,
              'https://meet.google.com/abc-defg-hij',
              'https://acme.webex.com/meet/ada',
            ),
            team: fc.constantFrom('red', 'blue'),
            day: fc.integer({ min: 1, max: 28 }),
          }),
          { minLength: 95, maxLength: 230 },
        ),
        fc.constantFrom(
          '',
          'platform=zoom',
          'platform=zoom&platform=webex',
          'metadata__team=red',
          'join_at_after=2099-01-14',
          'join_at_before=2099-01-14T00:00:00Z',
        ),
        async (bots, filter) => {
          const mock = await createMock({ scenario: SHORT, seed: 1 });
          const ask = clientOf(mock);
          const all = [];
          for (const { url, team, day } of bots) {
            const body = {
              meeting_url: url,
              metadata: { team },
              join_at: `2099-01-${String(day).padStart(2, '0')}T00:00:00Z`,
            };
            all.push(JSON.parse((await ask('POST', '/api/v1/bot/', JSON.stringify(body))).text));
          }
          const listed: string[] = [];
          let next: string | null = `/api/v1/bot/?${filter}`;
          let count = 0;
          while (next !== null) {
            const page: { count: number; next: string | null; results: { id: string }[] } = JSON.parse(
              (await ask('GET', next)).text,
            );
            listed.push(...page.results.map(({ id }) => id));
            count = page.count;
            next = page.next === null ? null : page.next.replace('http://127.0.0.1', '');
          }
          const [name = '', ...values] =
            new URLSearchParams(filter).size === 0
              ? []
              : [filter.split('=')[0]!, ...[...new URLSearchParams(filter).values()]];
          const expected = all.filter((bot) => {
            if (name === 'platform') return values.includes(bot.meeting_url.platform);
            if (name === 'metadata__team') return bot.metadata.team === 'red';
            if (name === 'join_at_after') return bot.join_at >= '2099-01-14';
            if (name === 'join_at_before') return bot.join_at <= '2099-01-14T00:00:00Z';
            return true;
          });
          expect(listed.sort()).toEqual(expected.map(({ id }) => id).sort());
          expect(count).toBe(expected.length);
          await mock.close();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('lists each recording exactly once by cursor, forth and back', async () => {
    const mock = await createMock({ scenario: SHORT, seed: 1, speed: 'max' });
    const ask = clientOf(mock);
    for (let made = 0; made < 230; made++)
      await ask('POST', '/api/v1/bot/', JSON.stringify({ meeting_url: ZOOM }));
    await until(async () => JSON.parse((await ask('GET', '/api/v1/bot/?status=done')).text).count === 230);
    const walk = async (start: string, direction: 'next' | 'previous') => {
      const ids: string[] = [];
      let path: string | null = start;
      let last = start;
      while (path !== null) {
        last = path;
        const page: { next: string | null; previous: string | null; results: { id: string }[] } = JSON.parse(
          (await ask('GET', path)).text,
        );
        ids.push(...page.results.map(({ id }) => id));
        path = page[direction]?.replace('http://127.0.0.1', '') ?? null;
      }
      return { ids, last };
    };
    const forth = await walk('/api/v1/recording/', 'next');
    expect(new Set(forth.ids).size).toBe(230);
    const back = await walk(forth.last, 'previous');
    expect(new Set(back.ids)).toEqual(new Set(forth.ids));
    await mock.close();
  });
});
