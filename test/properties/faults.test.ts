import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { Session } from '../../src/emulator/session.ts';
import { play } from '../../src/play.ts';
import { faultArb } from '../../src/testing/faults.ts';
import { checkAccounts } from '../support/chaos.ts';
import { type Behaviour, withReceiver } from '../support/faulty-receiver.ts';
import { scenarioArb } from '../support/scenarios.ts';

/** They let every frame go in the end. */
const HOLDING = ['latency', 'stall', 'burst', 'swapped', 'slicer'] as const;

/** Receivers that end a connection once it is open. */
const leavingArb: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({
    kind: fc.constant('close' as const),
    after: fc.integer({ min: 1, max: 8 }),
    code: fc.constantFrom(1000, 1001, 1011, 4000),
  }),
  fc.record({ kind: fc.constant('destroy' as const), after: fc.integer({ min: 1, max: 8 }) }),
);

describe('faults that only hold frames', () => {
  it('lose none: what is lost is lost because the receiver left, and counts against it', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarioArb,
        fc.constantFrom<ConnectionMode>('per-participant', 'per-endpoint'),
        fc.array(faultArb({ names: HOLDING, maxSeconds: 2 }), { minLength: 1, maxLength: 3 }),
        fc.array(leavingArb, { maxLength: 3 }),
        async (scenario, connections, faults, behaviours) => {
          await withReceiver(behaviours, async ({ url }) => {
            let session: Session | undefined;
            const report = await play({
              scenario,
              to: url,
              speed: 'max',
              connections,
              faults,
              retryIntervalSeconds: 0.2,
              onSession: (made) => {
                session = made;
              },
            });
            checkAccounts(report, session!);
            expect(report.dropped.fault).toBe(0);
            expect(report.dropped.total).toBe(report.dropped.disconnected + report.dropped.endpoint_failed);
            expect(report.ok, report.verdict).toBe(report.dropped.total === 0);
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});
