/**
 * The meeting's time in place of the machine's: `Date`, `Date.now` and `performance.now` tell when each message would have
 * come. Timers stay real. There is one time in a process, so whoever replaces it takes turns.
 */

const TURNS = Symbol.for('recall-emulator.meeting-time');

/** Runs one after another, over the whole process: a second copy of this module waits for the same turns. */
export async function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const shared = globalThis as { [TURNS]?: Promise<void> };
  const before = shared[TURNS];
  let leave = (): void => {};
  shared[TURNS] = new Promise((resolve) => {
    leave = resolve;
  });
  await before;
  try {
    return await run();
  } finally {
    leave();
  }
}

/** Runs with a replaced time, in milliseconds since `epochMs`, which begins at 0. Gives the real one back however it ends. */
export async function withMeetingTime<T>(
  epochMs: number,
  run: (time: { nowMs: number }) => Promise<T>,
): Promise<T> {
  const time = { nowMs: 0 };
  // Dates count whole milliseconds.
  const restoreDate = replaceProperty(
    globalThis,
    'Date',
    dateAt(() => Math.floor(epochMs + time.nowMs)),
  );
  const restoreNow = replaceProperty(performance, 'now', () => time.nowMs);
  try {
    return await run(time);
  } finally {
    restoreNow();
    restoreDate();
  }
}

/** `Date` at another time. It shares the prototype, so that dates made before and after are instances of both. */
function dateAt(now: () => number): DateConstructor {
  const fake: DateConstructor = new Proxy(Date, {
    apply: (target) => new target(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === fake ? target : newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return fake;
}

/** Returns what puts the property back as it was, inherited or own. */
function replaceProperty<T extends object, Key extends keyof T>(
  owner: T,
  key: Key,
  value: T[Key],
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: false });
  return () => {
    if (before === undefined) delete owner[key];
    else Object.defineProperty(owner, key, before);
  };
}
