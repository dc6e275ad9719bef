/**
 * Artillery's own WebSocket engine, sending the same message at the same pace: a virtual user per stream, `send` and `think`
 * in a loop. Runs the Artillery that ARTILLERY_DIR has in its node_modules.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { url, streams, frameMs, seconds, rampSeconds, text } = JSON.parse(process.argv[2]);
const directory = process.env.ARTILLERY_DIR;
const manifest = createRequire(join(directory, 'index.js')).resolve('artillery/package.json');
const script = join(tmpdir(), `recall-emulator-bench-${process.pid}.json`);
writeFileSync(
  script,
  JSON.stringify({
    config: { target: url, phases: [{ duration: Math.max(1, rampSeconds), arrivalCount: streams }] },
    scenarios: [
      {
        engine: 'ws',
        flow: [
          {
            loop: [{ send: text }, { think: `${frameMs}ms` }],
            count: Math.round((seconds * 1_000) / frameMs),
          },
        ],
      },
    ],
  }),
);
const child = spawn(process.execPath, [join(manifest, '../bin/run'), 'run', '--quiet', script], {
  stdio: 'ignore',
  env: { ...process.env, ARTILLERY_DISABLE_TELEMETRY: 'true', WORKERS: '1' },
});
const HERTZ = 100;
let cpuSeconds = Number.NaN;
let rssMb = Number.NaN;
const timer = setInterval(() => {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    cpuSeconds = (Number(fields[11]) + Number(fields[12])) / HERTZ;
    rssMb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    // It has ended, or this is no Linux: what was read last stands.
  }
}, 100);
child.on('exit', () => {
  clearInterval(timer);
  rmSync(script, { force: true });
  process.send({ p50: Number.NaN, p99: Number.NaN, max: Number.NaN, cpuSeconds, rssMb });
});
