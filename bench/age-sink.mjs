/**
 * A receiver of many bots: takes the frames of audio and their webhooks, and tells how old frames are when they come. A frame is due
 * when its last sample has been spoken, so its age counts from there: `absolute` of its first sample, and its length.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const MARK = Buffer.from('"absolute":"');
const BEFORE = Buffer.from('"buffer":"');
/** The timestamp stands behind the audio, of which four characters of base64 are three bytes. */
const FRAME_MS = Number(JSON.parse(process.argv[2]).frameMs);
let ages = [];
let sockets = new Set();
let webhooks = 0;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    webhooks++;
    response.end();
  });
});
new WebSocketServer({ server, perMessageDeflate: false, skipUTF8Validation: true }).on(
  'connection',
  (socket) => {
    socket.on('error', () => {});
    socket.on('message', (message) => {
      const nowMs = Date.now();
      sockets.add(socket);
      if (message.indexOf(BEFORE) === -1) return;
      const at = message.indexOf(MARK, message.length > 1_000 ? FRAME_MS * 32 : 0);
      if (at === -1) return;
      const text = message.toString('latin1', at + MARK.length, at + MARK.length + 26);
      ages.push(nowMs - Date.parse(`${text}Z`) - FRAME_MS);
    });
  },
);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  process.send({ port: server.address().port }),
);

process.on('message', () => {
  const sorted = Float64Array.from(ages).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  process.send({
    frames: sorted.length,
    sockets: sockets.size,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    webhooks,
  });
  ages = [];
  sockets = new Set();
  webhooks = 0;
});
