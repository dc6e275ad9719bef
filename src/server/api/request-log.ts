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

/** Characters of a body and an answer that wait as they came until somebody looks: most are never looked at. */
const MAX_UNREAD = 16 * 1024;

interface Entry {
  readonly number: number;
  /** Undefined once it has been read. */
  request: RequestToLog | undefined;
  logged: LoggedRequest | undefined;
}

/** Counts for all logs of a server. */
export class RequestNumbers {
  #last = 0;

  next(): number {
    return ++this.#last;
  }
}

export class RequestLog {
  readonly #numbers: RequestNumbers;
  readonly #kept: Entry[] = [];
  #forgotten = 0;

  constructor(numbers: RequestNumbers) {
    this.#numbers = numbers;
  }

  add(request: RequestToLog): void {
    const entry: Entry = { number: this.#numbers.next(), request, logged: undefined };
    // What is long is not kept as it came.
    if (request.body.length + request.answer.length > MAX_UNREAD) read(entry);
    this.#kept.push(entry);
    if (this.#kept.length <= MAX_REQUESTS) return;
    this.#kept.shift();
    this.#forgotten++;
  }

  /** Those with a higher number. */
  after(number: number): readonly LoggedRequest[] {
    const first = this.#kept.findLastIndex((entry) => entry.number <= number) + 1;
    return this.#kept.slice(first).map(read);
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

/** What several logs have, in the order in which it was answered; of it what has a higher number than `after`. */
export function askedIn(logs: readonly RequestLog[], after = 0): AskedRequests {
  return {
    requests: logs.flatMap((log) => log.after(after)).sort((a, b) => a.number - b.number),
    forgotten: logs.reduce((sum, log) => sum + log.forgotten, 0),
  };
}

/** What is shown of an entry; what came is let go. */
function read(entry: Entry): LoggedRequest {
  const { request } = entry;
  if (request !== undefined) {
    const { body, answer } = request;
    entry.logged = {
      ...request,
      number: entry.number,
      path: plainText(request.path, MAX_PATH),
      query: keptJson(request.query) as LoggedRequest['query'],
      body: jsonOf(body),
      answer: answer.length > MAX_ANSWER ? `… (${answer.length} characters)` : jsonOf(answer),
    };
    entry.request = undefined;
  }
  return entry.logged!;
}

function jsonOf(text: string): unknown {
  if (text === '') return null;
  const parsed = parseJson(text);
  return keptJson(parsed.ok ? parsed.value : text);
}
