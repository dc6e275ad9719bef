/**
 * `npm run bench`: what users wait for, next to the commit before (costs.mjs).
 * `npm run bench -- pacing`: our sender and a plain hand-written one, one after the other at the same sink.
 * `npm run bench -- load`: the sender of load tests at 100 to 10,000 streams next to the floors (what Node, and C, cost at least), to
 * the hand-written one and Artillery's ws engine (where ARTILLERY_DIR has one), and its throughput next to a ceiling that paces nothing.
 * `npm run bench -- serve`: how many bots one `serve` plays in real time (serve.mjs).
 * `npm run bench -- start`: how long the command line takes to say --help, next to a bare node.
 * The sink and the sender are processes of their own, so that on two cores each has one.
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
    against: { type: 'string', default: 'HEAD~1' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    bots: { type: 'string', default: '50,200,500' },
    finished: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const [what = 'costs'] = positionals;
const BENCHES = ['costs', 'pacing', 'load', 'serve', 'start'];
if (!BENCHES.includes(what)) {
  console.error(`error: there is no bench "${what}". There are: ${BENCHES.join(', ')}.`);
  process.exit(2);
}
if (what === 'costs') {
  const { benchCosts } = await import('./costs.mjs');
  await benchCosts({ ...values, rounds: Number(values.rounds) });
  process.exit(0);
}
if (what === 'serve') {
  const { benchServe } = await import('./serve.mjs');
  const bots = values.bots.split(',').map(Number);
  const { json } = values;
  await benchServe({ bots, seconds: Number(values.seconds), finished: Number(values.finished), json });
  process.exit(0);
}
if (what === 'start') {
  const { benchStart } = await import('./start.mjs');
  benchStart();
  process.exit(0);
}
/** What the hand-written sender and Artillery are given, too: an ordinary message. */
const SENDERS = {
  'recall-emulator': './sender-ours.mjs',
  'recall-emulator load': './sender-load.mjs',
  setInterval: './sender-plain.mjs',
  'artillery ws': './sender-artillery.mjs',
  'floor: C': './floor-c.mjs',
  'floor: Node': './floor-node.mjs',
};
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
let throughput;
try {
  const audio = join(dir, 'speech.raw');
  writeSpeech(audio, seconds);
  if (what === 'load') await benchLoad(audio);
  else
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

/** The growth from 100 to 10,000 streams, each sender in turn, and then who writes most. */
async function benchLoad(audio) {
  const rivals = [
    'recall-emulator load',
    'setInterval',
    ...(process.env.ARTILLERY_DIR ? ['artillery ws'] : []),
  ];
  if (rivals.length === 2)
    console.error('artillery ws: skipped, ARTILLERY_DIR does not name a folder that has it');
  const floors = ['floor: C', 'floor: Node'];
  for (const { streams, frameMs, senders } of [
    { streams: 100, frameMs: 20, senders: rivals },
    { streams: 1_000, frameMs: 20, senders: [...floors, ...rivals] },
    { streams: 2_000, frameMs: 20, senders: [...floors, 'recall-emulator load'] },
    { streams: 10_000, frameMs: 100, senders: rivals },
  ]) {
    for (const sender of senders) {
      console.error(`${sender}: ${streams} streams × ${frameMs} ms for ${seconds} s …`);
      const rampSeconds = Math.min(streams / 1_000, seconds / 4);
      const row = await measure({ sender, streams, frameMs, audio, rampSeconds });
      console.error(row.skipped === undefined ? `  ${JSON.stringify(row)}` : `  skipped: ${row.skipped}`);
      if (row.skipped === undefined) rows.push(row);
    }
  }
  // Twice what the paced sender can: it sends as much as it gets away with.
  const streams = 2_000;
  const frameMs = 10;
  console.error(`ceiling: ${streams} sockets, unpaced, for ${seconds} s …`);
  sink.child.send('reset');
  const ceiling = await start('./sender-ceiling.mjs', { url: sinkUrl(), streams, frameMs, seconds });
  ceiling.child.kill();
  console.error(
    `recall-emulator load: ${streams} streams × ${frameMs} ms, more than it can, for ${seconds} s …`,
  );
  const paced = await measure({ sender: 'recall-emulator load', streams, frameMs, audio, rampSeconds: 1 });
  throughput = { ceiling: ceiling.message.messagesPerSecond, paced: paced.messagesPerSecond };
}

function sinkUrl() {
  return `ws://127.0.0.1:${sink.message.port}/audio`;
}

async function measure({ sender, streams, frameMs, audio, rampSeconds = RAMP_SECONDS }) {
  sink.child.send('reset');
  const { child, message } = await start(SENDERS[sender], {
    url: sinkUrl(),
    streams,
    frameMs,
    seconds,
    rampSeconds,
    audio,
    text: exampleMessage(frameMs),
  });
  child.kill();
  if (message.skipped !== undefined) return message;
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
    // Held: every frame arrived, and the last one no more than a frame's length (at least 20 ms) before or after its time.
    held: connections.filter(
      (each, index) => each.frames === expected && Math.abs(drifts[index]) <= Math.max(20, frameMs),
    ).length,
    messagesPerSecond: rates.reduce((sum, rate) => sum + rate, 0) * 1_000,
    lost: streams * expected - frames,
    driftMs: median(drifts),
    driftPercent: (median(drifts) / idealMs) * 100,
    ...message,
    cpuPerMillionFrames: (message.cpuSeconds / (message.cpuFrames ?? frames)) * 1e6,
  };
}

/** A rival does not tell everything of itself. */
function figure(value, digits, unit = '') {
  return value == null || Number.isNaN(value) ? '' : `${value.toFixed(digits)}${unit}`;
}

/** As long as ours are. */
function exampleMessage(frameMs) {
  const id = '00000000-0000-4000-8000-000000000000';
  const ref = { id, metadata: {} };
  return JSON.stringify({
    event: 'audio_separate_raw.data',
    data: {
      data: {
        buffer: Buffer.alloc(frameMs * 32, 7).toString('base64'),
        timestamp: { relative: 12.34, absolute: '2026-01-01T10:00:12.340000+00:00' },
        participant: { id: 100, name: 'Participant 1', is_host: false, platform: 'desktop', extra_data: {} },
      },
      realtime_endpoint: ref,
      audio_separate: ref,
      recording: ref,
      bot: ref,
    },
  });
}

function median(list) {
  const sorted = list.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (values.json) {
  console.log(JSON.stringify({ stall, rows, throughput }));
} else {
  const table = new Table({
    head: [
      'streams',
      'sender',
      'held',
      'messages/s',
      'lost',
      'drift',
      'late p50',
      'p99',
      'max',
      'CPU s/1M',
      'RSS',
    ],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', ...Array(9).fill('right')],
  });
  for (const row of rows) {
    table.push([
      `${row.streams} × ${row.frameMs} ms`,
      row.sender,
      `${row.held}/${row.streams}`,
      row.messagesPerSecond.toFixed(0),
      row.lost,
      `${row.driftMs.toFixed(1)} ms (${row.driftPercent.toFixed(2)} %)`,
      ...[row.p50, row.p99, row.max].map((ms) => figure(ms, 1, ' ms')),
      figure(row.cpuPerMillionFrames, 1),
      figure(row.rssMb, 0, ' MiB'),
    ]);
  }
  console.log(table.toString());
  console.log(
    `${seconds} s each on ${cpus().length} × ${cpus()[0].model}, Node ${process.version}. held: all frames arrived, in time. drift: median over ` +
      'streams of how much longer than its audio a stream took to arrive. late: when a frame was handed to its socket, after it was due. The late figures and the CPU of recall-emulator load are those of the time in which all play, after the ramp; a floor has none.',
  );
  if (throughput !== undefined) {
    const { ceiling, paced } = throughput;
    console.log(
      `ceiling: ${ceiling.toFixed(0)} messages/s unpaced; paced, with more asked for than can be: ${paced.toFixed(0)} messages/s, ${((paced / ceiling) * 100).toFixed(0)} % of it.`,
    );
  }
  console.log(
    `control: with nothing but two busy loops this machine stood still for ${stall.percent.toFixed(1)} % of the time, at most ${stall.maxMs.toFixed(1)} ms at once; no sender can be less late than that.`,
  );
}
