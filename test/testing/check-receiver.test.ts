import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Receiver as ExampleReceiver } from '../../examples/node-receiver/src/receiver.ts';
import { withNeeded } from '../../src/check/properties/index.ts';
import {
  checkReceiver,
  RECEIVER_PROPERTIES,
  ReceiverCheckError,
  type ReceiverProperty,
  type ReceiverUnderTest,
} from '../../src/testing/index.ts';
import { withFolder } from '../support/cli.ts';
import { FLAWS, receiverOf } from '../support/flawed-receivers.ts';

/** What a check rejects with; fails when it does not. */
async function failureOf(check: Promise<void>): Promise<ReceiverCheckError> {
  const error = await check.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ReceiverCheckError);
  return error;
}

function flawed(name: string): ReceiverUnderTest {
  return receiverOf(FLAWS.find(([flaw]) => flaw === name)![2]);
}

describe('checkReceiver', () => {
  it('lets the example receiver pass, and a plain one without flaws', async () => {
    await withFolder(async (dir) => {
      // Meetings of one seed are of one recording: a folder for each.
      await checkReceiver(() => new ExampleReceiver(mkdtempSync(join(dir, 'run-'))), { runs: 30 });
    });
    await checkReceiver(() => receiverOf({}), { runs: 100 });
  });

  it.each(FLAWS)('finds that a receiver %s, and nothing else', async (_flaw, property, steps) => {
    const create = (): ReceiverUnderTest => receiverOf(steps);
    const error = await failureOf(checkReceiver(create, { seed: 1, runs: 20 }));
    expect(error.property).toBe(property);
    expect(error.message).toContain(`does not have this property: ${property}`);
    // What builds on it cannot be told; everything else holds.
    const needs = (name: ReceiverProperty): boolean =>
      withNeeded([name]).some((needed) => needed.name === property);
    const others = RECEIVER_PROPERTIES.filter((name) => !needs(name));
    if (others.length > 0) await checkReceiver(create, { seed: 1, runs: 20, properties: others });
  });

  it('has a flawed receiver for every property', () => {
    expect(new Set(FLAWS.map(([, property]) => property))).toEqual(new Set(RECEIVER_PROPERTIES));
  });

  it('names what a property builds on when that is missing, and says why it was checked', async () => {
    const error = await failureOf(
      checkReceiver(() => flawed('keeps one track for everybody'), {
        properties: ['people of the same name are told apart'],
      }),
    );
    expect(error.property).toBe('participants are kept apart');
    expect(error.message).toMatch(/unmuted: 0–[\d.]+ s ←/);
    expect(error.message).toContain('(Needed for: people of the same name are told apart.)');
  });

  it('shows where, what and the smallest meeting', async () => {
    const { message, scenario, cause } = await failureOf(
      checkReceiver(() => flawed('drops the gap restoration')),
    );
    expect(message).toMatch(/participant 100 \(Person 1\): differs at \d/);
    expect(message).toMatch(/expected\s+-?\d/);
    expect(message).toMatch(/unmuted: [\d.]+–[\d.]+ s/);
    expect(message).toContain('timeline:');
    expect(message).not.toContain('Needed for');
    expect(scenario.participants).toHaveLength(1);
    expect(cause).toBeUndefined();
  });

  it('repeats a run by its seed', async () => {
    const messageOf = async (): Promise<string> =>
      (await failureOf(checkReceiver(() => flawed('appends'), { seed: 7 }))).message;
    const message = await messageOf();
    expect(message).toContain('seed 7');
    expect(await messageOf()).toBe(message);
  });

  it('makes as many meetings as it is told to', async () => {
    let made = 0;
    const create = (): ReceiverUnderTest => {
      made++;
      return receiverOf({});
    };
    const properties: ReceiverProperty[] = ['frames may have any size'];
    await checkReceiver(create, { runs: 3, properties });
    // Three of it, three of what it needs, and the smallest meeting of all.
    expect(made).toBe(7);
  });
});

describe('the errors of a receiver', () => {
  it('keep their cause, and the line that threw', async () => {
    class OutOfCheese extends Error {
      override name = 'OutOfCheese';
    }
    const create = (): ReceiverUnderTest => ({
      connect: () => ({
        message() {
          throw new OutOfCheese('redo from start\n\u001b[2J');
        },
        close: () => {},
      }),
      audio: () => undefined,
    });
    const { message, cause, property } = await failureOf(checkReceiver(create));
    expect(property).toBe("one participant's audio is kept");
    expect(cause).toBeInstanceOf(OutOfCheese);
    expect(message).toMatch(/message\(\) threw OutOfCheese: redo from start/);
    expect(message).toMatch(/at .*message .*check-receiver\.test\.ts:\d+:\d+\)?$/m);
    expect(message).toContain('\\u001b[2J');
  });

  it('show no line when none is the receiver’s own', async () => {
    const create = (): ReceiverUnderTest => ({
      connect: () => ({ message: decodeURIComponent.bind(undefined, '%') as () => never, close: () => {} }),
      audio: () => undefined,
    });
    const { message, cause } = await failureOf(checkReceiver(create));
    expect(cause).toBeInstanceOf(URIError);
    expect(message).toContain('message() threw URIError');
    expect(message).not.toMatch(/^\s+at /m);
  });

  it.each<[string, Partial<Record<'create' | 'connect' | 'close' | 'flush' | 'audio', true>>, string]>([
    ['create', { create: true }, 'create()'],
    ['connect', { connect: true }, 'connect()'],
    ['close', { close: true }, 'close(1000)'],
    ['flush', { flush: true }, 'flush()'],
    ['audio', { audio: true }, 'audio()'],
  ])('tell that it was %s', async (_name, throwing, shown) => {
    const reason = { not: 'an error' };
    const fail = async (isFailing: true | undefined): Promise<undefined> => {
      if (isFailing) throw reason;
    };
    const create = async (): Promise<ReceiverUnderTest> => {
      await fail(throwing.create);
      return {
        connect: async () => {
          await fail(throwing.connect);
          return { message: () => {}, close: () => fail(throwing.close) };
        },
        flush: () => fail(throwing.flush),
        audio: () => fail(throwing.audio),
      };
    };
    const { message, cause } = await failureOf(checkReceiver(create));
    expect(message).toContain(`${shown} threw {"not":"an error"}`);
    expect(cause).toBe(reason);
  });
});

describe('a receiver that takes too long', () => {
  const slow = (message: () => void | Promise<void>): ReceiverUnderTest => ({
    ...receiverOf({}),
    connect: () => ({ message, close: () => {} }),
  });

  it('is ended when a promise never settles, at once and with its name', async () => {
    let hung = 0;
    const create = (): ReceiverUnderTest => {
      const { connect, audio } = receiverOf({});
      return {
        connect: async () => {
          const handler = await connect();
          let messages = 0;
          return {
            ...handler,
            message(text) {
              if (++messages < 3) return handler.message(text);
              hung++;
              return new Promise(() => {});
            },
          };
        },
        audio,
      };
    };
    const { message, cause } = await failureOf(checkReceiver(create, { seed: 1, messageTimeoutMs: 500 }));
    expect(message).toContain('message() did not settle; it has 500 ms (messageTimeoutMs)');
    expect(cause).toMatchObject({ code: 'receiver_timeout' });
    // No smaller meeting is looked for: each would take as long again.
    expect(hung).toBe(1);
  });

  it('is found out when it blocks', async () => {
    let calls = 0;
    const create = (): ReceiverUnderTest =>
      slow(() => {
        calls++;
        const until = process.hrtime.bigint() + 30_000_000n;
        while (process.hrtime.bigint() < until);
        return Promise.reject(new Error('after all'));
      });
    const { message, cause } = await failureOf(checkReceiver(create, { messageTimeoutMs: 20 }));
    expect(message).toMatch(/message\(\) blocked for \d+ ms; it has 20 ms/);
    expect(cause).toMatchObject({ code: 'receiver_timeout' });
    expect(calls).toBe(1);
  });

  it('has its time for each call, not for all of them', async () => {
    const create = (): ReceiverUnderTest => {
      const receiver = receiverOf({});
      return {
        ...receiver,
        connect: async () => {
          const handler = await receiver.connect();
          return {
            message: async (text) => {
              await new Promise((resolve) => setImmediate(resolve));
              await handler.message(text);
            },
            close: (code) => handler.close(code),
          };
        },
      };
    };
    await checkReceiver(create, { runs: 5 });
  });
});

describe('a receiver that stores later', () => {
  it('is told to finish before it is asked', async () => {
    const create = (): ReceiverUnderTest => {
      const stored = receiverOf({});
      const pending: (() => Promise<void>)[] = [];
      return {
        connect: async () => {
          const handler = await stored.connect();
          return {
            message: (text) => void pending.push(async () => handler.message(text)),
            close: (code) => void pending.push(async () => handler.close(code)),
          };
        },
        flush: async () => {
          for (const store of pending.splice(0)) await store();
        },
        audio: (id, recordingId) => stored.audio(id, recordingId),
      };
    };
    await checkReceiver(create, { runs: 10 });
    const { property } = await failureOf(checkReceiver(() => ({ ...create(), flush: () => {} })));
    expect(property).toBe("one participant's audio is kept");
  });
});
