import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock, virtualClock } from '../../src/emulator/clock.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { turns } from '../support/chaos.ts';
import { until } from '../support/until.ts';

/** Resolves when nothing more happens: the pacer's work has been given all the turns it wants. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the pacer', () => {
  it('runs everything at its deadline, in the order of deadlines, whoever was added first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ firstMs: fc.nat(500), stepMs: fc.integer({ min: 1, max: 50 }), times: fc.nat(20) }),
          {
            maxLength: 20,
          },
        ),
        async (tasks) => {
          const clock = virtualClock();
          const pacer = new Pacer(clock);
          const ran: number[] = [];
          let expected = 0;
          for (const { firstMs, stepMs, times } of tasks) {
            expected += times + 1;
            let left = times;
            pacer.add(firstMs, {
              run(dueMs, nowMs) {
                expect(nowMs).toBe(dueMs);
                ran.push(dueMs);
                return left-- > 0 ? dueMs + stepMs : undefined;
              },
            });
          }
          await settle();
          expect(ran).toHaveLength(expected);
          expect(ran).toEqual([...ran].sort((a, b) => a - b));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('does all that is due when it wakes late, in order, and drifts nowhere', () => {
    let nowMs = 0;
    let wake: (() => void) | undefined;
    const pacer = new Pacer({
      virtual: false,
      held: false,
      waits: false,
      now: () => nowMs,
      wakeAt: (_atMs, callback) => {
        wake = callback;
      },
      cancelWake: () => {
        wake = undefined;
      },
      hold: () => () => {},
      advance: () => {},
      afterWall: () => () => {},
    });
    const ran: string[] = [];
    for (const name of ['a', 'b']) {
      pacer.add(name === 'a' ? 20 : 25, {
        run(dueMs) {
          ran.push(`${name}${dueMs}`);
          return dueMs + 20;
        },
      });
    }
    nowMs = 66;
    wake!();
    expect(ran).toEqual(['a20', 'b25', 'a40', 'b45', 'a60', 'b65']);
    nowMs = 80;
    wake!();
    expect(ran.at(-1)).toBe('a80');
  });

  it('runs nothing that was cancelled, also not by what runs at the same time', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: string[] = [];
    const cancelSecond = { now: () => {} };
    pacer.at(10, () => {
      ran.push('first');
      cancelSecond.now();
    });
    cancelSecond.now = pacer.at(10, () => ran.push('second'));
    pacer.at(5, () => pacer.at(7, () => ran.push('added while running')));
    await settle();
    expect(ran).toEqual(['added while running', 'first']);
  });
});

describe('virtual time', () => {
  it('stands still while anything holds it, and goes on when the last lets go', async () => {
    const clock = virtualClock();
    let woken = false;
    const releases = [clock.hold(), clock.hold()];
    clock.wakeAt(1_000, () => {
      woken = true;
    });
    await settle();
    expect([woken, clock.now()]).toEqual([false, 0]);
    releases[0]!();
    releases[0]!();
    await settle();
    expect(woken).toBe(false);
    releases[1]!();
    await settle();
    expect([woken, clock.now()]).toEqual([true, 1_000]);
  });
});

describe('the wakes of a clock', () => {
  it.each([
    ['virtual', () => virtualClock()],
    ['real', () => realClock({ speed: 100 })],
  ])(
    'come in the order of their times, those at the same time in the order of asking (%s)',
    async (_what, make) => {
      const clock = make();
      const woken: string[] = [];
      for (const [name, atMs] of [
        ['c', 300],
        ['a', 100],
        ['d', 300],
        ['b', 200],
      ] as const)
        clock.wakeAt(atMs, () => woken.push(name));
      await until(() => woken.length === 4);
      expect(woken).toEqual(['a', 'b', 'c', 'd']);
    },
  );

  it.each([
    ['virtual', () => virtualClock()],
    ['real', () => realClock({ speed: 100 })],
  ])('come once, at the last time asked for, and not when they were cancelled (%s)', async (_what, make) => {
    const clock = make();
    const woken: [string, boolean][] = [];
    const moved = (): void => void woken.push(['moved', clock.now() >= 200]);
    const cancelled = (): void => void woken.push(['cancelled', false]);
    clock.wakeAt(50, moved);
    clock.wakeAt(60, cancelled);
    clock.wakeAt(200, moved);
    clock.cancelWake(cancelled);
    clock.cancelWake(cancelled);
    clock.wakeAt(300, () => woken.push(['last', clock.now() >= 300]));
    await until(() => woken.length === 2);
    expect(woken).toEqual([
      ['moved', true],
      ['last', true],
    ]);
  });

  it('never run a task early in real time, and time does not go back', async () => {
    const clock = realClock();
    const pacer = new Pacer(clock);
    const ranMs: number[] = [];
    for (const dueMs of [5.5, 20.2, 20.7]) pacer.at(dueMs, () => ranMs.push(clock.now() - dueMs));
    let last = clock.now();
    await until(() => {
      const nowMs = clock.now();
      expect(nowMs).toBeGreaterThanOrEqual(last);
      last = nowMs;
      return ranMs.length === 3;
    });
    for (const lateMs of ranMs) expect(lateMs).toBeGreaterThanOrEqual(0);
  });

  it('survive what another wake throws', async () => {
    const clock = realClock({ speed: 100 });
    const woken: string[] = [];
    const uncaught = new Promise<unknown>((resolve) => {
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener);
        resolve(error);
      });
    });
    clock.wakeAt(50, () => {
      throw new Error('gone');
    });
    clock.wakeAt(100, () => woken.push('second'));
    expect(await uncaught).toEqual(new Error('gone'));
    await until(() => woken.length === 1);
  });
});

describe('real time that is advanced', () => {
  it('does what falls due in between at its own time, in order, and goes on from there', async () => {
    const clock = realClock();
    const pacer = new Pacer(clock);
    const ran: [number, boolean][] = [];
    for (const atMs of [3_600_000, 60_000, 7_200_000]) {
      pacer.at(atMs, () => ran.push([atMs, clock.now() >= atMs && clock.now() < atMs + 10_000]));
    }
    clock.advance(4_000_000);
    await until(() => ran.length === 2 && !clock.waits);
    expect(ran).toEqual([
      [60_000, true],
      [3_600_000, true],
    ]);
    expect(clock.now()).toBeGreaterThanOrEqual(4_000_000);
    expect(clock.now()).toBeLessThan(4_100_000);
    clock.advance(4_000_000);
    await until(() => ran.length === 3 && !clock.waits);
    expect(clock.now()).toBeGreaterThanOrEqual(8_000_000);
  });

  it('adds up when it is asked for twice', async () => {
    const clock = realClock();
    clock.wakeAt(1_500_000, () => {});
    clock.advance(1_000_000);
    clock.advance(1_000_000);
    await until(() => !clock.waits);
    expect(clock.now()).toBeGreaterThanOrEqual(2_000_000);
    expect(clock.now()).toBeLessThan(2_100_000);
  });

  it('waits for what holds it, and only while it is advanced', async () => {
    const clock = realClock();
    const idle = clock.hold();
    expect(clock.held).toBe(false);
    let woken = false;
    clock.wakeAt(60_000, () => {
      woken = true;
    });
    clock.wakeAt(30_000, () => {});
    clock.advance(100_000);
    const releases = [clock.hold(), clock.hold()];
    expect([clock.waits, clock.held]).toEqual([true, true]);
    await turns();
    // A wake that was on its way already has come; nothing further does.
    expect(woken).toBe(false);
    releases[0]!();
    releases[0]!();
    idle();
    expect(clock.held).toBe(true);
    releases[1]!();
    await until(() => woken && !clock.waits);
    expect(clock.held).toBe(false);
  });
});

describe('virtual time that is advanced', () => {
  it('jumps when nothing is due, and leaves what is due to come by itself', async () => {
    const clock = virtualClock();
    clock.advance(500);
    expect(clock.now()).toBe(500);
    clock.wakeAt(700, () => {});
    clock.advance(1_000);
    expect(clock.now()).toBe(500);
    await settle();
    expect(clock.now()).toBe(700);
  });

  it('does not go back for a wake that is late', async () => {
    const clock = virtualClock();
    clock.advance(500);
    const times: number[] = [];
    clock.wakeAt(100, () => times.push(clock.now()));
    await settle();
    expect(times).toEqual([500]);
  });

  it('gives sockets a turn between wakes', async () => {
    const clock = virtualClock();
    let wakes = 0;
    const again = (): void => {
      wakes++;
      if (wakes < 10_000) clock.wakeAt(clock.now() + 1, again);
    };
    clock.wakeAt(1, again);
    await turns(2);
    expect(wakes).toBeGreaterThan(0);
    expect(wakes).toBeLessThan(10_000);
    await until(() => wakes === 10_000);
  });
});

describe('wall time', () => {
  it('calls back after it, whatever the speed, unless it is cancelled', async () => {
    for (const clock of [virtualClock(), realClock({ speed: 1_000 })]) {
      const startMs = performance.now();
      const called: number[] = [];
      const cancel = clock.afterWall(10, () => called.push(0));
      clock.afterWall(30, () => called.push(performance.now() - startMs));
      cancel();
      await until(() => called.length > 0);
      expect(called).toHaveLength(1);
      // Timers of Node may come a fraction of a millisecond early.
      expect(called[0]).toBeGreaterThan(28);
    }
  });
});

describe('what a clock says of itself', () => {
  it('real time begins at zero and waits only while it is advanced', async () => {
    const clock = realClock();
    expect(clock.now()).toBeLessThan(1_000);
    expect([clock.virtual, clock.waits, clock.held]).toEqual([false, false, false]);
    const outside = clock.hold();
    expect(clock.held).toBe(false);
    outside();
    await new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + 60_000, resolve);
      clock.advance(120_000);
      expect([clock.waits, clock.held]).toEqual([true, false]);
      const release = clock.hold();
      expect(clock.held).toBe(true);
      release();
      expect(clock.held).toBe(false);
    });
    expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  });

  it('does not turn the event loop while it waits', async () => {
    const clock = realClock();
    const before = process.cpuUsage();
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 300, resolve));
    const { user, system } = process.cpuUsage(before);
    // A clock that polls uses all of the 300 ms.
    expect((user + system) / 1_000).toBeLessThan(150);
  });

  it('virtual time always waits, and is held by any number of holders', () => {
    const clock = virtualClock();
    expect([clock.virtual, clock.waits, clock.held]).toEqual([true, true, false]);
    const [first, second] = [clock.hold(), clock.hold()];
    first();
    first();
    expect(clock.held).toBe(true);
    second();
    expect(clock.held).toBe(false);
  });
});
