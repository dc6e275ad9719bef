import type { FailureCode } from '../../emulator/failure.ts';
import type { Cause } from '../cause.ts';
import { closedWith, closeFacts } from '../closes.ts';
import { problemsOn } from '../problems.ts';
import { refusedWith } from '../refusals.ts';

/** Try again later. */
const CODES = new Set([1013]);
/** Too many requests, and service unavailable. */
const STATUSES = new Set([429, 503]);

/** Somebody says that there is too much to do, or nobody to do it. */
export const overloaded: Cause = {
  code: 'overloaded',
  title: 'Turns us away as overloaded or not ready',
  shows: 'It closes with 1013 (try again later), or answers the upgrade with 429 or 503.',
  remedy:
    'Raise its limit of connections or requests. A 503 may also come from a proxy whose receiver is not running or not ready yet.',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    const refused = refusedWith(evidence, isUnavailable);
    if (lost.length + refused.connections.length === 0) return undefined;
    const first = refused.statuses[0];
    return {
      certainty: 'certain',
      text: `The receiver, or a proxy before it, says that it cannot take the connection now (${first === undefined ? 'close code 1013' : `HTTP ${first}`})`,
      evidence: [...refused.facts, ...closeFacts(evidence, lost)],
      explains: [
        ...problemsOn(problems, lost, 'lost'),
        ...problemsOn(problems, refused.connections, 'refused'),
      ],
    };
  },
};

function isUnavailable(_code: FailureCode, status: number | undefined): boolean {
  return status !== undefined && STATUSES.has(status);
}
