import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFault } from '../../src/emulator/faults/read.ts';
import { faultArb, scenarioArb } from '../../src/testing/index.ts';
import { HANGS, playAt } from '../support/chaos.ts';
import { type Behaviour, closeFrame, good, rawReceiver, thenGood } from '../support/raw-receiver.ts';

const BEHAVIOURS: readonly Behaviour[] = [
  good,
  (peer) => peer.socket.destroy(),
  (peer) => peer.socket.end('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'),
  thenGood(async (peer) => {
    await peer.received(3);
    peer.send(closeFrame(1011));
  }),
];

describe('arbitrary faults', () => {
  it('can all be read', () => {
    fc.assert(fc.property(faultArb(), (fault) => parseFault(fault).text === fault));
    expect(() => faultArb({ names: ['latancy'] })).toThrow('"latancy" is no fault');
  });

  it('in any number, at any receiver: every frame ends as sent or dropped, and the run ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        // A report repeats names as they are, and what is checked of it are the receiver's texts.
        scenarioArb({ maxParticipants: 3, maxIntervals: 2, names: ['Ada', null] }),
        fc.array(faultArb({ maxSeconds: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom(...BEHAVIOURS), { maxLength: 4 }),
        fc.constantFrom('per-participant' as const, 'per-endpoint' as const),
        async (scenario, faults, behaviours, connections) => {
          await using raw = await rawReceiver([...behaviours, good]);
          // Checks the accounts, sample by sample, and that the run ends in time.
          await playAt(raw.url, { ...HANGS, scenario, faults, connections, retryAttempts: 5 });
        },
      ),
      { numRuns: 40 },
    );
  });
});
