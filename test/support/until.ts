/** Waits that end: what never comes is told by its name, before the test's own timeout ends it without a word. */

/** Wall milliseconds. Half of a test's timeout (vitest.config.ts), and more than anything takes on a busy machine. */
const LONGEST_MS = 60_000;

/** Waits for a condition by looking again and again. Throws an error with `what` when it does not come to hold within a minute. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string | (() => string) = () => `${holds}`,
): Promise<void> {
  let isOver = false;
  const looking = async (): Promise<void> => {
    while (!isOver && !(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  try {
    await within(looking(), what);
  } finally {
    isOver = true;
  }
}

/** What is promised, or an error with `what` when it does not come within a minute. `what` is asked for then. */
export async function within<T>(promise: Promise<T>, what: string | (() => string)): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const text = typeof what === 'string' ? what : what();
      reject(new Error(`waited ${LONGEST_MS / 1_000} s in vain for: ${text}`));
    }, LONGEST_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
