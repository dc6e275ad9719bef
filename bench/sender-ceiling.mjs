/**
 * The ceiling: one process that pushes the same message, serialised once, at all sockets in turn as fast as they take it. It
 * paces nothing, encodes nothing, and counts nothing but what it wrote.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { FrameEncoder, Scratch } from '../dist/emulator/encoder.js';
import { SAMPLE_RATE } from '../dist/protocol/pcm.js';

const { url, streams, frameMs, seconds } = JSON.parse(process.argv[2]);
const { port, hostname } = new URL(url);
const ref = (id) => ({ id: `00000000-0000-4000-8000-00000000000${id}`, metadata: {} });
const encoder = new FrameEncoder(
  {
    participant: { id: 100, name: 'Participant 1', is_host: false, platform: 'desktop', extra_data: {} },
    realtimeEndpoint: ref(1),
    audioSeparate: ref(2),
    recording: ref(3),
    bot: ref(4),
    startMicros: 1_790_000_000_000_000,
    absoluteFormat: 'micros-offset',
  },
  new Scratch(),
);
const message = Buffer.from(encoder.encode(0, new Int16Array((frameMs * SAMPLE_RATE) / 1_000).fill(1_000)));

const sockets = await Promise.all(
  Array.from({ length: streams }, async () => {
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    await once(socket, 'connect');
    socket.write(
      'GET / HTTP/1.1\r\nHost: sink\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    return socket;
  }),
);
const before = process.cpuUsage();
const startMs = performance.now();
let written = 0;
while (performance.now() - startMs < seconds * 1_000) {
  for (const socket of sockets) {
    // Who is full waits for the next turn, as a paced sender's frame would.
    if (socket.writableLength > 0) continue;
    socket.write(message);
    written++;
  }
  await turn();
}
const elapsed = (performance.now() - startMs) / 1_000;
const { user, system } = process.cpuUsage(before);
for (const socket of sockets) socket.end();
process.send({
  messagesPerSecond: written / elapsed,
  cpuSeconds: (user + system) / 1e6,
  rssMb: process.resourceUsage().maxRSS / 1_024,
  written,
});
