/** What `checkReceiver` checks: a receiver without its sockets, and whether it has been wired as one. */
import { UsageError } from '../errors.ts';
import { samplesOf } from '../protocol/pcm.ts';
import type { Call } from './receiver-call.ts';

/** What takes the messages of one connection. */
export interface ConnectionHandler {
  /** One text message, as it came. Throwing is a failure: in a server it would end the process. */
  message(text: string): void | Promise<void>;
  /** The connection has ended, with this close code (1006 when it was lost). */
  close(code: number): void | Promise<void>;
}

/** Samples, or S16LE bytes. */
type KeptAudio = Int16Array | Uint8Array | undefined;

/** A receiver without its sockets. */
export interface ReceiverUnderTest {
  /** A connection has opened. */
  connect(): ConnectionHandler | Promise<ConnectionHandler>;
  /**
   * A participant's audio from the start of the recording on, with silence where they were muted: samples, or S16LE bytes.
   * What comes after their last frame may be left out.
   */
  audio(participantId: number, recordingId: string): KeptAudio | Promise<KeptAudio>;
  /** Everything has been sent: finish what is still to be stored. Called once before `audio`. */
  flush?(): void | Promise<void>;
}

/** Makes a fresh receiver for each meeting. */
export type ReceiverFactory = () => ReceiverUnderTest | Promise<ReceiverUnderTest>;

/** Throws a `UsageError` for what is no factory: a receiver, a class, anything else. */
export function checkFactory(create: unknown): asserts create is ReceiverFactory {
  if (typeof create === 'function' && !isClass(create)) return;
  const what =
    typeof create === 'function' ? `the class ${create.name || '(without a name)'}` : kindOf(create);
  throw new UsageError('receiver_wiring', `checkReceiver was given ${what} instead of a function.`, {
    hint: 'Give a function that makes a fresh receiver for each meeting: checkReceiver(() => new Receiver()).',
  });
}

/** Compiled classes are functions whose prototype has the receiver's methods. */
function isClass(create: { readonly prototype?: unknown }): boolean {
  const { connect, audio } = (create.prototype ?? {}) as Record<string, unknown>;
  return (
    /^class\b/.test(Function.prototype.toString.call(create)) || connect !== undefined || audio !== undefined
  );
}

export async function createReceiver(create: ReceiverFactory, call: Call): Promise<ReceiverUnderTest> {
  const receiver = await call('create()', create);
  needMethods(receiver, 'The function given to checkReceiver made', ['connect', 'audio']);
  const { flush } = receiver;
  if (flush !== undefined && typeof flush !== 'function') {
    throw wiring(`The receiver's flush is ${kindOf(flush)}.`, 'Make it a method, or leave it out.');
  }
  return receiver;
}

export async function connect(receiver: ReceiverUnderTest, call: Call): Promise<ConnectionHandler> {
  const handler = await call('connect()', () => receiver.connect());
  needMethods(handler, 'connect() gave', ['message', 'close']);
  return handler;
}

/** The samples that the receiver has kept; none when it knows nothing of the participant. */
export async function keptAudio(
  receiver: ReceiverUnderTest,
  participantId: number,
  recordingId: string,
  call: Call,
): Promise<Int16Array> {
  const kept: unknown = await call('audio()', () => receiver.audio(participantId, recordingId));
  if (kept === undefined || kept === null) return new Int16Array();
  // By tag: a runner's sandbox has classes of its own.
  const tag = Object.prototype.toString.call(kept);
  if (tag === '[object Int16Array]') return kept as Int16Array;
  if (tag === '[object Uint8Array]') return samplesOf(kept as Uint8Array);
  throw wiring(
    `audio() gave ${kindOf(kept)}.`,
    'Give an Int16Array of samples, or their S16LE bytes as a Buffer or Uint8Array; undefined for nobody known.',
  );
}

/** Both shapes, in one line. */
const SHAPE =
  'A receiver has connect() and audio(participantId, recordingId); what connect() gives has message(text) and close(code).';

function needMethods(value: unknown, what: string, names: readonly string[]): void {
  if (value === undefined || value === null) throw wiring(`${what} nothing.`, SHAPE);
  const methods = value as Record<string, unknown>;
  const missing = names.filter((name) => typeof methods[name] !== 'function').map((name) => `${name}()`);
  if (missing.length > 0) throw wiring(`${what} ${kindOf(value)} without ${missing.join(' and ')}.`, SHAPE);
}

function wiring(message: string, hint: string): UsageError {
  return new UsageError('receiver_wiring', message, { hint });
}

/** `a Float32Array`, `an object`, `undefined`: what a value is, for a sentence. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const name = typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
  const plain = name === 'Object' ? 'object' : name || 'object';
  return `${/^[aeiou]/i.test(plain) ? 'an' : 'a'} ${plain}`;
}
