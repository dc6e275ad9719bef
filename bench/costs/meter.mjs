/** For the scripts of this folder: what they are given, and processor time from one point to another. */
export const [root, size] = [process.argv[2], Number(process.argv[3] ?? 1)];

/** A module of the build that is measured. */
export function load(path) {
  return import(new URL(path, `file://${root}/dist/`).href);
}

/** Starts to count; what it returns gives the microseconds since then, of all threads. */
export function meter() {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
}

/** A folder that is gone at the end of the process. */
export async function scratch() {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-bench-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The sink, a process of its own. */
export async function startSink() {
  const { fork } = await import('node:child_process');
  const { once } = await import('node:events');
  const child = fork(new URL('../sink.mjs', import.meta.url));
  const [{ port }] = await once(child, 'message');
  return { url: `ws://127.0.0.1:${port}/audio`, stop: () => child.kill() };
}
