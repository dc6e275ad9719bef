import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedBot, recallHandlers, recallWebSocketLink } from '../../src/msw/index.ts';
import { startRecorder } from '../../src/testing/recorder.ts';
import '../../src/vitest/matchers.ts';
import { SHORT, withHooks, ZOOM } from '../support/mock.ts';
import { until } from '../support/until.ts';

const created: CreatedBot[] = [];
const recall = recallHandlers({ scenario: SHORT, seed: 1, onBotCreated: (bot) => void created.push(bot) });
const server = setupServer(...recall, recallWebSocketLink('ws://relay.example/audio', { scenario: SHORT }));

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => recall.close());
afterAll(() => server.close());

const headers = { Authorization: 'Token test', 'Content-Type': 'application/json' };

async function bot(region: string, recording_config: unknown): Promise<CreatedBot> {
  const response = await fetch(`https://${region}.recall.ai/api/v1/bot`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ meeting_url: ZOOM, recording_config }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as CreatedBot;
}

async function untilDone(url: string): Promise<Record<string, never>> {
  let body: { status_changes: { code: string }[] } | undefined;
  await until(async () => {
    body = (await (await fetch(url, { headers })).json()) as typeof body;
    return body?.status_changes.at(-1)?.code === 'done';
  });
  return body as never;
}

describe('recallHandlers', () => {
  it.each(['us-west-2', 'us-east-1', 'eu-central-1', 'ap-northeast-1', 'api'])(
    'lets a bot that is created in %s dial the receiver in the test, and call its webhooks',
    async (region) => {
      created.length = 0;
      await using recorder = await startRecorder();
      await withHooks(async (app) => {
        const { id } = await bot(region, {
          audio_separate_raw: {},
          realtime_endpoints: [
            { type: 'websocket', url: recorder.url, events: ['audio_separate_raw.data'] },
            { type: 'webhook', url: app.url, events: ['participant_events.join'] },
          ],
        });
        expect(created.map((each) => each.id)).toEqual([id]);
        const done = await untilDone(`https://${region}.recall.ai/api/v1/bot/${id}/`);
        const [{ media_shortcuts }] = (
          done as unknown as {
            recordings: [{ media_shortcuts: { audio_separate: { data: { download_url: string } } } }];
          }
        ).recordings;
        const { download_url } = media_shortcuts.audio_separate.data;
        expect(download_url).toContain(`https://${region}.recall.ai/_downloads/`);
        const parts = (await (await fetch(download_url)).json()) as { duration: number }[];
        expect(parts.map(({ duration }) => duration)).toEqual([2]);
        await app.until('participant_events.join');
      });
      expect(recorder.audio(100)).toHaveLength(32_000);
      expect(recorder.problems).toEqual([]);
      expect(await recall.stats()).toMatchObject({ bots: 1, dropped: 0, scheduled: 20 });
    },
  );

  it('answers mistakes as the API does', async () => {
    const response = await fetch('https://us-west-2.recall.ai/api/v1/bot/', {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { meeting_url: ['This field is required.'] },
    ]);
  });

  it('says what the app has asked for, before its first request, too', async () => {
    expect(recall.requests()).toEqual([]);
    expect(recall).not.toHaveReceived({ operation: 'create_bot' });
    expect(recall.verify({ operation: 'create_bot' }, { count: 0 }).ok).toBe(true);
    const { id } = await bot('us-west-2', {});
    expect(recall).toHaveReceived({ operation: 'create_bot', body: { meeting_url: ZOOM } }, { count: 1 });
    expect(recall.requests({ apiKey: 'test' })).toMatchObject([{ operation: 'create_bot', answer: { id } }]);
    expect(recall.requests({ apiKey: 'other' })).toEqual([]);
    const failing = () => expect(recall).toHaveReceived({ body: { bot_name: 'Notes' } });
    expect(failing).toThrow(/body\.bot_name: expected "Notes", got nothing/);
    await recall.close();
    expect(recall.requests()).toEqual([]);
  });
});

/** msw replaces the global WebSocket: a Node that has none of its own (before 22) has nothing to replace. */
const { WebSocket } = globalThis as unknown as { WebSocket?: typeof import('ws').WebSocket };

describe('recallWebSocketLink', () => {
  it.skipIf(WebSocket === undefined)(
    'sends a meeting to whoever connects (needs a global WebSocket)',
    async () => {
      const { WebSocket: Replaced } = globalThis as unknown as { WebSocket: typeof import('ws').WebSocket };
      const socket = new Replaced('ws://relay.example/audio');
      const events: string[] = [];
      socket.onmessage = ({ data }) => void events.push(JSON.parse(String(data)).event);
      const code = await new Promise<number>((resolve) => {
        socket.onclose = (event) => resolve(event.code);
      });
      expect(code).toBe(1000);
      expect(events).toHaveLength(20);
      expect(new Set(events)).toEqual(new Set(['audio_separate_raw.data']));
    },
  );
});
