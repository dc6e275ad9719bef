/** The receiver behind a WebSocket server: `npm start`, then point Recall or the emulator at ws://127.0.0.1:4000. */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { Receiver } from './receiver.ts';

export interface ReceiverServer {
  readonly receiver: Receiver;
  readonly url: string;
  close(): Promise<void>;
}

export async function startServer(port = 0): Promise<ReceiverServer> {
  const receiver = new Receiver();
  const server = new WebSocketServer({ host: '127.0.0.1', port, maxPayload: 1024 * 1024 });
  server.on('connection', (socket) => {
    const connection = receiver.connect();
    socket.on('message', (data) => connection.message(String(data)));
    socket.on('close', (code) => connection.close(code));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    receiver,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startServer(Number(process.env.PORT ?? 4_000));
  console.log(`receiving at ${url}`);
}
