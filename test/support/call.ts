/** A bot in a call that takes live commands, with a receiver that keeps all it gets. Time passes when it is told to. */
import { realClock } from '../../src/emulator/clock.ts';
import { SAMPLE_RATE } from '../../src/protocol/pcm.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';
import { createMock, type ServerOptions } from '../../src/server/server.ts';
import { NO_DELAYS, ZOOM } from './mock.ts';
import { until } from './until.ts';

const EVENTS = [
  'audio_separate_raw.data',
  'audio_mixed_raw.data',
  'transcript.data',
  'transcript.partial_data',
  ...['join', 'leave', 'update', 'speech_on', 'speech_off', 'chat_message'].map(
    (name) => `participant_events.${name}`,
  ),
];

export interface Chunk {
  readonly startSample: number;
  readonly pcm: Int16Array;
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests, whose assertions are the types
  readonly body: any;
}

export interface Call {
  readonly botId: string;
  /** Texts of the log. */
  readonly log: string[];
  /** What the receiver got. */
  readonly events: {
    readonly name: string;
    readonly id: number;
    readonly seconds: number;
    readonly data: Answer['body'];
  }[];
  readonly frames: Map<number, Chunk[]>;
  readonly mixed: Chunk[];
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A command of the control API to a participant, or to the session. */
  command(action: string, id?: number, body?: unknown): Promise<Answer>;
  /** A command of Recall's API to the bot, such as `pause_recording`. */
  bot(action: string): Promise<Answer>;
  advance(seconds: number): Promise<void>;
  detail(): Promise<Answer['body']>;
  /** Lets the bot leave; the finished bot. */
  end(): Promise<Answer['body']>;
  /** A download as bytes. */
  download(url: string): Promise<Buffer>;
}

export async function withCall<T>(
  scenario: Scenario | Timeline,
  use: (call: Call) => Promise<T>,
  options: ServerOptions = {},
): Promise<T> {
  const events: Call['events'] = [];
  const frames: Call['frames'] = new Map();
  const mixed: Chunk[] = [];
  const log: string[] = [];
  const receiver = await startReceiver({
    onEvent: ({ event, data }) => {
      const { participant, timestamp, buffer, words } = data.data as Answer['body'];
      const seconds: number = timestamp?.relative ?? words?.[0].start_timestamp.relative;
      if (buffer === undefined) {
        events.push({
          name: event.replace('participant_events.', ''),
          id: participant.id,
          seconds,
          data: data.data,
        });
        return;
      }
      const bytes = Uint8Array.from(Buffer.from(buffer, 'base64'));
      const chunk = { startSample: Math.round(seconds * SAMPLE_RATE), pcm: new Int16Array(bytes.buffer) };
      if (participant === undefined) mixed.push(chunk);
      else frames.set(participant.id, [...(frames.get(participant.id) ?? []), chunk]);
    },
  });
  const mock = await createMock({
    scenario,
    seed: 1,
    clock: realClock({ speed: 0.0001 }),
    delays: NO_DELAYS,
    onActivity: ({ text }) => log.push(text),
    ...options,
  });
  const request = (method: string, url: string, body?: unknown): Promise<Response> =>
    Promise.resolve(
      mock.fetch(
        new Request(url.startsWith('http') ? url : `http://127.0.0.1${url}`, {
          method,
          headers: { Authorization: 'Token k', 'Content-Type': 'application/json' },
          ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
        }),
      ),
    );
  const ask: Call['ask'] = async (method, path, body) => {
    const response = await request(method, path, body);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const created = await ask('POST', '/api/v1/bot/', {
    meeting_url: ZOOM,
    recording_config: {
      audio_separate_raw: {},
      audio_mixed_raw: {},
      transcript: { provider: { meeting_captions: {} } },
      realtime_endpoints: [{ type: 'websocket', url: receiver.url, events: EVENTS }],
    },
  });
  const botId: string = created.body.id;
  const session = `/_emulator/bots/${botId}`;
  const call: Call = {
    botId,
    log,
    events,
    frames,
    mixed,
    ask,
    command: (action, id, body) =>
      ask(
        'POST',
        id === undefined ? `${session}/${action}` : `${session}/participants/${id}/${action}`,
        body,
      ),
    bot: (action) => ask('POST', `/api/v1/bot/${botId}/${action}/`),
    async advance(seconds) {
      await ask('POST', '/_emulator/advance', { seconds });
    },
    detail: async () => (await ask('GET', session)).body,
    async end() {
      await ask('POST', `/api/v1/bot/${botId}/leave_call/`);
      let bot: Answer['body'];
      await until(async () => {
        await call.advance(1);
        bot = (await ask('GET', `/api/v1/bot/${botId}/`)).body;
        return bot.status_changes.at(-1).code === 'done' && receiver.stats().connectionsOpen === 0;
      });
      return bot;
    },
    download: async (url) => Buffer.from(await (await request('GET', url)).arrayBuffer()),
  };
  try {
    await call.advance(0.000_1);
    return await use(call);
  } finally {
    // The clock stands still when nobody advances it: a call that still runs would never end.
    await call.end();
    await mock.close();
    await receiver.close();
  }
}
