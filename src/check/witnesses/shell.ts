/** Commands of the user's that run beside a case: bounded in time and in what they say. */
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { howOf, lastWords } from './last-word.ts';

export interface ShellOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ShellResult {
  readonly stdout: string;
  /** Why it is no success, as the end of a sentence: `ended with code 1`. */
  readonly problem: string | undefined;
  /** Of its standard error; safe to print, empty when it said nothing. */
  readonly lastWords: string;
}

const MAX_STDOUT = 256 * 1024;
const MAX_STDERR = 4 * 1024;
const LAST_WORDS_MS = 300;

/** Never rejects. An abort ends the command, which then is no success. */
export function runShell(command: string, { env, timeoutMs, signal }: ShellOptions): Promise<ShellResult> {
  return new Promise((resolve) => {
    const isGroup = process.platform !== 'win32';
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      detached: isGroup,
    });
    const stdout = new Output(MAX_STDOUT);
    const stderr = new Output(MAX_STDERR);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ stdout: stdout.text, problem, lastWords: lastWords(stderr.text.split('\n')) });
    };
    const cutOff = (problem: string): void => {
      if (child.pid !== undefined) kill(isGroup ? -child.pid : child.pid);
      end(problem);
    };
    const onAbort = (): void => cutOff('was ended');
    const timer = setTimeout(() => cutOff(`took longer than ${timeoutMs / 1_000} s`), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    child.stderr.on('data', (chunk: Buffer) => stderr.addLast(chunk));
    child.stdout.on('data', (chunk: Buffer) => {
      if (!stdout.add(chunk)) cutOff(`printed more than ${MAX_STDOUT} bytes`);
    });
    child.on('error', (error) => end(`cannot be started: ${error.message}`));
    const onExit = (code: number | null, name: string | null): void =>
      end(code === 0 ? undefined : `ended ${howOf({ code, signal: name })}`);
    child.on('close', onExit);
    // What it started in the background may go on, and holds its output open.
    child.on('exit', (code, name) => setTimeout(() => onExit(code, name), LAST_WORDS_MS));
    if (signal?.aborted === true) onAbort();
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** Text of a bounded length, in UTF-8. */
class Output {
  text = '';
  readonly #max: number;
  readonly #decoder = new StringDecoder('utf8');

  constructor(max: number) {
    this.#max = max;
  }

  /** False when there is no room for it. */
  add(chunk: Buffer): boolean {
    this.text += this.#decoder.write(chunk);
    return this.text.length <= this.#max;
  }

  /** The end of it is what is kept. */
  addLast(chunk: Buffer): void {
    this.text = (this.text + this.#decoder.write(chunk)).slice(-this.#max);
  }
}
