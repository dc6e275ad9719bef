import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { type CheckOptions, checkReceiver, type ReceiverUnderTest } from '../../src/testing/index.ts';
import { receiverOf } from '../support/flawed-receivers.ts';

class Receiver {
  readonly receiver = receiverOf({});
  connect(): ReturnType<ReceiverUnderTest['connect']> {
    return this.receiver.connect();
  }
  audio(id: number): ReturnType<ReceiverUnderTest['audio']> {
    return this.receiver.audio(id, '');
  }
}

/** As compilers for older runtimes write a class. */
function OldReceiver(): void {}
OldReceiver.prototype.connect = (): void => {};

const handler = { message: () => {}, close: () => {} };

async function refusal(create: unknown, options?: unknown): Promise<UsageError> {
  const error = await checkReceiver(create as () => ReceiverUnderTest, options as CheckOptions).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error;
}

describe('what is not wired as a receiver', () => {
  it.each<[string, unknown, string, string]>([
    ['a class', Receiver, 'given the class Receiver instead of a function', '() => new Receiver()'],
    ['a compiled class', OldReceiver, 'given the class OldReceiver', '() => new Receiver()'],
    ['a receiver', new Receiver(), 'given a Receiver instead of a function', '() => new Receiver()'],
    ['nothing', undefined, 'given undefined', '() => new Receiver()'],
    ['a function that forgets to return', () => {}, 'made nothing', 'connect() and audio('],
    ['an async one', async () => undefined, 'made nothing', 'connect() and audio('],
    ['no connect', () => ({ audio: () => undefined }), 'an object without connect()', 'has connect()'],
    ['no audio', () => ({ connect: () => handler }), 'an object without audio()', 'audio('],
    ['nothing of it', () => ({}), 'without connect() and audio()', 'audio('],
    [
      'a flush that is none',
      () => ({ ...receiverOf({}), flush: true }),
      'flush is a boolean',
      'leave it out',
    ],
    ['connect() without a handler', () => wired(undefined), 'connect() gave nothing', 'message(text)'],
    ['no message', () => wired({ close: () => {} }), 'without message()', 'message(text)'],
    ['no close', () => wired({ message: () => {} }), 'without close()', 'close(code)'],
    ['an async handler without close', () => wired(Promise.resolve({})), 'message() and close()', 'close('],
    ['floats', () => wired(handler, new Float32Array(1_600)), 'gave a Float32Array', 'Int16Array'],
    ['unsigned samples', () => wired(handler, new Uint16Array(1_600)), 'gave an Uint16Array', 'S16LE'],
    ['a list', () => wired(handler, [1, 2]), 'gave an Array', 'Int16Array'],
    ['text', () => wired(handler, 'AAAA'), 'gave a string', 'Buffer'],
    ['a number', () => wired(handler, Promise.resolve(7)), 'gave a number', 'Buffer'],
    ['an ArrayBuffer', () => wired(handler, new ArrayBuffer(2)), 'gave an ArrayBuffer', 'Uint8Array'],
  ])('is named: %s', async (_what, create, message, hint) => {
    let made = 0;
    const counted = typeof create === 'function' && create.prototype === undefined;
    const error = await refusal(
      counted
        ? () => {
            made++;
            return create();
          }
        : create,
    );
    expect(error.code).toBe('receiver_wiring');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    // Found out with the first, smallest meeting.
    expect(made).toBe(counted ? 1 : 0);
  });

  it('is not a class of another realm, or an async factory', async () => {
    const create = async (): Promise<ReceiverUnderTest> => {
      const receiver = receiverOf({});
      const audio = async (id: number) => {
        const samples = await receiver.audio(id, '');
        return runInNewContext('Int16Array.from(samples)', { samples }) as Int16Array;
      };
      return { connect: async () => receiver.connect(), audio };
    };
    await checkReceiver(create, { runs: 5 });
  });
});

function wired(given: unknown, audio?: unknown): unknown {
  return { connect: () => given, audio: () => audio };
}

describe('options that cannot be meant', () => {
  it.each<[unknown, string, string]>([
    [{ runs: 0 }, 'invalid_option', 'runs is 0'],
    [{ runs: -1 }, 'invalid_option', 'runs is -1'],
    [{ runs: Number.NaN }, 'invalid_option', 'runs is NaN'],
    [{ runs: 1.5 }, 'invalid_option', 'runs is 1.5'],
    [{ runs: '50' }, 'invalid_option', 'runs is 50'],
    [{ seed: Number.NaN }, 'invalid_option', 'seed is NaN'],
    [{ messageTimeoutMs: 0 }, 'invalid_option', 'messageTimeoutMs is 0'],
    [{ messageTimeoutMs: Number.POSITIVE_INFINITY }, 'invalid_option', 'messageTimeoutMs is Infinity'],
    [{ messageTimeoutMs: Number.NaN }, 'invalid_option', 'messageTimeoutMs is NaN'],
    [{ properties: [] }, 'invalid_option', 'properties names none'],
    [{ properties: 'all' }, 'invalid_option', 'properties names none'],
    [{ properties: ['is nice'] }, 'unknown_property', '"is nice" is not a property'],
    [{ numRuns: 5 }, 'invalid_option', 'no option "numRuns"'],
    [null, 'invalid_option', 'not an object'],
  ])('are refused before any meeting: %j', async (options, code, message) => {
    let made = 0;
    const create = (): ReceiverUnderTest => {
      made++;
      return receiverOf({});
    };
    const error = await refusal(create, options);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toBeDefined();
    expect(made).toBe(0);
  });

  it('may be undefined', async () => {
    const options = { runs: 1, seed: undefined, properties: undefined, messageTimeoutMs: undefined };
    await checkReceiver(() => new Receiver(), options);
  });
});
