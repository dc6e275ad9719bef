import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import { Pacer } from '../../src/emulator/pacer.ts';

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
