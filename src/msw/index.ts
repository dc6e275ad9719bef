/**
 * `recall-emulator/msw`: Recall's REST API and its real-time messages as msw handlers, for tests of apps that call
 * `https://us-west-2.recall.ai` themselves. Behind them is the same mock that `serve` serves. Wants msw 2.
 */
import { type HttpHandler, http, passthrough, type WebSocketHandler, ws } from 'msw';
import { type ScriptOptions, scriptOf } from '../emulator/script.ts';
import { RECALL_HOSTS } from '../protocol/regions.ts';
import { type MeetingSource, openMeeting } from '../scenario/open.ts';
import { verifyRequests } from '../server/api/request-match.ts';
import { createMock, type MockServer, type ServerOptions, type ServerStats } from '../server/server.ts';
import { WEBHOOK_USER_AGENT } from '../server/webhooks/http-post.ts';

export { RECALL_REGIONS } from '../protocol/regions.ts';

/** A bot as the API answered it. */
export type CreatedBot = { readonly id: string } & Readonly<Record<string, unknown>>;

export interface RecallHandlersOptions extends Omit<ServerOptions, 'port' | 'host'> {
  /** The API's address when it is none of the regions', such as that of a proxy; one or several. */
  readonly baseUrl?: string | readonly string[] | undefined;
  /** Called with every bot that has been created, before the app gets the answer. */
  readonly onBotCreated?: ((bot: CreatedBot) => void | Promise<void>) | undefined;
}

export interface RecallHandlers
  extends Array<HttpHandler>,
    Pick<MockServer, 'requests' | 'verify'>,
    AsyncDisposable {
  stats(): Promise<ServerStats>;
  /** Ends every call and closes every connection: for `afterEach`. */
  close(): Promise<void>;
}

/**
 * Handlers for `setupServer(...recallHandlers())`. A bot that is created dials the receivers that it names for real, in
 * virtual time (`speed: 'max'`) unless told otherwise. The first request rejects for options that cannot be used.
 */
export function recallHandlers(options: RecallHandlersOptions = {}): RecallHandlers {
  const { baseUrl, onBotCreated, ...serverOptions } = options;
  const bases =
    (typeof baseUrl === 'string' ? [baseUrl] : baseUrl)?.map((url) => url.replace(/\/$/, '')) ??
    RECALL_HOSTS.map((host) => `https://${host}`);
  let mock: ReturnType<typeof createMock> | undefined;
  /** The same once it has started. */
  let running: Awaited<ReturnType<typeof createMock>> | undefined;
  const started = (): ReturnType<typeof createMock> => {
    mock ??= createMock({
      speed: 'max',
      ...serverOptions,
      allowHosts: [...(serverOptions.allowHosts ?? []), ...bases.map((base) => new URL(base).hostname)],
    });
    return mock;
  };
  const handlers = bases.map((base) =>
    http.all(`${base}/*`, async ({ request }) => {
      running = await started();
      const response = await running.fetch(request);
      const { pathname } = new URL(request.url);
      if (response.status === 201 && /\/api\/v1\/bot\/?$/.test(pathname))
        await onBotCreated?.((await response.clone().json()) as CreatedBot);
      return response;
    }),
  );
  // What the mock sends for itself, upgrades and webhooks, is real: it is let through to the receiver.
  handlers.push(
    http.get('*', ({ request }) =>
      request.headers.get('upgrade') === 'websocket' ? passthrough() : undefined,
    ),
    http.post('*', ({ request }) =>
      request.headers.get('user-agent') === WEBHOOK_USER_AGENT ? passthrough() : undefined,
    ),
  );
  const close = async (): Promise<void> => {
    await (await mock)?.close();
    mock = undefined;
    running = undefined;
  };
  const more: Omit<RecallHandlers, keyof HttpHandler[]> = {
    stats: async () => (await started()).stats(),
    // Nothing has been asked for before the first request.
    requests: (of) => running?.requests(of) ?? [],
    verify: (expected, given) =>
      running === undefined ? verifyRequests([], expected, given ?? {}, 0) : running.verify(expected, given),
    close,
    [Symbol.asyncDispose]: close,
  };
  return Object.assign(handlers, more);
}

export interface RecallWebSocketOptions extends Omit<ScriptOptions, 'mode'> {
  /** What whoever connects is sent: a file, a scenario or a timeline. */
  readonly scenario: MeetingSource;
}

/**
 * A `ws.link` whose other side sends a meeting: for code that reads Recall's messages from a `WebSocket` of its own, such as
 * behind a relay. Everything comes over one connection, at once and in order, and then the connection closes with 1000.
 */
export function recallWebSocketLink(
  url: string,
  { scenario, ...options }: RecallWebSocketOptions,
): WebSocketHandler {
  return ws.link(url).addEventListener('connection', async ({ client }) => {
    const { timeline } = await openMeeting(scenario);
    for (const step of scriptOf(timeline, { ...options, mode: 'per-endpoint' })) {
      if (step.kind === 'message') client.send(step.text);
      else if (step.kind === 'close') {
        // msw hands messages on in turns of their own, and forgets those that wait when the connection closes.
        await new Promise((resolve) => setImmediate(resolve));
        client.close(step.code);
      }
    }
  });
}
