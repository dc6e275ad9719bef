import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Clock, realClock, virtualClock } from '../../src/emulator/clock.ts';
import { Pacer, type PacerGroup } from '../../src/emulator/pacer.ts';
import { turns } from '../support/chaos.ts';
import { until } from '../support/until.ts';

/** A clock that the test moves by hand; `wake` runs what was asked for. */
function manualClock(): Clock & { nowMs: number; wakes: (() => void)[]; askedMs: number[]; isHeld: boolean } {
  const clock = {
    nowMs: 0,
    wakes: [] as (() => void)[],
    askedMs: [] as number[],
    isHeld: false,
    virtual: false,
    waits: false,
    get held(): boolean {
      return clock.isHeld;
    },
    now: () => clock.nowMs,
    wakeAt(atMs: number, wake: () => void) {
      clock.askedMs.push(atMs);
      clock.wakes = [wake];
    },
    cancelWake() {
      clock.wakes = [];
    },
    advance() {},
    hold: () => () => {},
    afterWall: () => () => {},
  };
  return clock;
}

function groupOf(pacer: Pacer): { group: PacerGroup; errors: unknown[] } {
  const errors: unknown[] = [];
  return { group: pacer.group({ onError: (error) => errors.push(error) }), errors };
}

describe('a group of tasks', () => {
  it('ends when one of its tasks throws, and no other group does', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: string[] = [];
    const bad = groupOf(pacer);
    const other = groupOf(pacer);
    bad.group.at(10, () => ran.push('bad 10'));
    bad.group.at(20, () => {
      throw new Error('gone');
    });
    bad.group.at(20, () => ran.push('bad 20'));
    bad.group.at(30, () => ran.push('bad 30'));
    other.group.at(20, () => ran.push('other 20'));
    other.group.at(40, () => ran.push('other 40'));
    await turns();
    expect(ran).toEqual(['bad 10', 'other 20', 'other 40']);
    expect(bad.errors).toEqual([new Error('gone')]);
    expect(other.errors).toEqual([]);
    bad.group.at(50, () => ran.push('added to a closed group'));
    await turns();
    expect(ran).toHaveLength(3);
  });

  it('can be closed by its own task, twice, and by its error handler', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: string[] = [];
    const { group } = groupOf(pacer);
    group.at(10, () => {
      ran.push('first');
      group.close();
      group.close();
    });
    group.at(10, () => ran.push('second'));
    const third: PacerGroup = pacer.group({ onError: () => third.close() });
    third.add(10, {
      run() {
        ran.push('third');
        throw new Error('gone');
      },
    });
    await turns();
    expect(ran).toEqual(['first', 'third']);
  });

  it('closed in the middle of its own task, is not run again, whatever the task returns', async () => {
    const pacer = new Pacer(virtualClock());
    let runs = 0;
    const { group } = groupOf(pacer);
    group.add(10, {
      run(dueMs) {
        runs++;
        group.close();
        return dueMs + 10;
      },
    });
    await turns();
    expect(runs).toBe(1);
  });

  it('cancels one task without touching the others, also twice and after it has run', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: number[] = [];
    const { group } = groupOf(pacer);
    const cancels = [10, 20, 30].map((dueMs) => group.at(dueMs, () => ran.push(dueMs)));
    cancels[1]!();
    cancels[1]!();
    await turns();
    for (const cancel of cancels) cancel();
    group.at(40, () => ran.push(40));
    await turns();
    expect(ran).toEqual([10, 30, 40]);
  });

  it('runs what is due at the same time in the order of adding', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: number[] = [];
    for (let number = 0; number < 50; number++) pacer.at(10, () => ran.push(number));
    await turns();
    expect(ran).toEqual(Array.from({ length: 50 }, (_, number) => number));
  });

  it('is told what is due and what time it is', () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    const told: number[][] = [];
    groupOf(pacer).group.add(10, { run: (dueMs, nowMs) => void told.push([dueMs, nowMs]) });
    clock.nowMs = 25;
    clock.wakes[0]!();
    expect(told).toEqual([[10, 25]]);
  });
});

describe('a task without an owner', () => {
  it('throws as an uncaught error, in a turn of its own', async () => {
    const { stderr, code } = await node(`
      const pacer = new Pacer(virtualClock());
      pacer.at(10, () => { throw new Error('nobody caught this'); });
      pacer.at(10, () => console.log('the next one ran'));
    `);
    expect(code).not.toBe(0);
    expect(stderr).toContain('nobody caught this');
  });
});

describe('many cancelled tasks', () => {
  it('are cleared away, and what is left runs in order', async () => {
    const pacer = new Pacer(virtualClock());
    const ran: number[] = [];
    const cancels: (() => void)[] = [];
    for (let number = 0; number < 10_000; number++) {
      // In no order.
      const dueMs = (number * 7_919) % 10_007;
      const cancel = pacer.at(dueMs, () => ran.push(dueMs));
      if (number % 10 !== 0) cancels.push(cancel);
    }
    for (const cancel of cancels) cancel();
    for (const cancel of cancels) cancel();
    await until(() => ran.length >= 1_000);
    await turns();
    expect(ran).toHaveLength(1_000);
    expect(ran).toEqual([...ran].sort((a, b) => a - b));
  });
});

describe('a wake', () => {
  it('runs no more than 2,048 tasks, and asks for the rest at once', () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    let ran = 0;
    for (let task = 0; task < 5_000; task++) pacer.at(1, () => ran++);
    clock.nowMs = 1;
    clock.wakes.pop()!();
    expect(ran).toBe(2_048);
    expect(clock.wakes).toHaveLength(1);
    clock.wakes.pop()!();
    clock.wakes.pop()!();
    expect(ran).toBe(5_000);
    expect(clock.wakes).toHaveLength(0);
  });

  it('runs no longer than 5 ms: sockets get a turn', () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    let ran = 0;
    for (let task = 0; task < 100; task++)
      pacer.at(1, () => {
        ran++;
        clock.nowMs += 1;
      });
    clock.nowMs = 1;
    clock.wakes.pop()!();
    expect(ran).toBe(6);
    expect(clock.askedMs.at(-1)).toBe(1);
    while (clock.wakes.length > 0) clock.wakes.pop()!();
    expect(ran).toBe(100);
  });

  it('does nothing while time is held, and goes on where it was', () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    const ran: number[] = [];
    pacer.at(1, () => {
      ran.push(1);
      clock.isHeld = true;
    });
    pacer.at(2, () => ran.push(2));
    clock.nowMs = 5;
    clock.wakes.pop()!();
    expect(ran).toEqual([1]);
    clock.isHeld = false;
    clock.wakes.pop()!();
    expect(ran).toEqual([1, 2]);
  });

  it('is asked for once for each deadline, and not at all when nothing is left', () => {
    const clock = manualClock();
    const pacer = new Pacer(clock);
    const cancels = [pacer.at(10, () => {}), pacer.at(20, () => {}), pacer.at(5, () => {})];
    expect(clock.askedMs).toEqual([10, 5]);
    cancels[2]!();
    expect(clock.askedMs).toEqual([10, 5, 10]);
    cancels[0]!();
    cancels[1]!();
    expect(clock.wakes).toEqual([]);
  });
});

describe('two pacers on one clock', () => {
  it.each([
    ['virtual', () => virtualClock()],
    ['real', () => realClock({ speed: 100 })],
  ])('each get their wakes (%s)', async (_what, make) => {
    const clock = make();
    const ran: string[] = [];
    const [one, two] = [new Pacer(clock), new Pacer(clock)];
    for (const atMs of [100, 300, 500]) one.at(atMs, () => ran.push(`one ${atMs}`));
    for (const atMs of [200, 400, 600]) two.at(atMs, () => ran.push(`two ${atMs}`));
    await until(() => ran.length === 6);
    const ofOne = ran.filter((each) => each.startsWith('one'));
    const ofTwo = ran.filter((each) => each.startsWith('two'));
    expect(ofOne).toEqual(['one 100', 'one 300', 'one 500']);
    expect(ofTwo).toEqual(['two 200', 'two 400', 'two 600']);
    // A late wake does all that is due to its pacer; only virtual time is never late.
    if (clock.virtual)
      expect(ran).toEqual(
        [100, 200, 300, 400, 500, 600].map((at, index) => `${index % 2 === 0 ? 'one' : 'two'} ${at}`),
      );
  });

  it('do not lose their wakes when the other one throws or cancels', async () => {
    const clock = realClock({ speed: 100 });
    const ran: string[] = [];
    const [one, two] = [new Pacer(clock), new Pacer(clock)];
    const bad = groupOf(one);
    bad.group.at(50, () => {
      throw new Error('gone');
    });
    const cancel = one.at(80, () => ran.push('cancelled'));
    two.at(100, () => ran.push('two'));
    cancel();
    await until(() => ran.length === 1);
    expect(ran).toEqual(['two']);
    expect(bad.errors).toHaveLength(1);
  });
});

describe('a process with nothing to do', () => {
  it.each([
    ['when the last task was cancelled', 'const cancel = pacer.at(3_600_000, () => {}); cancel();'],
    [
      'when its group was closed',
      'const group = pacer.group({ onError() {} }); group.at(3_600_000, () => {}); group.close();',
    ],
    [
      'when a task has ended its group',
      'const group = pacer.group({ onError() {} }); group.at(3_600_000, () => {}); group.at(1, () => { throw new Error("gone"); });',
    ],
    ['when all has run', 'pacer.at(1, () => {});'],
  ])('ends %s', async (_what, code) => {
    const result = await node(`const pacer = new Pacer(realClock()); ${code}`);
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});

/** Runs code in a process of its own; resolves when that has ended, or was killed because it did not. */
function node(code: string): Promise<{ code: number; stderr: string }> {
  const imports = `
    import { Pacer } from './dist/emulator/pacer.js';
    import { realClock, virtualClock } from './dist/emulator/clock.js';
  `;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '-e', imports + code];
    execFile(process.execPath, args, { timeout: 60_000 }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stderr }),
    );
  });
}
