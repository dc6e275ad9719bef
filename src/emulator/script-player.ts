/**
 * Plays a script at a URL over real sockets, step by step: each at its position on the clock, and none before the one before
 * it is done. Adds nothing of its own: no retries, no reconnects. What the script leaves open is closed with 1000 at its end.
 */
import { UsageError } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { readTarget } from '../target.ts';
import { binaryFrame, textFrame } from './encoder.ts';
import { checkSendOptions, clockOf, type PaceOptions, sendSettings, type TargetOptions } from './options.ts';
import type { Script } from './script.ts';
import {
  ScriptConnection,
  type ScriptConnectionOptions,
  type ScriptConnectionReport,
} from './script-connection.ts';
import { signedUpgrade } from './signed-upgrade.ts';

export interface ScriptPlayOptions
  extends PaceOptions,
    Pick<
      TargetOptions,
      | 'headers'
      | 'secret'
      | 'insecure'
      | 'tolerateInvalidFrames'
      | 'handshakeTimeoutSeconds'
      | 'closeTimeoutSeconds'
      | 'stallTimeoutSeconds'
    > {
  /** `ws://` or `wss://`; dialled exactly as it is, once for each connection of the script. */
  readonly url: string;
  /** Ends what is open, with 1000; no further steps are taken. */
  readonly signal?: AbortSignal | undefined;
}

export interface ScriptReport {
  /** In the order of opening. */
  readonly connections: readonly ScriptConnectionReport[];
  readonly interrupted: boolean;
}

/**
 * Resolves when every connection is over, whatever the receiver does. Rejects with a `UsageError` for options that cannot be
 * meant and for a script that writes to what it has not opened, and with what the script itself throws.
 */
export async function playScript(script: Script, options: ScriptPlayOptions): Promise<ScriptReport> {
  checkSendOptions(options);
  const player = new ScriptPlayer(options);
  const onAbort = (): void => player.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted === true) player.abort();
    else await player.play(script);
  } catch (error) {
    player.abort();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    await player.end();
  }
  return player.report();
}

class ScriptPlayer {
  readonly #options: ScriptPlayOptions;
  readonly #connecting: Omit<ScriptConnectionOptions, 'headers'>;
  readonly #connections = new Map<number, ScriptConnection>();
  #interrupted = false;
  #stopWaiting: () => void = () => {};

  constructor(options: ScriptPlayOptions) {
    this.#options = options;
    const clock = clockOf(options);
    this.#connecting = {
      ...sendSettings(options).connection,
      url: readTarget(options.url, 'websocket'),
      clock,
      startMs: clock.now(),
      history: { hasOpened: false },
    };
  }

  async play(script: Script): Promise<void> {
    const { startMs } = this.#connecting;
    let waitedMs = 0;
    for (const step of script) {
      const dueMs = startMs + waitedMs + (step.atSample * 1_000) / SAMPLE_RATE;
      await this.#until(dueMs);
      if (this.#interrupted) return;
      if (step.kind === 'wait') {
        waitedMs += step.ms;
        await this.#until(dueMs + step.ms);
      } else if (step.kind === 'open') await this.#open(step.connection);
      else if (step.kind === 'message') await this.#connection(step.connection).send(textFrame(step.text));
      else if (step.kind === 'ping') await this.#connection(step.connection).ping();
      else if (step.kind === 'binary') await this.#connection(step.connection).send(binaryFrame(step.bytes));
      else await this.#close(step.connection, step.code);
    }
  }

  abort(): void {
    this.#interrupted = true;
    this.#stopWaiting();
    for (const connection of this.#connections.values()) connection.abort();
  }

  async end(): Promise<void> {
    for (const connection of this.#connections.values()) connection.close(1000);
    await Promise.all([...this.#connections.values()].map(({ closed }) => closed));
  }

  report(): ScriptReport {
    return {
      connections: [...this.#connections.values()].map((connection) => connection.report()),
      interrupted: this.#interrupted,
    };
  }

  async #open(number: number): Promise<void> {
    if (this.#connections.has(number))
      throw invalid(
        `The script opens connection ${number} twice.`,
        'Give each connection a number of its own.',
      );
    const connection = new ScriptConnection(number, {
      ...this.#connecting,
      headers: this.#headers(),
    });
    this.#connections.set(number, connection);
    await connection.opened;
  }

  async #close(number: number, code: number): Promise<void> {
    if (!isCloseCode(code)) {
      throw invalid(
        `The script closes connection ${number} with ${code}.`,
        'Codes are 1000 to 1014 without 1004, and 3000 to 4999; 1005 is none, and 1006 is an end without a close frame.',
      );
    }
    const connection = this.#connection(number);
    connection.close(code);
    // In virtual time a successor opens only when this one is over, as in a session.
    if (this.#connecting.clock.virtual) await connection.closed;
  }

  #connection(number: number): ScriptConnection {
    const connection = this.#connections.get(number);
    if (connection !== undefined) return connection;
    throw invalid(`The script has not opened connection ${number}.`, 'Let a step of kind "open" come first.');
  }

  #headers(): Readonly<Record<string, string>> {
    const { headers = {}, secret } = this.#options;
    if (secret === undefined) return headers;
    return { ...headers, ...signedUpgrade(secret, Math.floor(Date.now() / 1_000)) };
  }

  /** Resolves at this time of the clock, or at an abort. */
  async #until(atMs: number): Promise<void> {
    const { clock } = this.#connecting;
    if (this.#interrupted || clock.now() >= atMs) return;
    let wake = (): void => {};
    await new Promise<void>((resolve) => {
      wake = () => resolve();
      this.#stopWaiting = resolve;
      clock.wakeAt(atMs, wake);
    });
    clock.cancelWake(wake);
  }
}

/** As they may be told (RFC 6455 §7.4), plus the two that tell of an end without one. */
function isCloseCode(code: number): boolean {
  return (
    Number.isInteger(code) &&
    ((code >= 1000 && code <= 1014 && code !== 1004) || (code >= 3000 && code <= 4999))
  );
}

function invalid(message: string, hint: string): UsageError {
  return new UsageError('invalid_script', message, { hint });
}
