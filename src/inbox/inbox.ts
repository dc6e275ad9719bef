/**
 * The inbox: takes webhooks, says of each whether its signature is right and, if not, why, and passes it on when it is told
 * where. Keeps what it needs to know what comes again, and prints nothing.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, realClock } from '../emulator/clock.ts';
import { parseJson } from '../json.ts';
import { checkSecret } from '../protocol/signing.ts';
import { Door } from '../receiver/door.ts';
import { type PostResult, post } from '../server/webhooks/http-post.ts';
import { readTarget } from '../target.ts';
import { type InboxSignature, SignatureReader } from './signatures.ts';

export interface InboxOptions {
  /** 0 (the default) takes any free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Names by which clients may call the inbox, beside addresses and localhost: the public name of a tunnel. */
  readonly allowHosts?: readonly string[] | undefined;
  /** `whsec_…`; without it no signature is checked. */
  readonly secret?: string | undefined;
  /** An `http(s)://` URL that gets every webhook as it came, and whose answer is ours. */
  readonly forward?: string | undefined;
  /** Forward to any TLS certificate. */
  readonly insecure?: boolean | undefined;
  readonly onWebhook?: ((webhook: InboxWebhook) => void) | undefined;
  /** Unix seconds, for signatures; for tests. */
  readonly nowSeconds?: (() => number) | undefined;
}

/** What came, and what the inbox made of it. */
export interface InboxWebhook {
  /** 1, 2, 3… in the order of their ends. */
  readonly number: number;
  readonly path: string;
  /** The event's name; null when the body has none. From outside: not safe to print. */
  readonly event: string | null;
  /** `Webhook-Id` or `svix-id`. From outside. */
  readonly id: string | null;
  readonly signature: InboxSignature;
  /** A webhook of the same id came before. */
  readonly again: boolean;
  /** What the app answered to what was passed on; null when nothing was. */
  readonly forwarded: PostResult | null;
  /** The status that the sender got. */
  readonly answered: number;
  /** Parsed; null when it is no JSON. */
  readonly body: unknown;
}

export interface Inbox extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Takes nothing more, and ends what is open. Safe to call twice. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Each may hold a whole body. */
const MAX_CONNECTIONS = 256;
const REQUEST_TIMEOUT_MS = 30_000;
/** As long as Recall waits for an answer. */
const FORWARD_TIMEOUT_MS = 15_000;

/** Starts listening. Rejects with the system's error when the port is taken, and with a `UsageError` for a bad secret or URL. */
export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  const { host = '127.0.0.1', secret, forward } = options;
  if (secret !== undefined) checkSecret(secret);
  const target = forward === undefined ? undefined : readTarget(forward, 'webhook');
  const clerk = new Clerk(options, target);
  const server: Server = createServer((request, response) => void clerk.take(request, response));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Too many open files, for one: those who are connected stay, and later ones may get in again.
  server.on('error', () => {});
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    clerk.close();
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await stopped;
  };
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, close: closeOnce, [Symbol.asyncDispose]: closeOnce };
}

/** Reads, judges, passes on and answers. */
class Clerk {
  readonly #options: InboxOptions;
  readonly #forward: string | undefined;
  readonly #door: Door;
  readonly #signatures: SignatureReader;
  readonly #clock: Clock = realClock();
  readonly #abort = new AbortController();
  #count = 0;

  constructor(options: InboxOptions, forward: string | undefined) {
    const { allowHosts = [], host, secret, nowSeconds = () => Math.floor(Date.now() / 1_000) } = options;
    this.#options = options;
    this.#forward = forward;
    this.#signatures = new SignatureReader({ secret, nowSeconds });
    // Signatures are told of, and keep nobody out.
    const names = host === undefined ? allowHosts : [...allowHosts, host];
    this.#door = new Door({ allowHosts: names, secret: undefined, nowSeconds });
  }

  close(): void {
    this.#abort.abort();
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#door.visitor(request);
    if (refusal !== undefined) return answer(response, refusal.status, refusal.reason);
    if (request.method !== 'POST')
      return answer(response, 405, 'This is an inbox for webhooks: they are POSTs.');
    const bytes = await bodyOf(request);
    if (bytes === 'lost') return;
    if (bytes === 'too_large')
      return answer(response, 413, `A body has at most ${MAX_BODY_BYTES} bytes here.`);
    const { signature, id, again } = this.#signatures.read(request.headers, bytes);
    const forwarded = this.#forward === undefined ? null : await this.#pass(this.#forward, request, bytes);
    if (this.#abort.signal.aborted) return;
    const [status, text] = answerTo(signature, forwarded);
    const json = parseJson(bytes.toString('utf8'));
    const body = json.ok ? json.value : null;
    const { event } = (body ?? {}) as { event?: unknown };
    this.#options.onWebhook?.({
      number: ++this.#count,
      path: request.url ?? '',
      event: typeof event === 'string' ? event : null,
      id,
      signature,
      again,
      forwarded,
      answered: status,
      body,
    });
    answer(response, status, text);
  }

  #pass(url: string, request: IncomingMessage, body: Buffer): Promise<PostResult> {
    return post({
      url,
      body,
      headers: endToEndHeaders(request.headers),
      timeoutMs: FORWARD_TIMEOUT_MS,
      insecure: this.#options.insecure ?? false,
      clock: this.#clock,
      signal: this.#abort.signal,
    });
  }
}

/** The app's answer where there is one. Else a wrong signature is refused, as apps should. */
function answerTo(signature: InboxSignature, forwarded: PostResult | null): [status: number, text: string] {
  if (forwarded !== null)
    return 'status' in forwarded
      ? [forwarded.status, 'Passed on.']
      : [502, `It could not be passed on: ${forwarded.error}.`];
  return signature.ok === false ? [401, signature.text] : [200, 'Taken.'];
}

function answer(response: ServerResponse, status: number, text: string): void {
  // What is still to come of the body is not waited for.
  if (status >= 400) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | 'too_large' | 'lost'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) return 'too_large';
      chunks.push(chunk);
    }
  } catch {
    // Nobody waits for the answer.
    return 'lost';
  }
  return Buffer.concat(chunks);
}

/** Of one connection only (RFC 9110 §7.6.1), or written anew for the next. */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['host', 'content-length', 'expect'],
];

function endToEndHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || HOP_BY_HOP.includes(name) ? [] : [[name, String(value)]],
    ),
  );
}
