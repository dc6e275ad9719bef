/**
 * Node's floor: what a paced sender costs at least. Frames that are made already, one `socket.write` with a callback each, absolute
 * deadlines that are spread evenly, one thread. No WebSocket library, no accounting, nothing encoded. It turns the event loop while
 * the next frame is near, so below saturation its CPU is that of a whole core; its lateness is what counts there.
 */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { FRAMES_A_TURN, frameOf, percentiles, upgrade } from './floor.mjs';

const { url, streams, frameMs, seconds, text } = JSON.parse(process.argv[2]);
const { port, hostname } = new URL(url);
const frame = frameOf(text);
const sockets = await Promise.all(
  Array.from({ length: streams }, () =>
    upgrade(connect({ port: Number(port), host: hostname, noDelay: true })),
  ),
);
const total = Math.round((seconds * 1_000) / frameMs) * streams;
const stepMs = frameMs / streams;
const late = new Float32Array(total);
const onFlushed = () => {};
/** Nearer than this, a timer would be late. */
const SPIN_MS = 1.5;
let sent = 0;
const before = process.cpuUsage();
const startMs = performance.now() + 100;

function turn() {
  for (let frames = 0; sent < total && frames < FRAMES_A_TURN; frames++) {
    const dueMs = startMs + sent * stepMs;
    const nowMs = performance.now();
    if (dueMs > nowMs) break;
    sockets[sent % streams].write(frame, onFlushed);
    late[sent++] = nowMs - dueMs;
  }
  if (sent === total) finish();
  else if (startMs + sent * stepMs - performance.now() > SPIN_MS) setTimeout(turn, 1);
  else setImmediate(turn);
}

function finish() {
  const { user, system } = process.cpuUsage(before);
  for (const socket of sockets) socket.end();
  process.send({
    ...percentiles(late),
    cpuSeconds: (user + system) / 1e6,
    cpuFrames: total,
    rssMb: process.resourceUsage().maxRSS / 1_024,
  });
}

turn();
