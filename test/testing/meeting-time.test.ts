import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkReceiver, type ReceiverUnderTest } from '../../src/testing/index.ts';
import { receiverOf } from '../support/flawed-receivers.ts';

const before = {
  Date,
  now: Date.now,
  performanceNow: performance.now,
  isOwn: Object.hasOwn(performance, 'now'),
};
const YEAR = new Date().getFullYear();

function expectRealTime(): void {
  expect(Date).toBe(before.Date);
  expect(Date.now).toBe(before.now);
  expect(performance.now).toBe(before.performanceNow);
  expect(Object.hasOwn(performance, 'now')).toBe(before.isOwn);
  expect(new Date().getFullYear()).toBe(YEAR);
}

afterEach(expectRealTime);

/** A receiver that lets others run in between, and does something when a message comes. */
function interleaving(onMessage: () => void = () => {}): ReceiverUnderTest {
  const receiver = receiverOf({});
  return {
    ...receiver,
    connect: async () => {
      const handler = await receiver.connect();
      return {
        async message(text) {
          await new Promise((resolve) => setImmediate(resolve));
          onMessage();
          await handler.message(text);
        },
        close: (code) => handler.close(code),
      };
    },
  };
}

describe('the time of a meeting', () => {
  it('is the same by every clock, from the first moment to the last question', async () => {
    const seen: number[][] = [];
    const look = (): void => {
      const date = new Date();
      seen.push([Date.now(), date.getTime(), Date.parse(Date()), performance.now()]);
    };
    const create = (): ReceiverUnderTest => {
      look();
      const receiver = interleaving(look);
      return {
        ...receiver,
        flush: look,
        audio: (id, recordingId) => {
          look();
          return receiver.audio(id, recordingId);
        },
      };
    };
    await checkReceiver(create, { runs: 5, properties: ["one participant's audio is kept"] });
    const epoch = Date.UTC(2026, 0, 1, 10);
    for (const [now, date, words, performanceNow] of seen) {
      expect(now).toBe(epoch + performanceNow!);
      expect(date).toBe(now);
      // In words it has whole seconds.
      expect(words).toBe(Math.floor(now! / 1_000) * 1_000);
    }
    expect(Math.max(...seen.map(([now]) => now! - epoch))).toBeGreaterThan(0);
  });

  it('has dates that are dates', async () => {
    class Stamp extends before.Date {}
    const earlier = new Date(0);
    const later: Date[] = [];
    const create = (): ReceiverUnderTest =>
      interleaving(() => {
        later.push(new Date());
        expect(earlier).toBeInstanceOf(Date);
        expect(new Date(5).getTime()).toBe(5);
        expect(new Date(2020, 1, 2, 3).getMonth()).toBe(1);
        expect(Date.UTC(1970, 0, 1)).toBe(0);
        expect(new Stamp(7)).toBeInstanceOf(Stamp);
        class Own extends Date {}
        expect(new Own()).toBeInstanceOf(Own);
        expect(new Own().getTime()).toBe(Date.now());
        expect(structuredClone(new Date()).getTime()).toBe(Date.now());
      });
    await checkReceiver(create, { runs: 1, properties: ["one participant's audio is kept"] });
    expect(later.length).toBeGreaterThan(0);
    for (const date of later) expect(date).toBeInstanceOf(Date);
  });

  it('is given back when checks run at once, one after another', async () => {
    const order: number[] = [];
    const check = (number: number, runs: number): Promise<void> => {
      const create = (): ReceiverUnderTest => {
        order.push(number);
        return interleaving();
      };
      return checkReceiver(create, { runs, properties: ['the silence of mutes is restored'] }).finally(() =>
        expectRealTime(),
      );
    };
    await Promise.all([check(1, 5), check(2, 8), check(3, 2)]);
    expect(order).toEqual([...order].sort());
    expect(new Set(order)).toEqual(new Set([1, 2, 3]));
  });

  it('is given back when the receiver throws, hangs or is none, and the next check has its turn', async () => {
    const throwing = (): ReceiverUnderTest =>
      interleaving(() => {
        throw new Error('no');
      });
    const hanging = (): ReceiverUnderTest => ({ ...receiverOf({}), flush: () => new Promise(() => {}) });
    const none = (): ReceiverUnderTest => ({}) as ReceiverUnderTest;
    const results = await Promise.allSettled([
      checkReceiver(throwing),
      checkReceiver(hanging, { messageTimeoutMs: 10 }),
      checkReceiver(none),
      checkReceiver(() => receiverOf({}), { runs: 1 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });

  it('goes beside the fake timers of a test', async () => {
    vi.useFakeTimers({ now: 0 });
    try {
      const faked = Date;
      const hanging = (): ReceiverUnderTest => ({ ...receiverOf({}), flush: () => new Promise(() => {}) });
      await expect(checkReceiver(hanging, { messageTimeoutMs: 10 })).rejects.toThrow(
        'flush() did not settle',
      );
      expect(Date).toBe(faked);
      expect(Date.now()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is one in the process, also for a second copy of the library', async () => {
    const copy = (await import(`${'../../dist'}/testing/check-receiver.js`)) as {
      checkReceiver: typeof checkReceiver;
    };
    const order: string[] = [];
    const create = (name: string) => (): ReceiverUnderTest => {
      order.push(name);
      return interleaving();
    };
    await Promise.all([
      checkReceiver(create('source'), { runs: 2 }),
      copy.checkReceiver(create('copy'), { runs: 2 }),
    ]);
    expect(order).toEqual([...order].sort().reverse());
    expect(new Set(order).size).toBe(2);
  });
});
