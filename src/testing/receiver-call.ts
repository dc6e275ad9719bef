/** Calls into a receiver under test: what it throws is kept with the line that threw it, and it has a limited time. */
import { fileURLToPath } from 'node:url';
import { EmulatorError } from '../errors.ts';
import { plainText } from '../plain-text.ts';

/** The receiver did something wrong. The message says what, in lines; `cause` is what it threw, if it threw. */
export class ReceiverFault extends Error {
  /** Looking for a smaller meeting would take as long again each time. */
  readonly isSlow: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly isSlow?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.isSlow = options.isSlow ?? false;
  }
}

/** Calls `run` and waits for what it promises. Rejects with a `ReceiverFault` when it throws, rejects or takes too long. */
export type Call = <T>(what: string, run: () => T | PromiseLike<T>) => Promise<T>;

// The real ones: time is replaced while these are used, and a test may have replaced timers, too.
const { setTimeout, clearTimeout } = globalThis;
const nowMs = performance.now.bind(performance);

/** A call that blocks cannot be interrupted: it is found out when it returns. */
export function callWithin(limitMs: number): Call {
  return async (what, run) => {
    const startMs = nowMs();
    try {
      const result = run();
      const blockedMs = nowMs() - startMs;
      const settling = settled(result, limitMs, () => tooSlow(`${what} did not settle`, limitMs));
      if (blockedMs <= limitMs) return await settling;
      // What it promised is of no interest any more, a rejection included.
      settling.catch(() => {});
    } catch (error) {
      throw error instanceof ReceiverFault ? error : thrown(what, error);
    }
    throw tooSlow(`${what} blocked for ${Math.round(nowMs() - startMs)} ms`, limitMs);
  };
}

async function settled<T>(result: T | PromiseLike<T>, limitMs: number, expired: () => Error): Promise<T> {
  if (!isThenable(result)) return result;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(expired()), limitMs);
  });
  try {
    return await Promise.race([result, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
}

function tooSlow(what: string, limitMs: number): ReceiverFault {
  const cause = new EmulatorError('receiver_timeout', `${what}.`, {
    hint: `It has ${limitMs} ms (messageTimeoutMs).`,
  });
  return new ReceiverFault(`${what}; it has ${limitMs} ms (messageTimeoutMs)`, { cause, isSlow: true });
}

function thrown(what: string, error: unknown): ReceiverFault {
  const text = (error instanceof Error ? `${error.name}: ${error.message}` : inspectBriefly(error))
    .split('\n')
    .map((line) => plainText(line))
    .join('\n');
  const line = error instanceof Error ? ownLine(error.stack ?? '') : undefined;
  return new ReceiverFault(`${what} threw ${text}${line === undefined ? '' : `\n  ${line}`}`, {
    cause: error,
  });
}

function inspectBriefly(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const HERE_URL = new URL('.', import.meta.url).href;

/** The innermost line of a stack that is neither Node's, nor a dependency's, nor ours. */
function ownLine(stack: string): string | undefined {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .find(
      (line) =>
        /^at .*:\d+:\d+\)?$/.test(line) &&
        !/\bnode:|[/\\]node_modules[/\\]/.test(line) &&
        !line.includes(HERE) &&
        !line.includes(HERE_URL),
    );
}
