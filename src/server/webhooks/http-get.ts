/** One GET at the user's app whose answer is a short text, with a bound on how long it takes and on what is read. Follows no redirects. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../emulator/clock.ts';
import { WEBHOOK_USER_AGENT } from './http-post.ts';

const MAX_ANSWER_BYTES = 64 * 1024;

export interface GetOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Wall time from the dial to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export type GetResult = { readonly status: number; readonly text: string } | { readonly error: string };

/** Never throws and never rejects: whatever goes wrong is a result. It keeps no process alive. */
export function get({ url, headers, timeoutMs, clock }: GetOptions): Promise<GetResult> {
  return new Promise((resolve) => {
    let request: http.ClientRequest;
    try {
      const start = url.startsWith('https:') ? https.get : http.get;
      request = start(url, { headers: { 'User-Agent': WEBHOOK_USER_AGENT, ...headers }, agent: false });
    } catch (error) {
      resolve({ error: (error as Error).message });
      return;
    }
    const fail = (error: string): void => {
      resolve({ error });
      request.destroy();
    };
    const cancelTimeout = clock.afterWall(timeoutMs, () => fail(`no answer within ${timeoutMs / 1_000} s`));
    request.on('socket', (socket) => socket.unref());
    request.on('close', () => {
      cancelTimeout();
      resolve({ error: 'the connection ended without an answer' });
    });
    request.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      fail(code === 'ECONNREFUSED' ? 'connection refused' : message || code || 'the request failed'),
    );
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > MAX_ANSWER_BYTES) fail(`more than ${MAX_ANSWER_BYTES} bytes`);
      });
      response.on('error', ({ message }) => fail(message));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
  });
}
