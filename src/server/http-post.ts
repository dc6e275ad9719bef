/** One POST to the user's app, with a bound on how long it takes and on what is read of the answer. Follows no redirects. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../emulator/clock.ts';

export interface PostOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Wall time from the dial to the last byte of the answer's head. */
  readonly timeoutMs: number;
  /** Accept any TLS certificate. */
  readonly insecure: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** By it our own requests are known among others. */
export const WEBHOOK_USER_AGENT = 'recall-emulator';

const MAX_ANSWER_BYTES = 64 * 1024;

export type PostResult = { readonly status: number } | { readonly error: string };

/** Never rejects: a network failure is a result. */
export function post(options: PostOptions): Promise<PostResult> {
  const { url, body, headers, timeoutMs, insecure, clock, signal } = options;
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? https.request : http.request;
    const request = send(url, {
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
    const cancelTimeout = clock.afterWall(timeoutMs, () =>
      request.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)),
    );
    const end = (result: PostResult): void => {
      cancelTimeout();
      resolve(result);
    };
    request.on('response', (response) => {
      end({ status: response.statusCode ?? 0 });
      // What the answer says is of no interest, but the other side may finish in peace if it is short.
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy();
      });
      response.on('error', () => {});
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      end({
        error: error.code === 'ECONNREFUSED' ? 'connection refused' : error.message || String(error.code),
      });
    });
    request.end(body);
  });
}
