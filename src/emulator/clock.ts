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
  return new RealClock(options.speed ?? 1);
}

/** `setTimeout` does not reach further than 2^31 ms. */
const MAX_TIMER_MS = 2_000_000_000;

class RealClock implements Clock {
  readonly virtual = false;
  readonly afterWall = afterWall;
  readonly #speed: number;
  readonly #origin = performance.now();
  readonly #wakes = new Wakes();
  /** By how much time is ahead of the wall, in milliseconds of the meeting. */
  #advancedMs = 0;
  /** Where an advance ends that is under way. */
  #targetMs: number | undefined;
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(speed: number) {
    this.#speed = speed;
  }

  get waits(): boolean {
    return this.#targetMs !== undefined;
  }

  get held(): boolean {
    return this.#targetMs !== undefined && this.#holds > 0;
  }

  now(): number {
    return (performance.now() - this.#origin) * this.#speed + this.#advancedMs;
  }

  wakeAt(atMs: number, wake: () => void): void {
    this.#wakes.set(atMs, wake);
    this.#arm();
  }

  cancelWake(wake: () => void): void {
    this.#wakes.remove(wake);
    this.#arm();
  }

  advance(ms: number): void {
    this.#targetMs = (this.#targetMs ?? this.now()) + ms;
    this.#arm();
  }

  hold(): () => void {
    if (this.#targetMs === undefined) return nothingToRelease;
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      if (this.#holds === 0) this.#arm();
    };
  }

  #arm(): void {
    this.#disarm();
    if (this.#targetMs !== undefined && !this.#jump(this.#targetMs)) return;
    const pending = this.#wakes.next;
    if (pending === undefined) return;
    const delayMs = (pending.atMs - this.now()) / this.#speed;
    // setTimeout has whole milliseconds and waits at least one. What is due already takes the next turn of the
    // event loop instead, so that sockets are served in between.
    if (delayMs <= 0) this.#immediate = setImmediate(this.#fire);
    else this.#timer = setTimeout(this.#fire, Math.min(Math.ceil(delayMs), MAX_TIMER_MS));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
  }

  /** One step of an advance: to the next wake, or to the end. Returns whether the advance is over. */
  #jump(targetMs: number): boolean {
    if (this.#holds > 0) return false;
    const pending = this.#wakes.next;
    if (pending !== undefined && pending.atMs <= targetMs) {
      this.#jumpTo(pending.atMs);
      this.#immediate = setImmediate(this.#fire);
      return false;
    }
    this.#jumpTo(targetMs);
    this.#targetMs = undefined;
    return true;
  }

  #jumpTo(ms: number): void {
    this.#advancedMs += Math.max(0, ms - this.now());
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#immediate = undefined;
    const due = this.#wakes.next;
    if (due === undefined) return;
    // Timers may come a fraction of a millisecond early, and may have been cut short.
    if (due.atMs > this.now()) {
      this.#arm();
      return;
    }
    this.#wakes.remove(due.wake);
    try {
      due.wake();
    } finally {
      // Usually the pacer has asked for its next wake by now. Another pacer's may wait behind this one.
      if (this.#timer === undefined && this.#immediate === undefined) this.#arm();
    }
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
