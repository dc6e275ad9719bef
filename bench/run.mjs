/**
 * `npm run bench -- pacing`: our sender and a plain hand-written one, one after the other at the same sink, side by
 * side in one table. The sink and the sender are processes of their own, so that on two cores each has one.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { writeSpeech } from './audio.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    streams: { type: 'string', default: '100,500,1000' },
    'frame-ms': { type: 'string', default: '20,100' },
    json: { type: 'boolean', default: false },
  },
});
const [what = 'pacing'] = positionals;
if (what !== 'pacing') {
  console.error(`error: there is no bench "${what}". There is: pacing.`);
  process.exit(2);
}
/** Streams begin one after the other over this long, as no thousand people begin in the same millisecond. */
const RAMP_SECONDS = 1;
const CONTROL_SECONDS = 4;
const numbers = (list) => list.split(',').map(Number);
const seconds = Number(values.seconds);

/** Starts a child and resolves with it and its first message. */
async function start(file, options) {
  const child = fork(new URL(file, import.meta.url), [JSON.stringify(options)]);
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended early, with exit code ${code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), exited]);
  exited.catch(() => {});
  return { child, message };
}

console.error('control: two busy loops …');
const stalls = await Promise.all([1, 2].map(() => start('./stalls.mjs', { seconds: CONTROL_SECONDS })));
for (const { child } of stalls) child.kill();
const stall = stalls.map(({ message }) => message).sort((a, b) => b.percent - a.percent)[0];

const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-bench-'));
const sink = await start('./sink.mjs', {});
const rows = [];
try {
  const audio = join(dir, 'speech.raw');
  writeSpeech(audio, seconds);
  for (const frameMs of numbers(values['frame-ms'])) {
    for (const streams of numbers(values.streams)) {
      for (const sender of ['recall-emulator', 'setInterval']) {
        console.error(`${sender}: ${streams} streams × ${frameMs} ms for ${seconds} s …`);
        rows.push(await measure({ sender, streams, frameMs, audio }));
      }
    }
  }
} finally {
  sink.child.kill();
  rmSync(dir, { recursive: true });
}

async function measure({ sender, streams, frameMs, audio }) {
  sink.child.send('reset');
  const file = sender === 'setInterval' ? './sender-plain.mjs' : './sender-ours.mjs';
  const { child, message } = await start(file, {
    url: `ws://127.0.0.1:${sink.message.port}/audio`,
    streams,
    frameMs,
    seconds,
    rampSeconds: RAMP_SECONDS,
    audio,
  });
  child.kill();
  sink.child.send('report');
  const [connections] = await once(sink.child, 'message');
  const expected = Math.round((seconds * 1_000) / frameMs);
  const idealMs = (expected - 1) * frameMs;
  const drifts = connections.map(({ firstMs, lastMs, frames }) =>
    frames > 1 ? lastMs - firstMs - (frames - 1) * frameMs : Number.NaN,
  );
  const frames = connections.reduce((sum, each) => sum + each.frames, 0);
  const rates = connections.map(({ firstMs, lastMs, frames: count }) => (count - 1) / (lastMs - firstMs));
  return {
    sender,
    streams,
    frameMs,
    // Held: every frame arrived, and the last one no more than a frame's length (at least 20 ms) after its time.
    held: connections.filter(
      (each, index) => each.frames === expected && drifts[index] <= Math.max(20, frameMs),
    ).length,
    messagesPerSecond: rates.reduce((sum, rate) => sum + rate, 0) * 1_000,
    lost: streams * expected - frames,
    driftMs: median(drifts),
    driftPercent: (median(drifts) / idealMs) * 100,
    ...message,
    cpuPerMillionFrames: (message.cpuSeconds / frames) * 1e6,
  };
}

function median(list) {
  const sorted = list.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (values.json) {
  console.log(JSON.stringify({ stall, rows }));
} else {
  const table = new Table({
    head: ['streams', 'sender', 'held', 'messages/s', 'lost', 'drift', 'late p50', 'p99', 'max', 'CPU s/1M'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', ...Array(8).fill('right')],
  });
  for (const row of rows) {
    table.push([
      `${row.streams} × ${row.frameMs} ms`,
      row.sender,
      `${row.held}/${row.streams}`,
      row.messagesPerSecond.toFixed(0),
      row.lost,
      `${row.driftMs.toFixed(1)} ms (${row.driftPercent.toFixed(2)} %)`,
      ...[row.p50, row.p99, row.max].map((ms) => `${ms.toFixed(1)} ms`),
      row.cpuPerMillionFrames.toFixed(1),
    ]);
  }
  console.log(table.toString());
  console.log(
    `${seconds} s each on ${cpus().length} × ${cpus()[0].model}, Node ${process.version}. held: all frames arrived, in time. drift: median over ` +
      'streams of how much longer than its audio a stream took to arrive. late: when a frame was handed to its socket, after it was due.',
  );
  console.log(
    `control: with nothing but two busy loops this machine stood still for ${stall.percent.toFixed(1)} % of the time, at most ${stall.maxMs.toFixed(1)} ms at once; no sender can be less late than that.`,
  );
}
