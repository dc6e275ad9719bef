/** The control: a loop that does nothing but read the clock, and tells for how long the machine took it away. */
import { performance } from 'node:perf_hooks';

const STALL_MS = 2;
const { seconds } = JSON.parse(process.argv[2]);
const begin = performance.now();
let last = begin;
let totalMs = 0;
let maxMs = 0;
while (last < begin + seconds * 1_000) {
  const now = performance.now();
  if (now - last > STALL_MS) {
    totalMs += now - last;
    maxMs = Math.max(maxMs, now - last);
  }
  last = now;
}
process.send({ percent: (totalMs / (seconds * 1_000)) * 100, maxMs });
