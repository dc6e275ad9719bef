/** A receiver that misbehaves on purpose: one behaviour per connection, in the order they come; then it is good. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';

export type Behaviour =
  | { readonly kind: 'good' }
  /** Answers the upgrade with this HTTP status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Destroys the TCP connection instead of answering. */
  | { readonly kind: 'hang-up' }
  /** Never answers the upgrade. */
  | { readonly kind: 'hang' }
  /** Closes with a code after so many messages. */
  | { readonly kind: 'close'; readonly after: number; readonly code: number; readonly reason?: string }
  /** Destroys the connection after so many messages. */
  | { readonly kind: 'destroy'; readonly after: number }
  /** Writes bytes that are no WebSocket frame right after the 101. */
  | { readonly kind: 'stray-bytes' }
  /** Talks to us: a welcome, a ping, a binary message. */
  | { readonly kind: 'chatty' };

export interface FaultyReceiver extends AsyncDisposable {
  readonly url: string;
  /** All text messages, in order of arrival. */
  readonly messages: string[];
  /** Upgrade requests' paths and headers, in order. */
  readonly upgrades: { readonly url: string; readonly headers: NodeJS.Dict<string | string[]> }[];
  readonly closes: number[];
  /** WebSockets in the order of opening; `closeCode` is null while one is open. */
  readonly connections: readonly {
    readonly messages: readonly string[];
    readonly closeCode: number | null;
  }[];
  close(): Promise<void>;
}

export async function faultyReceiver(
  behaviours: readonly Behaviour[] = [],
  server: Server = createServer(),
): Promise<FaultyReceiver> {
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const messages: string[] = [];
  const upgrades: FaultyReceiver['upgrades'] = [];
  const closes: number[] = [];
  const connections: { messages: string[]; closeCode: number | null }[] = [];
  const hanging: Duplex[] = [];
  server.on('upgrade', (request, socket, head) => {
    const behaviour = behaviours[upgrades.length] ?? { kind: 'good' };
    upgrades.push({ url: request.url ?? '', headers: request.headers });
    socket.on('error', () => {});
    if (behaviour.kind === 'status') {
      socket.end(
        `HTTP/1.1 ${behaviour.status} Refused\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    if (behaviour.kind === 'hang-up') {
      socket.destroy();
      return;
    }
    if (behaviour.kind === 'hang') {
      hanging.push(socket);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection: (typeof connections)[number] = { messages: [], closeCode: null };
      connections.push(connection);
      webSocket.on('error', () => {});
      webSocket.on('close', (code) => {
        closes.push(code);
        connection.closeCode = code;
      });
      if (behaviour.kind === 'stray-bytes') socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
      if (behaviour.kind === 'chatty') {
        webSocket.send('{"hello":"emulator"}');
        webSocket.send(Buffer.from([1, 2, 3]));
        webSocket.ping();
      }
      webSocket.on('message', (data) => {
        messages.push(String(data));
        connection.messages.push(String(data));
        const received = connection.messages.length;
        if (behaviour.kind === 'close' && received === behaviour.after)
          webSocket.close(behaviour.code, behaviour.reason);
        if (behaviour.kind === 'destroy' && received === behaviour.after) webSocket.terminate();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of hanging) socket.destroy();
    for (const client of webSockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const url = `ws://127.0.0.1:${port}`;
  return { url, messages, upgrades, closes, connections, close, [Symbol.asyncDispose]: close };
}

/** Runs `use` with a receiver, and closes it whatever happens. */
export async function withReceiver<T>(
  behaviours: readonly Behaviour[],
  use: (receiver: FaultyReceiver) => Promise<T>,
): Promise<T> {
  const receiver = await faultyReceiver(behaviours);
  try {
    return await use(receiver);
  } finally {
    await receiver.close();
  }
}
