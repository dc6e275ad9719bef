/**
 * `node --import` this: when the process ends, it tells on descriptor 3 what it cost. A script may set `globalThis.figure`, which
 * then counts instead.
 */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    const { figure } = globalThis;
    writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1_000, rssMb: maxRSS / 1_024, figure }));
  });
}
