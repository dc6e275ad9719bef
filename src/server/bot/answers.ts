/** Answers on demand: the next answers of an operation are an error, as the real API sometimes gives. */
import { UsageError } from '../../errors.ts';
import { Refusal } from './refusal.ts';

export interface AnswerOnDemand {
  /** An operation (`create_bot`) or `any`. */
  readonly operation: string;
  readonly status: number;
  /** How many answers are left. */
  remaining: number;
}

const BODIES: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { code: 'authentication_failed', detail: 'Invalid API token' },
  402: { code: 'insufficient_credit_balance', detail: 'Your credit balance is too low for this request.' },
  403: { code: 'permission_denied', detail: 'You do not have permission to perform this action.' },
  404: { detail: 'Not found.' },
  409: { code: 'conflict', detail: 'A conflicting request is being processed.' },
  429: { code: 'throttled', detail: 'Request was throttled. Expected available in 2 seconds.' },
  507: {
    code: 'adhoc_pool_depleted',
    detail: 'There are no ad-hoc bots available. Try again in 30 seconds.',
  },
};

/** Seconds that clients are told to wait. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: '2', 503: '5', 507: '30' };

/** Reads `create_bot=507:2`: the operation, the status and how many answers (1 when left out). Throws a `UsageError`. */
export function parseAnswer(text: string, operations: readonly string[]): AnswerOnDemand {
  const match = /^([\w.]+)=(\d{3})(?::(\d+))?$/.exec(text);
  const status = Number(match?.[2]);
  if (match === null || status < 400 || status > 599) {
    throw new UsageError('invalid_answer', `"${text}" is not an answer on demand.`, {
      hint: 'Write operation=status:times, such as create_bot=507:2.',
    });
  }
  return checkAnswer({ operation: match[1]!, status, remaining: Number(match[3] ?? 1) }, operations);
}

/** Throws a `UsageError` for an operation that there is not. */
export function checkAnswer(answer: AnswerOnDemand, operations: readonly string[]): AnswerOnDemand {
  if (answer.operation === 'any' || operations.includes(answer.operation)) return answer;
  throw new UsageError('unknown_operation', `"${answer.operation}" is not an operation.`, {
    hint: `The operations are any, ${operations.join(', ')}.`,
  });
}

/** Kinds of answers that may wait; each of them as often as one likes. */
const MAX_ANSWERS = 1_000;

export class AnswersOnDemand {
  readonly #answers: AnswerOnDemand[] = [];
  readonly #shared: AnswersOnDemand | undefined;

  /** `shared`: those that come when there is none here. */
  constructor(shared?: AnswersOnDemand) {
    this.#shared = shared;
  }

  /** Throws a `UsageError` (`too_many_answers`). */
  add(answer: AnswerOnDemand): void {
    if (this.#answers.length >= MAX_ANSWERS) {
      throw new UsageError('too_many_answers', `${MAX_ANSWERS} answers wait already.`, {
        hint: 'Let them be given, or delete them; one answer can have many times.',
      });
    }
    if (answer.remaining > 0) this.#answers.push({ ...answer });
  }

  list(): readonly AnswerOnDemand[] {
    return this.#answers;
  }

  clear(): void {
    this.#answers.length = 0;
  }

  /** The error to answer with now, if there is one; it is used up. */
  take(operation: string): Refusal | undefined {
    const index = this.#answers.findIndex((each) => each.operation === operation || each.operation === 'any');
    const answer = this.#answers[index];
    if (answer === undefined) return this.#shared?.take(operation);
    answer.remaining--;
    if (answer.remaining <= 0) this.#answers.splice(index, 1);
    return refusalOf(answer.status);
  }
}

function refusalOf(status: number): Refusal {
  const body = BODIES[status] ?? {
    detail: status >= 500 ? 'The server could not handle the request.' : 'The request failed.',
  };
  const retryAfter = RETRY_AFTER[status];
  return new Refusal(status, body, retryAfter === undefined ? {} : { 'Retry-After': retryAfter });
}
