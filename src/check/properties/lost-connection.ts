import fc from 'fast-check';
import { reconnection } from '../disturbances.ts';
import { alone, situation } from '../situations.ts';
import { ownClose } from './own-close.ts';
import type { Property } from './property.ts';
import { unmutesAgain } from './unmutes-again.ts';

export const lostConnection = {
  name: 'a stream goes on after its connection is lost',
  hint: 'The same participant comes back over a new connection, with timestamps that go on.',
  needs: [unmutesAgain.name, ownClose.name],
  situations: fc
    .record({ scenario: alone, at: fc.nat(8), late: fc.boolean() })
    .map(({ scenario, at, late }) => situation(scenario, { disturbance: reconnection(at, late) })),
} as const satisfies Property;
