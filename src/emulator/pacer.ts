/**
 * The pacer: one timer for all streams, however many. Deadlines are absolute, so lateness never accumulates; a late
 * wake does all that is due, in order of deadline. It knows nothing of audio or sockets: it runs tasks.
 */
import type { Clock } from './clock.ts';

/** Something with a deadline. The pacer owns its place in the heap; a task is in at most one pacer. */
export interface PacerTask {
  /**
   * Runs at or after its deadline and returns the next one (meeting time in ms), or `undefined` when it is finished.
   * `dueMs` is the deadline that has come, `nowMs` the time it is.
   */
  run(dueMs: number, nowMs: number): number | undefined;
}

interface Entry {
  dueMs: number;
  /** Tells apart what is due at the same time: first added, first run. */
  readonly order: number;
  readonly task: PacerTask;
  cancelled: boolean;
}

/** How much wall work one wake may do before sockets get a turn, in tasks. */
const TASKS_PER_WAKE = 2_048;
/** The same in milliseconds: handshakes and receivers' closes wait for no longer than this. */
const MS_PER_WAKE = 5;

export class Pacer {
  readonly clock: Clock;
  /** Binary min-heap by deadline, then order. */
  readonly #heap: Entry[] = [];
  #added = 0;
  #running = false;
  #armedMs = Number.POSITIVE_INFINITY;
  readonly #wake = (): void => this.#runDue();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Adds a task that is first due at `dueMs`. Returns a function that takes it out again. */
  add(dueMs: number, task: PacerTask): () => void {
    const entry: Entry = { dueMs, order: this.#added++, task, cancelled: false };
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    this.#arm();
    return () => {
      entry.cancelled = true;
    };
  }

  /** Runs `callback` once at `dueMs`. Returns a function that cancels it. */
  at(dueMs: number, callback: () => void): () => void {
    return this.add(dueMs, {
      run() {
        callback();
        return undefined;
      },
    });
  }

  #runDue(): void {
    this.#armedMs = Number.POSITIVE_INFINITY;
    this.#running = true;
    const startMs = this.clock.now();
    try {
      for (let tasks = 0; tasks < TASKS_PER_WAKE; tasks++) {
        const top = this.#heap[0];
        if (top === undefined || this.clock.held) break;
        if (top.cancelled) {
          this.#removeTop();
          continue;
        }
        const nowMs = this.clock.now();
        if (top.dueMs > nowMs || nowMs - startMs > MS_PER_WAKE) break;
        const nextMs = top.task.run(top.dueMs, nowMs);
        // A task may add others, but nothing earlier than its own deadline can stand above it without being due too.
        if (this.#heap[0] === top) this.#replaceTop(top, nextMs);
        else this.#replaceAnywhere(top, nextMs);
      }
    } finally {
      this.#running = false;
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#running) return;
    while (this.#heap[0]?.cancelled === true) this.#removeTop();
    const top = this.#heap[0];
    if (top === undefined) {
      if (this.#armedMs !== Number.POSITIVE_INFINITY) this.clock.cancelWake();
      this.#armedMs = Number.POSITIVE_INFINITY;
      return;
    }
    if (top.dueMs === this.#armedMs) return;
    this.#armedMs = top.dueMs;
    this.clock.wakeAt(top.dueMs, this.#wake);
  }

  #replaceTop(top: Entry, nextMs: number | undefined): void {
    if (nextMs === undefined || top.cancelled) {
      this.#removeTop();
      return;
    }
    top.dueMs = nextMs;
    this.#siftDown(0);
  }

  /** The rare case that a running task added one that is due before itself. */
  #replaceAnywhere(entry: Entry, nextMs: number | undefined): void {
    const index = this.#heap.indexOf(entry);
    if (nextMs === undefined) {
      entry.cancelled = true;
      return;
    }
    entry.dueMs = nextMs;
    this.#siftDown(index);
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(from: number): void {
    const heap = this.#heap;
    const entry = heap[from]!;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex]!;
      if (!before(entry, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #siftDown(from: number): void {
    const heap = this.#heap;
    const entry = heap[from]!;
    const { length } = heap;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      if (childIndex + 1 < length && before(heap[childIndex + 1]!, heap[childIndex]!)) childIndex++;
      const child = heap[childIndex]!;
      if (!before(child, entry)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
