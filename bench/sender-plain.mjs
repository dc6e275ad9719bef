/** What one writes by hand: a WebSocket and a setInterval per participant, and JSON.stringify of every message. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'hdr-histogram-js';
import { WebSocket } from 'ws';

const { url, streams, frameMs, seconds, rampSeconds, audio } = JSON.parse(process.argv[2]);
const pcm = readFileSync(audio);
const frameBytes = frameMs * 32;
const frames = Math.round((seconds * 1_000) / frameMs);
const ids = {
  endpoint: randomUUID(),
  audioSeparate: randomUUID(),
  recording: randomUUID(),
  bot: randomUUID(),
};
const lateness = build({
  lowestDiscernibleValue: 1,
  highestTrackableValue: 600_000_000,
  numberOfSignificantValueDigits: 2,
});

const before = process.cpuUsage();
const sockets = Array.from({ length: streams }, () => new WebSocket(url, { perMessageDeflate: false }));
await Promise.all(sockets.map((socket) => once(socket, 'open')));
const recordingStart = Date.now();

await Promise.all(
  sockets.map(async (socket, index) => {
    await sleep((index / streams) * rampSeconds * 1_000);
    await new Promise((resolve) => {
      const startMs = performance.now();
      let sent = 0;
      const timer = setInterval(() => {
        const relative = (sent * frameMs) / 1_000;
        const message = {
          event: 'audio_separate_raw.data',
          data: {
            data: {
              buffer: pcm.subarray(sent * frameBytes, (sent + 1) * frameBytes).toString('base64'),
              timestamp: { relative, absolute: new Date(recordingStart + relative * 1_000).toISOString() },
              participant: {
                id: 100 + index,
                name: `Participant ${index}`,
                is_host: false,
                platform: 'desktop',
                extra_data: {},
                email: null,
              },
            },
            realtime_endpoint: { id: ids.endpoint, metadata: {} },
            audio_separate: { id: ids.audioSeparate, metadata: {} },
            recording: { id: ids.recording, metadata: {} },
            bot: { id: ids.bot, metadata: {} },
          },
        };
        socket.send(JSON.stringify(message));
        sent++;
        lateness.recordValue(Math.max(0, Math.round((performance.now() - startMs - sent * frameMs) * 1_000)));
        if (sent === frames) {
          clearInterval(timer);
          socket.close(1000);
          resolve();
        }
      }, frameMs);
    });
  }),
);
await Promise.all(
  sockets.map((socket) => (socket.readyState === WebSocket.CLOSED ? undefined : once(socket, 'close'))),
);
const { user, system } = process.cpuUsage(before);
const ms = (value) => value / 1_000;
process.send({
  p50: ms(lateness.getValueAtPercentile(50)),
  p99: ms(lateness.getValueAtPercentile(99)),
  max: ms(lateness.maxValue),
  cpuSeconds: (user + system) / 1e6,
  rssMb: process.resourceUsage().maxRSS / 1_024,
});
