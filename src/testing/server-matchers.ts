/** The matcher for what a mock server was asked: for every runner whose `expect.extend` takes functions of `{ pass, message }`. */
import { type ExpectedCount, type ExpectedRequest, verificationText } from '../server/api/request-match.ts';
import type { MockServer } from '../server/server.ts';

/** How many requests there must be; at least one when nothing is said. */
export interface ReceivedOptions extends ExpectedCount {
  /** Only what came with this key. */
  readonly apiKey?: string | undefined;
}

export interface ServerMatchers<R = unknown> {
  /**
   * Of `startServer`, `createMock` or `recallHandlers`: the app has asked for this, as often as `options` say. Part of a body is enough, and
   * `expect.stringContaining` and the like may stand in it. A failure says what came closest, and how it differs.
   */
  toHaveReceived(expected: ExpectedRequest, options?: ReceivedOptions): R;
}

export function toHaveReceived(
  received: Pick<MockServer, 'verify'>,
  expected: ExpectedRequest,
  options: ReceivedOptions = {},
): { readonly pass: boolean; message(): string } {
  if (typeof (received as Partial<MockServer> | null | undefined)?.verify !== 'function')
    throw new TypeError('toHaveReceived is for what startServer, createMock or recallHandlers has returned.');
  const result = received.verify(expected, options);
  return {
    pass: result.ok,
    message: () =>
      result.ok
        ? `Expected no such request, got ${result.matched}: numbers ${result.requests.join(', ')}.`
        : verificationText(result),
  };
}
