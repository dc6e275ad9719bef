/** The receiver behind a WebSocket server: `npm start`, then point Recall or the emulator at ws://127.0.0.1:4000/. */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { Receiver } from './receiver.ts';

/** A second of audio is 43 kB: anything near this is a mistake. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Proxies close connections that are silent, and in a meeting where all are muted nothing comes. */
const PING_EVERY_MS = 30_000;
/** For what is still on its way at the end. */
const MAX_CLOSE_MS = 2_000;

export interface ReceiverServer {
  readonly receiver: Receiver;
  readonly url: string;
  /** Takes what has been sent, for two seconds at most, and ends. */
  close(): Promise<void>;
}

/** Writes to `folder`. Rejects when the port cannot be listened on. */
export async function startServer(folder: string, port = 0): Promise<ReceiverServer> {
  const receiver = new Receiver(folder);
  const server = new WebSocketServer({ host: '127.0.0.1', port, maxPayload: MAX_MESSAGE_BYTES });
  server.on('connection', (socket) => {
    const connection = receiver.connect();
    socket.on('message', (data, isBinary) => {
      // Recall sends text.
      if (isBinary) return;
      try {
        connection.message(String(data));
      } catch (error) {
        // Such as a disk that is full: the next recording may go elsewhere.
        console.error(`could not keep audio: ${(error as NodeJS.ErrnoException).code ?? error}`);
      }
    });
    socket.on('close', (code) => connection.close(code));
    // Lost: it comes back over another connection.
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const pings = setInterval(() => {
    for (const socket of server.clients) socket.ping();
  }, PING_EVERY_MS);
  return {
    receiver,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      clearInterval(pings);
      const ended = new Promise((resolve) => server.close(resolve));
      for (const socket of server.clients) socket.close(1001);
      const timer = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, MAX_CLOSE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startServer(process.env.OUT ?? 'recordings', Number(process.env.PORT ?? 4_000));
  console.log(`listening on ${server.url}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
}
