/** One POST to the user's app, with a bound on how long it takes and on what is read of the answer. Follows no redirects. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../emulator/clock.ts';

export interface PostOptions {
  readonly url: string;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Wall time from the dial to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Accept any TLS certificate. */
  readonly insecure: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** By it our own requests are known among others. */
export const WEBHOOK_USER_AGENT = 'recall-emulator';

const MAX_ANSWER_BYTES = 64 * 1024;

export type PostResult =
  | { readonly status: number }
  | {
      readonly error: string;
      /** The time was up, and the other side had said nothing. */
      readonly timedOut: boolean;
    };

/** Never throws and never rejects: whatever goes wrong, also with the URL or a header, is a result. */
export function post(options: PostOptions): Promise<PostResult> {
  const { body, timeoutMs, clock } = options;
  return new Promise((resolve) => {
    const fail = (error: unknown, timedOut = false): void => resolve({ error: describe(error), timedOut });
    let request: http.ClientRequest;
    try {
      request = makeRequest(options);
    } catch (error) {
      fail(error);
      return;
    }
    const cancelTimeout = clock.afterWall(timeoutMs, () => {
      fail(new Error(`no answer within ${timeoutMs / 1_000} s`), true);
      request.destroy();
    });
    // The timer runs on after the answer's head: an app that never ends its answer does not keep the socket.
    request.on('close', () => {
      cancelTimeout();
      // Such as a 101 to an upgrade that nobody asked for: Node ends the socket and says nothing.
      fail(new Error('the connection ended without an answer'));
    });
    request.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0 });
      // What the answer says is of no interest, but the other side may finish in peace if it is short.
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy();
      });
      response.on('error', () => {});
    });
    request.on('error', (error) => fail(error));
    request.end(body);
  });
}

/** Throws what `http.request` throws for URLs and headers that it does not take. */
function makeRequest({ url, body, headers, insecure, signal }: PostOptions): http.ClientRequest {
  const send = url.startsWith('https:') ? https.request : http.request;
  return send(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': WEBHOOK_USER_AGENT,
      ...headers,
    },
    rejectUnauthorized: !insecure,
    // Each delivery stands alone, so that the end of one never fails the next.
    agent: false,
    ...(signal === undefined ? {} : { signal }),
  });
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'connection refused';
  return message || code || 'the request failed';
}
