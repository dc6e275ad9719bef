/** A server under test with a client, a place where webhooks go, and a receiver for its streams. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { meeting } from '../../src/scenario/builder.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { type MockServer, type ServerOptions, startServer } from '../../src/server/server.ts';
import { until } from './until.ts';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests, whose assertions are the types
  readonly body: any;
  readonly headers: Headers;
}

export interface Client {
  readonly url: string;
  readonly server: MockServer;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Creates a bot and returns its id. */
  bot(body?: Record<string, unknown>): Promise<string>;
  /** Asks for the bot until it has this status. */
  until(botId: string, status: string): Promise<Answer['body']>;
}

/** One participant who talks for two seconds. */
export const SHORT: Scenario = meeting({ title: 'Short', duration: 2 })
  .participant({ id: 100, name: 'Ada', is_host: true }, (ada) =>
    ada.unmute(0).speak(0.2, { duration: 1.5, text: 'One two three four.' }),
  )
  .build();

export const ZOOM = 'https://zoom.us/j/1234567890?pwd=abc';

/** Nobody listens there. */
export const AUDIO_ENDPOINT = {
  type: 'websocket',
  url: 'ws://127.0.0.1:1/',
  events: ['audio_separate_raw.data'],
};

/** A bot that records as soon as it is made. */
export const NO_DELAYS = {
  joiningSeconds: 0,
  waitingRoomSeconds: 0,
  notRecordingSeconds: 0,
  permissionSeconds: 0,
  doneSeconds: 0,
};

/** Ada comes after 10 s and speaks after 20 s; Bo comes after 30 s. */
export const LATE = meeting({ title: 'Late', duration: 60 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.join(10).unmute(10).speak(20, { duration: 5, text: 'One two three four five.' }),
  )
  .participant({ id: 200, name: 'Bo' }, (bo) => bo.join(30))
  .build();

/** The body that creates a bot with one endpoint. */
export const botWith = (url: string, type = 'websocket') => ({
  meeting_url: ZOOM,
  recording_config: {
    audio_separate_raw: {},
    realtime_endpoints: [
      { type, url, events: [type === 'websocket' ? 'audio_separate_raw.data' : 'participant_events.join'] },
    ],
  },
});

/** Long enough for a test in real time to do what it wants. */
export const LONG = meeting({ duration: 3_000 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
  .participant({ id: 200, name: 'Bo' })
  .build();

/** Asks a mock without a socket, under the name that a client would use. */
export function asker(mock: Pick<MockServer, 'fetch'>, base = 'http://127.0.0.1:8787') {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await mock.fetch(
      new Request(`${base}${path}`, {
        method,
        headers: { Authorization: 'Token key', 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, text };
  };
}

/** Runs `use` with a server on a free port, in virtual time unless told otherwise. */
export async function withServer<T>(options: ServerOptions, use: (client: Client) => Promise<T>): Promise<T> {
  const server = await startServer({ port: 0, speed: 'max', scenario: SHORT, seed: 1, ...options });
  try {
    return await use(clientOf(server));
  } finally {
    await server.close();
  }
}

function clientOf(server: MockServer): Client {
  const send: Client['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(path.startsWith('http') ? path : `${server.url}${path}`, {
      method,
      headers: { Authorization: 'Token test', 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };
  const client: Client = {
    url: server.url,
    server,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body = {}, headers = {}) => send('POST', path, body, headers),
    async bot(body = {}) {
      const answer = await client.post('/api/v1/bot/', { meeting_url: ZOOM, ...body });
      if (answer.status !== 201) throw new Error(`HTTP ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.id;
    },
    async until(botId, status) {
      let body: Answer['body'];
      let statuses: string[] = [];
      await until(
        async () => {
          ({ body } = await client.get(`/api/v1/bot/${botId}/`));
          statuses = body.status_changes.map((change: { code: string }) => change.code);
          if (statuses.includes(status)) return true;
          if (statuses.includes('fatal') || statuses.includes('done'))
            throw new Error(`the bot never was ${status}: ${statuses.join(', ')}`);
          return false;
        },
        () => `a bot that is ${status}; it was ${statuses.join(', ')}`,
      );
      return body;
    },
  };
  return client;
}

export interface Hook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly body: any;
}

/** Runs `use` with an app that takes webhooks. `answer` decides the status by the number of the request, from 0. */
export async function withHooks<T>(
  use: (app: { url: string; hooks: Hook[]; until(event: string): Promise<Hook> }) => Promise<T>,
  answer: (number: number, hook: Hook) => number = () => 200,
): Promise<T> {
  const hooks: Hook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const hook: Hook = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
      hooks.push(hook);
      response.writeHead(answer(hooks.length - 1, hook)).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use({
      url: `http://127.0.0.1:${port}/hooks`,
      hooks,
      async until(event) {
        const found = () => hooks.find(({ body }) => body.event === event);
        await until(
          () => found() !== undefined,
          () => `the webhook ${event}; what came: ${hooks.map(({ body }) => body.event).join(', ')}`,
        );
        return found()!;
      },
    });
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Runs `use` with an app that answers all webhooks but those of one event at once, and those on demand. */
export async function withSlowHooks<T>(
  slowEvent: string,
  use: (app: {
    url: string;
    until(event: string): Promise<void>;
    answered(): boolean;
    /** From now on, and what waits. */
    answer(): void;
    hold(): void;
  }) => Promise<T>,
): Promise<T> {
  const came: string[] = [];
  const waiting: (() => void)[] = [];
  let answered = false;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { event } = JSON.parse(text);
      came.push(event);
      if (event === slowEvent && !answered) waiting.push(() => response.end('ok'));
      else response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use({
      url: `http://127.0.0.1:${port}/hooks`,
      until: (event) => until(() => came.includes(event)),
      answered: () => answered,
      answer() {
        answered = true;
        for (const each of waiting.splice(0)) each();
      },
      hold() {
        answered = false;
      },
    });
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Runs `use` with an app that takes connections and never answers. */
export async function withDeadApp<T>(
  use: (app: { url: string; requests(): number; asked(): Promise<void> }) => Promise<T>,
): Promise<T> {
  let requests = 0;
  const server = createServer(() => {
    requests++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use({
      url: `http://127.0.0.1:${port}/hooks`,
      requests: () => requests,
      asked: () => until(() => requests > 0),
    });
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** A configuration with everything that we emulate, for a WebSocket and a webhook endpoint. */
export function fullConfig(webSocketUrl: string, webhookUrl: string): Record<string, unknown> {
  const participantEvents = ['join', 'leave', 'update', 'speech_on', 'speech_off', 'chat_message'].map(
    (name) => `participant_events.${name}`,
  );
  return {
    audio_separate_raw: { metadata: { kind: 'separate' } },
    audio_mixed_raw: {},
    transcript: { provider: { recallai_streaming: { language_code: 'en' } } },
    metadata: { recording: 'yes' },
    realtime_endpoints: [
      {
        type: 'websocket',
        url: webSocketUrl,
        metadata: { endpoint: 'one' },
        events: [
          'audio_separate_raw.data',
          'audio_mixed_raw.data',
          'transcript.data',
          'transcript.partial_data',
          ...participantEvents,
        ],
      },
      { type: 'webhook', url: webhookUrl, events: ['transcript.data', ...participantEvents] },
    ],
  };
}
