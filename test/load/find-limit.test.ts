import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { findLimit } from '../../dist/index.js';

/** A receiver that lets in so many connections until `empty()` is called, and answers the others with 503. */
async function withRoomFor<T>(room: number, use: (url: string, empty: () => void) => Promise<T>): Promise<T> {
  let taken = 0;
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: (_info, answer) => (taken++ < room ? answer(true) : answer(false, 503)),
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  try {
    return await use(`ws://127.0.0.1:${port}`, () => {
      taken = 0;
    });
  } finally {
    server.close();
  }
}

describe('the search for the limit', () => {
  it('finds the last level that held, and says what broke the next', async () => {
    await withRoomFor(24, async (to, empty) => {
      const told: number[] = [];
      const result = await findLimit(
        {
          to,
          bots: 1,
          participants: 4,
          durationSeconds: 1,
          rampSeconds: 0,
          retryAttempts: 0,
          thresholds: 'dropped=0',
          maxBots: 100,
        },
        ({ bots }) => {
          told.push(bots);
          empty();
        },
      );
      // Four connections a bot: six bots take 24.
      expect(told).toEqual([1, 2, 4, 8, 6, 7]);
      expect(result).toMatchObject({ ok: true, bots: 6, streams: 24, interrupted: false });
      // Whose limit it was is told by the level that broke: the receiver's, unless this machine is busy with other tests.
      expect(result.bottleneck).toBe(result.levels.find(({ bots }) => bots === 7)?.report.bottleneck);
      expect(result.verdict).toMatch(
        /^6 bots \(24 streams\) held; 7 bots broke it: .*dropped=0 was \d+.*\d of 7 bots failed.*HTTP 503/,
      );
    });
  });

  it('ends at the largest number of bots, also when that is less than it usually begins with', async () => {
    await withRoomFor(100, async (to, empty) => {
      const result = await findLimit(
        {
          to,
          participants: 1,
          durationSeconds: 1,
          rampSeconds: 0,
          thresholds: 'dropped=0',
          maxBots: 3,
        },
        empty,
      );
      expect(result.levels.map(({ bots }) => bots)).toEqual([3]);
      expect(result.verdict).toBe('3 bots (3 streams) held; it did not break up to 3 bots');
    });
  });

  it.each([
    [8, 4],
    [8, 0],
    [8, 1.5],
  ])('refuses to begin at %s bots and end at %s', async (bots, maxBots) => {
    await expect(findLimit({ to: 'ws://127.0.0.1:1', bots, maxBots })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'invalid_max_bots',
    });
  });
});
