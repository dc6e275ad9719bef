import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import type { LiveBatch } from '../../../src/server/control/live/batch.ts';
import { botWith, type Client, LONG, NO_DELAYS, withServer } from '../../support/mock.ts';

const OPTIONS = { speed: 1, scenario: LONG, delays: NO_DELAYS } as const;

/** Reads the feed until `enough` of what has come, and returns all of it. */
async function read(
  { url }: Client,
  query: string,
  enough: (batches: readonly LiveBatch[]) => boolean,
): Promise<LiveBatch[]> {
  const ended = new AbortController();
  const response = await fetch(`${url}/_emulator/live${query}`, { signal: ended.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const batches: LiveBatch[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events) batches.push(JSON.parse(event.replace(/^data: /, '')));
    if (enough(batches)) break;
  }
  ended.abort();
  return batches;
}

describe('the live feed', () => {
  it('begins with what the server is, and its bots', () =>
    withServer(OPTIONS, async (client) => {
      const bot = await client.bot();
      const [first] = await read(client, '', (batches) => batches.length > 0);
      expect(first!.hello).toMatchObject({ speed: 1, keyed: false, frame_ms: [100] });
      expect(first!.hello!.courses).toContain('by_hand');
      expect(first!.bots!.map(({ bot_id }) => bot_id)).toEqual([bot]);
      expect(first!.requests).toMatchObject([{ operation: 'create_bot', status: 201, bot_id: bot }]);
      expect(first!.meeting).toBeUndefined();
    }));

  it('tells of a meeting what opened, was sent and was lost', async () => {
    const receiver = await startReceiver({ port: 0 });
    try {
      await withServer(OPTIONS, async (client) => {
        const bot = await client.bot(botWith(`${receiver.url}/`));
        const batches = await read(client, `?bot=${bot}&every=1`, (all) =>
          all.some(({ meeting }) => (meeting?.messages?.length ?? 0) > 0),
        );
        const news = batches.flatMap(({ meeting }) => meeting ?? []);
        expect(news.findLast(({ participants }) => participants !== undefined)!.participants).toMatchObject([
          { id: 100, name: 'Ada', unmuted: true },
          { id: 200, name: 'Bo', unmuted: false },
        ]);
        expect(news.flatMap(({ connections = [] }) => connections).at(-1)).toMatchObject({
          number: 1,
          closed_s: null,
        });
        expect(news.flatMap(({ peaks = [] }) => peaks).length).toBeGreaterThan(0);
        const message = news.flatMap(({ messages = [] }) => messages)[0]!;
        expect(message).toMatchObject({ event: 'audio_separate_raw.data', participant: 100 });
        const { body } = await client.get(`/_emulator/bots/${bot}/messages/${message.number}`);
        expect(JSON.parse(body.text)).toMatchObject({
          event: 'audio_separate_raw.data',
          data: { data: { participant: { id: 100, name: 'Ada' } } },
        });
      });
    } finally {
      await receiver.close();
    }
  });

  it('leaves out messages of audio, and says how many', async () => {
    const receiver = await startReceiver({ port: 0 });
    try {
      await withServer(OPTIONS, async (client) => {
        const bot = await client.bot(botWith(`${receiver.url}/`));
        const batches = await read(
          client,
          `?bot=${bot}&every=1000`,
          (all) => all.reduce((sum, { meeting }) => sum + (meeting?.messages_left_out ?? 0), 0) > 3,
        );
        expect(batches.flatMap(({ meeting }) => meeting?.messages ?? []).length).toBeLessThanOrEqual(1);
      });
    } finally {
      await receiver.close();
    }
  });

  it('says why a request was refused', () =>
    withServer(OPTIONS, async (client) => {
      await client.post('/api/v1/bot/', {});
      const [first] = await read(client, '', (batches) => batches.length > 0);
      expect(first!.requests).toMatchObject([
        { status: 400, reason: 'meeting_url: This field is required.' },
      ]);
    }));
});

describe('what an app does, done by hand', () => {
  it('creates a bot as the API does, and says what is wrong as the API does', () =>
    withServer(OPTIONS, async (client) => {
      const made = await client.post('/_emulator/bots', {
        request: {
          meeting_url: 'https://zoom.us/j/1',
          metadata: { recall_emulator_connections: 'per-endpoint' },
        },
      });
      expect(made.status).toBe(201);
      const refused = await client.post('/_emulator/bots', {
        request: { meeting_url: 'https://zoom.us/j/1', metadata: { recall_emulator_connections: 'both' } },
      });
      expect(refused.status).toBe(400);
      expect(refused.body.metadata.recall_emulator_connections[0]).toContain('"both" is no way to connect');
      await client.until(made.body.id, 'in_call_recording');
      const { headers: _, ...left } = await client.post(`/_emulator/bots/${made.body.id}/leave_call`);
      expect(left).toMatchObject({ status: 200, body: { status: 'call_ended' } });
    }));
});
