/** A receiver of separate audio: one track for each participant, in which everything stands where its timestamp says. */
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;

export class Receiver {
  #tracks = new Map();

  /** A connection has opened: what takes its messages and its close. */
  connect() {
    return { message: (text) => this.#onMessage(text), close: () => {} };
  }

  /** S16LE bytes from the start of the recording on; undefined for nobody known. */
  audio(participantId) {
    return this.#tracks.get(participantId);
  }

  #onMessage(text) {
    const frame = frameOf(text);
    if (frame === undefined) return;
    const { id, start, pcm } = frame;
    const track = this.#tracks.get(id) ?? Buffer.alloc(0);
    const grown = Buffer.alloc(Math.max(track.length, start + pcm.length));
    track.copy(grown);
    pcm.copy(grown, start);
    this.#tracks.set(id, grown);
  }
}

/** Puts a receiver behind a WebSocket server on a free port. */
export async function listen(receiver) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    const { message, close } = receiver.connect();
    socket.on('message', (data) => message(data.toString('utf8')));
    socket.on('close', (code) => close(code));
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${server.address().port}/audio/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Who, where and what; undefined for a message that cannot be used. */
function frameOf(text) {
  try {
    const { buffer, timestamp, participant } = JSON.parse(text).data.data;
    const usable =
      /^[A-Za-z0-9+/]*={0,2}$/.test(buffer) && timestamp.relative >= 0 && Number.isInteger(participant.id);
    if (!usable) return undefined;
    const start = Math.round(timestamp.relative * SAMPLE_RATE) * BYTES_PER_SAMPLE;
    return { id: participant.id, start, pcm: Buffer.from(buffer, 'base64') };
  } catch {
    return undefined;
  }
}
