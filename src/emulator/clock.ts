/**
 * The clock everything is paced by: real, scaled (`speed` 4 is four times real time) or virtual (as fast as the work
 * is done, in exact order). Nothing below the CLI reads the time or sets a timer in any other way.
 */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** True when time passes only as fast as work is done; then `hold` stops it. */
  readonly virtual: boolean;
  /** Whether time waits for what holds it: always in virtual time, and while real time is advanced. */
  readonly waits: boolean;
  /** True while something holds virtual time: nothing more may be done for now, even if it is due. */
  readonly held: boolean;
  /** Meeting time in milliseconds since the clock was made; never goes back. */
  now(): number;
  /** Calls `wake` once, at or soon after meeting time `atMs`. A second call with the same function replaces the first. */
  wakeAt(atMs: number, wake: () => void): void;
  /** Forgets the pending call of this function, so that no timer is left for it. */
  cancelWake(wake: () => void): void;
  /** Moves time forward without waiting for it: what falls due in between is done now, each at its own time, in order. */
  advance(ms: number): void;
  /** Stops virtual time (while a handshake or a full socket is waited for) until the returned function is called. */
  hold(): () => void;
  /** Calls back after `ms` of wall time, whatever the speed: for timeouts of real I/O. Returns a cancel function. */
  afterWall(ms: number, callback: () => void): () => void;
}

function afterWall(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

const nothingToRelease = (): void => {};

interface Wake {
  atMs: number;
  readonly wake: () => void;
}

/** The pending wakes of one clock: one for each pacer, so few that a list is enough. */
class Wakes {
  readonly #pending: Wake[] = [];

  /** The earliest; of two at the same time the one that was set first. */
  get next(): Wake | undefined {
    let next = this.#pending[0];
    for (const each of this.#pending) if (each.atMs < next!.atMs) next = each;
    return next;
  }

  set(atMs: number, wake: () => void): void {
    this.remove(wake);
    this.#pending.push({ atMs, wake });
  }

  remove(wake: () => void): void {
    const index = this.#pending.findIndex((each) => each.wake === wake);
    if (index !== -1) this.#pending.splice(index, 1);
  }
}

/** Wall time, `speed` times as fast. While it is advanced it behaves like virtual time. */
export function realClock(options: { readonly speed?: number } = {}): Clock {
  const speed = options.speed ?? 1;
  const origin = performance.now();
  let advancedMs = 0;
  /** Where an advance ends that is under way. */
  let targetMs: number | undefined;
  let holds = 0;
  const wakes = new Wakes();
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  const now = (): number => (performance.now() - origin) * speed + advancedMs;
  const jumpTo = (ms: number): void => {
    advancedMs += Math.max(0, ms - now());
  };
  const disarm = (): void => {
    clearTimeout(timer);
    clearImmediate(immediate);
    timer = undefined;
    immediate = undefined;
  };
  const fire = (): void => {
    timer = undefined;
    immediate = undefined;
    const due = wakes.next;
    if (due === undefined) return;
    // Timers may come a fraction of a millisecond early, and do not reach further than 2^31 ms.
    if (due.atMs > now()) {
      arm();
      return;
    }
    wakes.remove(due.wake);
    try {
      due.wake();
    } finally {
      // Usually the pacer has asked for its next wake by now. Another pacer's may wait behind this one.
      if (timer === undefined && immediate === undefined) arm();
    }
  };
  const arm = (): void => {
    disarm();
    const pending = wakes.next;
    if (targetMs !== undefined) {
      if (holds > 0) return;
      if (pending !== undefined && pending.atMs <= targetMs) {
        jumpTo(pending.atMs);
        immediate = setImmediate(fire);
        return;
      }
      jumpTo(targetMs);
      targetMs = undefined;
    }
    if (pending === undefined) return;
    const delayMs = (pending.atMs - now()) / speed;
    // setTimeout has whole milliseconds and waits at least one. What is due already takes the next turn of the
    // event loop instead, so that sockets are served in between.
    if (delayMs <= 0) immediate = setImmediate(fire);
    else timer = setTimeout(fire, Math.min(Math.ceil(delayMs), 2_000_000_000));
  };
  return {
    virtual: false,
    get waits() {
      return targetMs !== undefined;
    },
    get held() {
      return targetMs !== undefined && holds > 0;
    },
    now,
    wakeAt(atMs, wake) {
      wakes.set(atMs, wake);
      arm();
    },
    cancelWake(wake) {
      wakes.remove(wake);
      arm();
    },
    advance(ms) {
      targetMs = (targetMs ?? now()) + ms;
      arm();
    },
    hold() {
      if (targetMs === undefined) return nothingToRelease;
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        if (holds === 0) arm();
      };
    },
    afterWall,
  };
}

/** How many wakes run before sockets get a turn. */
const WAKES_PER_TURN = 256;

/** Time that jumps to the next thing due as soon as nothing holds it. */
export function virtualClock(): Clock {
  let nowMs = 0;
  const wakes = new Wakes();
  let holds = 0;
  let immediate: NodeJS.Immediate | undefined;
  let pumping = false;

  const schedule = (): void => {
    if (wakes.next !== undefined && holds === 0 && immediate === undefined && !pumping)
      immediate = setImmediate(pump);
  };
  function pump(): void {
    immediate = undefined;
    pumping = true;
    try {
      for (let done = 0; done < WAKES_PER_TURN && holds === 0; done++) {
        const next = wakes.next;
        if (next === undefined) break;
        wakes.remove(next.wake);
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
    } finally {
      pumping = false;
    }
    schedule();
  }

  return {
    virtual: true,
    waits: true,
    get held() {
      return holds > 0;
    },
    now: () => nowMs,
    wakeAt(atMs, wake) {
      wakes.set(atMs, wake);
      schedule();
    },
    cancelWake(wake) {
      wakes.remove(wake);
    },
    advance(ms) {
      // What is due ahead is reached without help.
      if (wakes.next === undefined) nowMs += ms;
    },
    hold() {
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        schedule();
      };
    },
    afterWall,
  };
}
