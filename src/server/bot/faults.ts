/** Faults on demand: the next answers of an operation are an error, as the real API sometimes gives. */
import { UsageError } from '../../errors.ts';

export interface Fault {
  /** An operation (`create_bot`) or `any`. */
  readonly operation: string;
  readonly status: number;
  /** How many answers are left. */
  remaining: number;
}

export interface FaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
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
export function parseFault(text: string, operations: readonly string[]): Fault {
  const match = /^([\w.]+)=(\d{3})(?::(\d+))?$/.exec(text);
  const status = Number(match?.[2]);
  if (match === null || status < 400 || status > 599) {
    throw new UsageError('invalid_fault', `"${text}" is not a fault.`, {
      hint: 'Write operation=status:times, such as create_bot=507:2.',
    });
  }
  return checkFault({ operation: match[1]!, status, remaining: Number(match[3] ?? 1) }, operations);
}

/** Throws a `UsageError` for an operation that there is not. */
export function checkFault(fault: Fault, operations: readonly string[]): Fault {
  if (fault.operation === 'any' || operations.includes(fault.operation)) return fault;
  throw new UsageError('unknown_operation', `"${fault.operation}" is not an operation.`, {
    hint: `The operations are any, ${operations.join(', ')}.`,
  });
}

/** Kinds of faults that may wait; each of them as often as one likes. */
const MAX_FAULTS = 1_000;

export class Faults {
  readonly #faults: Fault[] = [];

  /** Throws a `UsageError` (`too_many_faults`). */
  add(fault: Fault): void {
    if (this.#faults.length >= MAX_FAULTS) {
      throw new UsageError('too_many_faults', `${MAX_FAULTS} faults wait already.`, {
        hint: 'Let them happen, or delete them; one fault can have many times.',
      });
    }
    this.#faults.push({ ...fault });
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** The error to answer with now, if there is one; it is used up. */
  take(operation: string): FaultAnswer | undefined {
    const index = this.#faults.findIndex(
      (fault) => fault.operation === operation || fault.operation === 'any',
    );
    const fault = this.#faults[index];
    if (fault === undefined) return undefined;
    fault.remaining--;
    if (fault.remaining <= 0) this.#faults.splice(index, 1);
    return faultAnswer(fault.status);
  }
}

export function faultAnswer(status: number): FaultAnswer {
  const retryAfter = RETRY_AFTER[status];
  return {
    status,
    headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
    body: BODIES[status] ?? {
      detail: status >= 500 ? 'The server could not handle the request.' : 'The request failed.',
    },
  };
}
