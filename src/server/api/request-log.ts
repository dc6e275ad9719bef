/** What an app has asked of the API, newest last. Bounded, and without secrets: tests look here, and print what they see. */
import { parseJson } from '../../json.ts';
import { plainText } from '../../plain-text.ts';
import { keptJson } from './kept-json.ts';

export interface LoggedRequest {
  /** 1, 2, 3… over all workspaces. */
  readonly number: number;
  /** On the server's clock. */
  readonly at: string;
  readonly method: string;
  /** As the app wrote it, without its query. */
  readonly path: string;
  /** Such as `create_bot`; null for a path that is none of the API. */
  readonly operation: string | null;
  readonly query: Readonly<Record<string, unknown>>;
  /** JSON, or the text of what is none; null for none. */
  readonly body: unknown;
  readonly status: number;
  /** The same of the answer. What is long is cut. */
  readonly answer: unknown;
  /** Until the answer, in wall milliseconds. */
  readonly duration_ms: number;
}

/** As it is told to the log: bodies are texts. */
export interface RequestToLog extends Omit<LoggedRequest, 'number' | 'body' | 'answer'> {
  readonly body: string;
  readonly answer: string;
}

/** Of each workspace. */
const MAX_REQUESTS = 1_000;
/** Longer answers are lists, which are asked for again if somebody wants them. Characters. */
const MAX_ANSWER = 256 * 1024;
const MAX_PATH = 1_000;

/** Counts for all logs of a server. */
export class RequestNumbers {
  #last = 0;

  next(): number {
    return ++this.#last;
  }
}

export class RequestLog {
  readonly #numbers: RequestNumbers;
  readonly #kept: LoggedRequest[] = [];
  #forgotten = 0;

  constructor(numbers: RequestNumbers) {
    this.#numbers = numbers;
  }

  add(request: RequestToLog): void {
    this.#kept.push({
      ...request,
      number: this.#numbers.next(),
      path: plainText(request.path, MAX_PATH),
      query: keptJson(request.query) as LoggedRequest['query'],
      body: jsonOf(request.body),
      answer:
        request.answer.length > MAX_ANSWER
          ? `… (${request.answer.length} characters)`
          : jsonOf(request.answer),
    });
    if (this.#kept.length <= MAX_REQUESTS) return;
    this.#kept.shift();
    this.#forgotten++;
  }

  all(): readonly LoggedRequest[] {
    return this.#kept;
  }

  /** How many are not kept any more. */
  get forgotten(): number {
    return this.#forgotten;
  }

  clear(): void {
    this.#kept.length = 0;
    this.#forgotten = 0;
  }
}

export interface AskedRequests {
  readonly requests: readonly LoggedRequest[];
  /** Older ones that are not kept any more. */
  readonly forgotten: number;
}

/** What several logs have, in the order in which it was answered. */
export function askedIn(logs: readonly RequestLog[]): AskedRequests {
  return {
    requests: logs.flatMap((log) => log.all()).sort((a, b) => a.number - b.number),
    forgotten: logs.reduce((sum, log) => sum + log.forgotten, 0),
  };
}

function jsonOf(text: string): unknown {
  if (text === '') return null;
  const parsed = parseJson(text);
  return keptJson(parsed.ok ? parsed.value : text);
}
