/**
 * Recall's API as the app sees it through a whole check: one address, behind which each meeting has a mock of its own. Who asks for
 * a bot gets that of the meeting that waits for one; who asks for anything else gets the mock that made it.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { createMock } from '../../server/server.ts';

type Mock = Awaited<ReturnType<typeof createMock>>;

/** A request that has been answered. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

interface Entry {
  readonly mock: Mock;
  readonly onAnswered: (answered: Answered) => void;
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
/** A page of an app that polls may ask for what was long ago; nobody asks for more. */
const MAX_OWNERS = 10_000;

export class AppApi {
  readonly #server: Server;
  readonly #mocks: Entry[] = [];
  /** Whose a bot or recording is, by its id. */
  readonly #owners = new Map<string, Entry>();

  private constructor() {
    this.#server = createAdaptorServer({ fetch: (request) => this.#answer(request) }) as Server;
  }

  /** On a free port of 127.0.0.1. */
  static async start(): Promise<AppApi> {
    const api = new AppApi();
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** What stands in for `https://us-west-2.recall.ai`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bots that are made from now on are made there. Returns what tells it whose an id is. */
  use(mock: Mock, onAnswered: (answered: Answered) => void): (id: string) => void {
    const entry = { mock, onAnswered };
    this.#mocks.push(entry);
    return (id) => {
      if (this.#owners.size < MAX_OWNERS) this.#owners.set(id, entry);
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#mocks.map(({ mock }) => mock.close()));
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const owner = this.#owners.get(ID.exec(pathname)?.[0] ?? '');
    const latest = owner ?? this.#mocks.at(-1);
    if (latest === undefined)
      return Response.json(
        { detail: 'recall-emulator check has not begun its first case.' },
        { status: 503 },
      );
    const { method } = request;
    let response = await latest.mock.fetch(request);
    // Media objects have ids that nobody has told us: earlier meetings are asked, too.
    if (response.status === 404 && owner === undefined && method === 'GET' && ID.test(pathname))
      response = (await this.#askEarlier(request)) ?? response;
    latest.onAnswered({ method, path: pathname, status: response.status });
    return response;
  }

  async #askEarlier(request: Request): Promise<Response | undefined> {
    for (const { mock } of this.#mocks.slice(0, -1).reverse()) {
      const response = await mock.fetch(new Request(request.url, { headers: request.headers }));
      if (response.status !== 404) return response;
    }
    return undefined;
  }
}
