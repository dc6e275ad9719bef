import { describe, expect, it } from 'vitest';
import { RateLimits } from '../../../src/server/api/rate-limits.ts';
import { OPERATIONS } from '../../../src/server/api/resources/index.ts';
import { withServer, ZOOM } from '../../support/mock.ts';

const operation = (id: string) => OPERATIONS.find((each) => each.id === id)!;
const statusOf = (run: () => void): unknown => {
  try {
    run();
    return 'taken';
  } catch (error) {
    const { status, headers, body } = error as { status: number; headers: object; body: object };
    return { status, ...headers, ...body };
  }
};

describe('rate limits', () => {
  it('let a minute of requests pass, and the next when the first is a minute old', () => {
    let now = 0;
    const limits = new RateLimits(() => now);
    for (let sent = 0; sent < 60; sent++) {
      now = sent * 500;
      limits.take(operation('create_bot'), undefined);
    }
    expect(statusOf(() => limits.take(operation('create_bot'), undefined))).toEqual({
      status: 429,
      'Retry-After': '31',
      code: 'throttled',
      detail: 'Request was throttled. Expected available in 31 seconds.',
    });
    expect(statusOf(() => limits.take(operation('retrieve_bot'), undefined))).toBe('taken');
    now = 60_000;
    expect(statusOf(() => limits.take(operation('create_bot'), undefined))).toBe('taken');
    expect(statusOf(() => limits.take(operation('create_bot'), undefined))).toMatchObject({ status: 429 });
  });

  it('count transcripts that are made for each bot', () => {
    const limits = new RateLimits(() => 0);
    for (let sent = 0; sent < 5; sent++) limits.take(operation('create_transcript'), 'a');
    expect(statusOf(() => limits.take(operation('create_transcript'), 'a'))).toMatchObject({ status: 429 });
    expect(statusOf(() => limits.take(operation('create_transcript'), 'b'))).toBe('taken');
  });

  it('are those of each key, and are there when they are asked for', async () => {
    const ask = async (rateLimits: boolean): Promise<unknown[]> =>
      withServer({ rateLimits }, async ({ get, post }) => {
        for (let sent = 0; sent < 5; sent++) await get('/api/v1/billing/usage/');
        const { status, headers } = await get('/api/v1/billing/usage/');
        const other = await get('/api/v1/billing/usage/', { Authorization: 'Token other' });
        const created = await post('/api/v1/bot/', { meeting_url: ZOOM });
        return [status, headers.get('retry-after') !== null, other.status, created.status];
      });
    expect(await ask(true)).toEqual([429, true, 200, 201]);
    expect(await ask(false)).toEqual([200, false, 200, 201]);
  });
});
