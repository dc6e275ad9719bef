import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/emulator/histogram.ts';
import { noDrops } from '../../src/emulator/ledger.ts';
import type { WorkerTotals } from '../../src/load/messages.ts';
import { Seconds } from '../../src/load/seconds.ts';

function totals(sent: number, more: Partial<WorkerTotals> = {}): WorkerTotals {
  return {
    streams: 1,
    openConnections: 1,
    connections: 1,
    scheduled: sent,
    sent,
    injected: 0,
    inDoubt: 0,
    dropped: noDrops(),
    bytes: 0,
    blockedMs: 0,
    maxBacklogBytes: 0,
    retries: 0,
    failedBots: 0,
    closes: {},
    failures: [],
    utilization: 0.5,
    ...more,
  };
}

function late(ms: number): string {
  const lateness = new Histogram();
  lateness.record(ms);
  return lateness.encode();
}

describe('the seconds of a load test', () => {
  it('are put together when every thread that runs has told of them', () => {
    const seconds = new Seconds({ rampSeconds: 0, durationSeconds: 10 });
    const slow = { totals: totals(3), interval: undefined as string | undefined, ending: undefined };
    const fast = { totals: totals(5), interval: late(7) as string | undefined, ending: undefined };
    expect(seconds.take([slow, fast])).toBeUndefined();
    slow.interval = late(2);
    const taken = seconds.take([slow, fast]);
    expect(taken?.totals).toMatchObject({ streams: 2, sent: 8, openConnections: 2 });
    expect(taken?.second.lateness_p99_ms).toBeCloseTo(7, 0);
    // Each interval counts once.
    expect(seconds.take([slow, fast])).toBeUndefined();
  });

  it('go on when a thread has ended before the others', () => {
    const seconds = new Seconds({ rampSeconds: 0, durationSeconds: 10 });
    const ended = { totals: totals(3), interval: undefined, ending: { kind: 'done' } };
    const running = { totals: totals(5, { utilization: 0.9 }), interval: late(1), ending: undefined };
    expect(seconds.take([ended, running])?.totals.sent).toBe(8);
    expect(seconds.busiest).toEqual([0.9]);
    expect(seconds.seconds).toHaveLength(1);
  });
});
