/**
 * A receiver for the tests of witnesses: keeps audio as it comes, for each participant of each recording, and hands it on where
 * its environment says: KEEP (a folder for .raw files), MIX (a folder for one .raw per recording), RTTM (a folder
 * for one .rttm per recording, in which whoever sends is said to speak), RECALL_EMULATOR_TAP.
 * STATE: a port where it tells who is connected. CRASH_AFTER: so many messages.
 */
import { appendFileSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { WebSocketServer } from 'ws';

const {
  PORT,
  KEEP,
  MIX,
  RTTM,
  STATE,
  CRASH_AFTER,
  KILLS_PARENT,
  LEAK,
  RECALL_EMULATOR_TAP: TAP,
} = process.env;
export const server = new WebSocketServer({ host: '127.0.0.1', port: Number(PORT) });
const mixes = new Map();
const leaked = [];
let messages = 0;
let posting = Promise.resolve();

function mixOf(recording) {
  const mix = mixes.get(recording) ?? new Int16Array(16_000 * 30);
  mixes.set(recording, mix);
  return mix;
}

server.on('connection', (socket, request) => {
  if (process.env.SAY_URLS) console.error(`url ${request.url} ${request.headers['x-session'] ?? ''}`);
  socket.on('message', (data) => {
    if (++messages === Number(CRASH_AFTER)) {
      if (process.env.THROWS) throw new TypeError('nobody has\nthis name');
      console.error('TypeError: the receiver gives up');
      process.exit(3);
    }
    if (KILLS_PARENT && messages === 12) process.kill(process.ppid, 'SIGKILL');
    if (LEAK) leaked.push(Buffer.alloc(4_000_000, 1));
    const { event, data: media } = JSON.parse(data.toString());
    if (event !== 'audio_separate_raw.data') return;
    const { buffer, participant, timestamp } = media.data;
    const { id: recording } = media.recording;
    const pcm = Buffer.from(buffer, 'base64');
    if (KEEP) {
      const file = join(KEEP, recording, `${participant.id}.raw`);
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, pcm);
    }
    if (TAP) {
      const path = process.env.TAP_SHORT ? '' : `/recordings/${recording}`;
      posting = posting.then(() =>
        fetch(`${TAP}${path}/participants/${participant.id}`, { method: 'POST', body: pcm }),
      );
    }
    if (RTTM) {
      const place = `${timestamp.relative} ${pcm.length / 32_000}`;
      const speaker = process.env.ONE_SPEAKER ? 'somebody' : `speaker_${participant.id}`;
      const line = `SPEAKER ${recording} 1 ${place} <NA> <NA> ${speaker} <NA> <NA>\n`;
      appendFileSync(join(RTTM, `${recording}.rttm`), line);
    }
    if (MIX) {
      const mix = mixOf(recording);
      const start = Math.round(timestamp.relative * 16_000);
      for (let at = 0; at < pcm.length; at += 2) mix[start + at / 2] += pcm.readInt16LE(at) / 2;
      const end = start + pcm.length / 2;
      const file = openSync(join(MIX, `${recording}.raw`), 'w');
      writeSync(file, Buffer.from(mix.buffer, 0, end * 2));
    }
  });
});

if (STATE) {
  createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ open: server.clients.size, at: { messages } }));
  }).listen(Number(STATE), '127.0.0.1');
}
