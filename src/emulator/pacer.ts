/**
 * The pacer: one timer for all streams, however many. Deadlines are absolute, so lateness never accumulates; a late
 * wake does all that is due, in order of deadline. It knows nothing of audio or sockets: it runs tasks.
 */
import type { Clock } from './clock.ts';

/** The golden ratio's fraction spreads any number of phases evenly. */
export const PHASE_STEP = 0.618_033_988_749_895;

/** Something with a deadline. The pacer owns its place in the heap; a task is in at most one pacer. */
export interface PacerTask {
  /**
   * Runs at or after its deadline and returns the next one (meeting time in ms), or `undefined` when it is finished.
   * `dueMs` is the deadline that has come, `nowMs` the time it is.
   */
  run(dueMs: number, nowMs: number): number | undefined;
}

/** The tasks of one owner: a session, a bot, a server. */
export interface PacerGroup {
  /** Adds a task that is first due at `dueMs`. Returns a function that takes it out again. */
  add(dueMs: number, task: PacerTask): () => void;
  /** Runs `callback` once at `dueMs`. Returns a function that cancels it. */
  at(dueMs: number, callback: () => void): () => void;
  /** Takes out all tasks; what is added later never runs. Safe to call twice, and from a task. */
  close(): void;
}

export interface PacerGroupOptions {
  /** A task has thrown, and the group is closed. Whoever owns it ends what it stands for; the other groups go on. */
  onError(error: unknown): void;
}

interface Entry {
  dueMs: number;
  /** Tells apart what is due at the same time: first added, first run. */
  readonly order: number;
  readonly group: Group;
  /** Undefined once it is cancelled: what the task holds is free from then on, wherever its entry is in the heap. */
  task: PacerTask | undefined;
}

/** How much wall work one wake may do before sockets get a turn, in tasks. */
const TASKS_PER_WAKE = 2_048;
/** The same in milliseconds: handshakes and receivers' closes wait for no longer than this. */
const MS_PER_WAKE = 5;

/** A heap with more cancelled entries than this, and more than half of it, is cleared of them. */
const COMPACT_AFTER = 1_024;

export class Pacer {
  readonly clock: Clock;
  /** Binary min-heap by deadline, then order. */
  #heap: Entry[] = [];
  #cancelled = 0;
  #added = 0;
  #running = false;
  #armedMs = Number.POSITIVE_INFINITY;
  readonly #wake = (): void => this.#runDue();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A group of tasks with an owner, who is told when one of them throws. */
  group(options: PacerGroupOptions): PacerGroup {
    return new Group(this, options);
  }

  /** A task without an owner: what it throws is thrown in a turn of its own, as an uncaught error is. Otherwise as in a group. */
  add(dueMs: number, task: PacerTask): () => void {
    return this.group({ onError: throwLater }).add(dueMs, task);
  }

  /** The same, once. */
  at(dueMs: number, callback: () => void): () => void {
    return this.group({ onError: throwLater }).at(dueMs, callback);
  }

  /** For groups: puts an entry into the heap. */
  insert(dueMs: number, task: PacerTask, group: Group): Entry {
    const entry: Entry = { dueMs, order: this.#added++, group, task };
    this.#heap.push(entry);
    this.#siftUp(this.#heap.length - 1);
    this.#arm();
    return entry;
  }

  /** For groups: the entry never runs again. Disarms the clock when nothing else is to come. */
  cancel(entry: Entry): void {
    if (entry.task === undefined) return;
    entry.task = undefined;
    this.#cancelled++;
    if (this.#running) return;
    if (this.#cancelled > COMPACT_AFTER && this.#cancelled > this.#heap.length / 2) this.#compact();
    this.#arm();
  }

  #runDue(): void {
    this.#armedMs = Number.POSITIVE_INFINITY;
    this.#running = true;
    try {
      this.#runTasks();
    } finally {
      this.#running = false;
      this.#arm();
    }
  }

  #runTasks(): void {
    const startMs = this.clock.now();
    for (let tasks = 0; tasks < TASKS_PER_WAKE; tasks++) {
      const top = this.#heap[0];
      if (top === undefined || this.clock.held) break;
      const { task } = top;
      if (task === undefined) {
        this.#removeTop();
        continue;
      }
      const nowMs = this.clock.now();
      if (top.dueMs > nowMs || nowMs - startMs > MS_PER_WAKE) break;
      let nextMs: number | undefined;
      try {
        nextMs = task.run(top.dueMs, nowMs);
      } catch (error) {
        this.#finish(top);
        top.group.fail(error);
        continue;
      }
      if (nextMs === undefined) this.#finish(top);
      else this.#reschedule(top, nextMs);
    }
  }

  #arm(): void {
    if (this.#running) return;
    while (this.#heap.length > 0 && this.#heap[0]!.task === undefined) this.#removeTop();
    const top = this.#heap[0];
    if (top === undefined) {
      if (this.#armedMs !== Number.POSITIVE_INFINITY) this.clock.cancelWake(this.#wake);
      this.#armedMs = Number.POSITIVE_INFINITY;
      return;
    }
    if (top.dueMs === this.#armedMs) return;
    this.#armedMs = top.dueMs;
    this.clock.wakeAt(top.dueMs, this.#wake);
  }

  /** A task that has run is due again. It usually still is the top; one that it added may be due before it. */
  #reschedule(entry: Entry, nextMs: number): void {
    const index = this.#heap[0] === entry ? 0 : this.#heap.indexOf(entry);
    entry.dueMs = nextMs;
    this.#siftDown(index);
  }

  /** A task that has run never runs again. */
  #finish(entry: Entry): void {
    if (this.#heap[0] === entry) {
      if (entry.task === undefined) this.#cancelled--;
      this.#heapPop();
    } else if (entry.task !== undefined) {
      entry.task = undefined;
      this.#cancelled++;
    }
    entry.group.forget(entry);
  }

  #compact(): void {
    const live = this.#heap.filter(({ task }) => task !== undefined);
    this.#cancelled = 0;
    // Sorted is a heap.
    this.#heap = live.sort((a, b) => (before(a, b) ? -1 : 1));
  }

  /** Takes out a cancelled top. */
  #removeTop(): void {
    this.#cancelled--;
    this.#heapPop();
  }

  #heapPop(): void {
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

class Group implements PacerGroup {
  readonly #pacer: Pacer;
  readonly #options: PacerGroupOptions;
  readonly #entries = new Set<Entry>();
  #closed = false;

  constructor(pacer: Pacer, options: PacerGroupOptions) {
    this.#pacer = pacer;
    this.#options = options;
  }

  add(dueMs: number, task: PacerTask): () => void {
    if (this.#closed) return () => {};
    const entry = this.#pacer.insert(dueMs, task, this);
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
      this.#pacer.cancel(entry);
    };
  }

  at(dueMs: number, callback: () => void): () => void {
    return this.add(dueMs, {
      run() {
        callback();
        return undefined;
      },
    });
  }

  close(): void {
    this.#closed = true;
    for (const entry of this.#entries) this.#pacer.cancel(entry);
    this.#entries.clear();
  }

  /** For the pacer: this entry has run for the last time. */
  forget(entry: Entry): void {
    this.#entries.delete(entry);
  }

  /** For the pacer: a task of this group has thrown. */
  fail(error: unknown): void {
    this.close();
    this.#options.onError(error);
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

function before(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
