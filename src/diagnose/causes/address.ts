import type { FailureCode } from '../../emulator/failure.ts';
import type { Cause } from '../cause.ts';
import { allRefusedWith, asTheySay } from '../refusals.ts';

const CODES: ReadonlySet<FailureCode> = new Set(['connection_refused', 'host_not_found', 'unreachable']);

/** Nobody is at this address. */
export const address: Cause = {
  code: 'not_there',
  title: 'Is not there',
  shows:
    'No dial ever reached anybody: nothing listens on the port, the host name is not found, or it cannot be reached.',
  remedy:
    'Start the receiver, and check host and port of the URL. In a container, 127.0.0.1 is the container itself; a server that listens on 127.0.0.1 is not reached from outside it.',
  look(evidence, problems) {
    const refused = allRefusedWith(evidence, (code) => CODES.has(code));
    return refused === undefined ? undefined : asTheySay(refused, problems);
  },
};
