/**
 * The receiver's own process: started, waited for, watched and ended. In a process group of its own, so that what a shell or
 * `npm` started for it ends with it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { UsageError } from '../../errors.ts';
import { refusalOf } from '../../files.ts';
import { plainText } from '../../plain-text.ts';
import { hostOf } from '../../target.ts';
import { howOf, lastWords } from './last-word.ts';
import { untilListening, untilNobodyListens } from './listening.ts';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Wall clock, milliseconds since the epoch. */
  readonly atMs: number;
  /** The last lines of its standard error; safe to print. */
  readonly stderr: readonly string[];
}

export interface ProcessOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Where it is to listen; undefined when nobody knows: then it is not waited for. */
  readonly url: string | undefined;
  /** How long it may take until it listens. */
  readonly waitMs: number;
  readonly env: Readonly<Record<string, string>>;
  /** Lines of its output as they come. */
  readonly onLine?: ((stream: 'stdout' | 'stderr', line: string) => void) | undefined;
}

/** The data of an error may be long, and its name stands above it. */
const MAX_LINES = 400;
const MAX_LINE = 1_000;
/** How long it has to end by itself after SIGTERM. */
const END_MS = 5_000;
/** Its last words come after its end; whoever it has left behind may hold the pipe open for ever. */
const LAST_WORDS_MS = 300;

export class ReceiverProcess {
  readonly #options: ProcessOptions;
  /** A new list for each start: what has ended keeps its own. */
  #stderr: string[] = [];
  #child: ChildProcess | undefined;
  #exit: ProcessExit | undefined;
  #exited: Promise<void> = Promise.resolve();
  #starts = 0;
  #isStopping = false;

  /** It does not outlive us, however we end. */
  readonly #onOurExit = (): void => this.#kill('SIGKILL');

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** Its end, if nobody has asked for it. Undefined while it runs, and before it was started. */
  get died(): ProcessExit | undefined {
    return this.#isStopping ? undefined : this.#exit;
  }

  get pid(): number | undefined {
    return this.#exit === undefined ? this.#child?.pid : undefined;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#exit === undefined;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** Resolves at once while it runs; after its end when its last lines have been read. */
  async lastWords(): Promise<void> {
    if (this.#exit !== undefined) await this.#exited;
  }

  /**
   * Starts it and resolves when it listens. Throws a `UsageError`: `receiver_not_started` (no such program),
   * `receiver_ended` (before it listened), `receiver_not_listening` (not in time), `port_taken` (somebody else listens there).
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { url, waitMs, command } = this.#options;
    const [program] = command;
    if (url !== undefined && !(await this.#isFree(url))) {
      throw new UsageError('port_taken', `Something else listens at ${hostOf(url)} already.`, {
        hint: 'End it, or leave out the command to check it as it is.',
      });
    }
    await this.#spawn();
    if (url === undefined) return;
    const giveUp = (): boolean => this.#exit !== undefined || signal?.aborted === true;
    if ((await untilListening(url, { waitMs, giveUp })) || signal?.aborted === true) return;
    if (this.#exit !== undefined) {
      await this.#exited;
      throw this.#ended(program, url);
    }
    await this.stop();
    throw new UsageError(
      'receiver_not_listening',
      `Nothing listens at ${hostOf(url)} ${waitMs / 1_000} s after ${program} was started.`,
      { hint: `Check the port in the URL, or give it longer with \`waitSeconds\`.${this.#lastWords()}` },
    );
  }

  /** What an earlier start has left behind ends first, which takes a moment. */
  async #isFree(url: string): Promise<boolean> {
    const waitMs = this.#child === undefined ? 0 : END_MS;
    this.#kill('SIGKILL');
    return untilNobodyListens(url, { waitMs });
  }

  /** Throws when there is no such program. */
  async #spawn(): Promise<void> {
    const [program, ...args] = this.#options.command;
    this.#exit = undefined;
    this.#isStopping = false;
    this.#stderr = [];
    this.#starts++;
    const stderr = this.#stderr;
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#options.env },
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    process.off('exit', this.#onOurExit);
    process.on('exit', this.#onOurExit);
    this.#read('stdout', child.stdout!);
    this.#read('stderr', child.stderr!);
    const end = (code: number | null, name: string | null): void => {
      this.#exit ??= { code, signal: name, atMs: Date.now(), stderr };
    };
    this.#exited = new Promise((resolve) => {
      child.on('exit', (code, name) => {
        end(code, name);
        setTimeout(resolve, LAST_WORDS_MS);
      });
      child.on('close', () => resolve());
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        end(null, null);
        reject(notStarted(program, error));
      });
    });
  }

  /** Resolves when it has ended: by itself, or killed after a while. */
  async stop(): Promise<void> {
    try {
      await this.#stop();
    } finally {
      process.off('exit', this.#onOurExit);
    }
  }

  async #stop(): Promise<void> {
    if (!this.running) {
      // A wrapper that has died may have left behind what it started.
      this.#kill('SIGKILL');
      return;
    }
    this.#isStopping = true;
    this.#kill('SIGTERM');
    const timer = setTimeout(() => this.#kill('SIGKILL'), END_MS);
    await this.#exited;
    clearTimeout(timer);
    // What it left behind in its group ends, too.
    this.#kill('SIGKILL');
  }

  #kill(name: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    // Without groups, the number of what has ended may be another's by now.
    if (pid === undefined || (process.platform === 'win32' && !this.running)) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It is gone.
    }
  }

  #read(stream: 'stdout' | 'stderr', from: NodeJS.ReadableStream): void {
    let rest = '';
    from.setEncoding('utf8');
    from.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE);
      for (const line of lines) this.#line(stream, line);
    });
    from.on('end', () => {
      if (rest !== '') this.#line(stream, rest);
    });
    from.on('error', () => {});
  }

  #line(stream: 'stdout' | 'stderr', line: string): void {
    const plain = plainText(line, MAX_LINE);
    if (stream === 'stderr' && plain !== '') {
      this.#stderr.push(plain);
      if (this.#stderr.length > MAX_LINES) this.#stderr.shift();
    }
    this.#options.onLine?.(stream, plain);
  }

  #ended(program: string, url: string): UsageError {
    return new UsageError(
      'receiver_ended',
      `${program} ended ${howOf(this.#exit!)} before it listened at ${hostOf(url)}.`,
      {
        hint: `Try the command by itself.${this.#lastWords()}`,
      },
    );
  }

  #lastWords(): string {
    const last = lastWords(this.#stderr);
    return last === '' ? '' : ` It wrote: ${last}`;
  }
}

function notStarted(program: string, error: Error): UsageError {
  const why = refusalOf(error) ?? error.message;
  return new UsageError('receiver_not_started', `${program} cannot be started: ${why}.`, {
    hint: 'Check the command after --.',
  });
}
