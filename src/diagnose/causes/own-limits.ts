import type { FailureCode } from '../../emulator/failure.ts';
import type { Cause } from '../cause.ts';
import { asTheySay, refusedWith } from '../refusals.ts';

const CODES: ReadonlySet<FailureCode> = new Set(['own_descriptors', 'own_ports']);

/** It is us. */
export const ownLimits: Cause = {
  code: 'this_machine',
  title: 'Is not to blame: this machine has no room for more connections',
  shows: 'A dial fails because the emulator has no file descriptor or no port left.',
  remedy: 'Raise ulimit -n for the emulator, or play fewer meetings at a time.',
  look(evidence, problems) {
    const refused = refusedWith(evidence, (code) => CODES.has(code));
    return refused.connections.length === 0 ? undefined : asTheySay(refused, problems);
  },
};
