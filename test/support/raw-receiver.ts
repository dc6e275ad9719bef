/**
 * A receiver made of a bare TCP or TLS server. It says and does, byte by byte, what a behaviour tells it: one behaviour for each
 * connection, in the order they come, and the last one for all that follow.
 */
import { createHash } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

/** What one connection of the receiver does. It may wait for things; nobody waits for it. */
export type Behaviour = (peer: Peer) => unknown;

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

export interface RawReceiver extends AsyncDisposable {
  readonly port: number;
  /** `ws://127.0.0.1:<port>/audio/`, or `wss:`. */
  readonly url: string;
  readonly peers: readonly Peer[];
  /** New connections are refused; those that are open stay. */
  stopListening(): void;
  close(): Promise<void>;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The receiver's side of one TCP connection. */
export class Peer {
  readonly socket: net.Socket;
  /** 1, 2, 3… in the order of connecting. */
  readonly number: number;
  /** All peers of the receiver, this one included. */
  readonly all: readonly Peer[];
  /** Frames of the emulator, in order. */
  readonly frames: ClientFrame[] = [];
  /** Our side of the socket has ended, in whatever way. */
  readonly closed: Promise<void>;
  /** How many text messages have come. */
  messages = 0;
  #head: string | undefined;
  #unread: Buffer = Buffer.alloc(0);
  readonly #waiting = new Set<() => void>();

  constructor(socket: net.Socket, number: number, all: readonly Peer[]) {
    this.socket = socket;
    this.number = number;
    this.all = all;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Of the close frame that came; 1005 for one without a code, undefined when none came. */
  get closeCode(): number | undefined {
    const frame = this.frames.find(({ opcode }) => opcode === OPCODE.close);
    if (frame === undefined) return undefined;
    return frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0);
  }

  /** The head of the upgrade request. */
  async request(): Promise<string> {
    await this.until(() => this.#head !== undefined);
    return this.#head!;
  }

  /** Answers the upgrade with 101 and these further headers; what `extra` holds follows in the same write. */
  async accept(headers: readonly string[] = [], extra: Buffer | string = ''): Promise<void> {
    const lines = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${acceptOf(await this.request())}`,
      ...headers,
    ];
    this.send(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(extra)]));
  }

  send(bytes: Buffer | string): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Resolves when so many text messages have come; never when they do not. */
  received(count: number): Promise<void> {
    return this.until(() => this.messages >= count);
  }

  /** The emulator has sent its close frame. */
  closing(): Promise<void> {
    return this.until(() => this.closeCode !== undefined);
  }

  /** Looks again whenever something has come. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #onData(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (this.#head === undefined) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end === -1) return;
      this.#head = this.#unread.subarray(0, end).toString('latin1');
      this.#unread = this.#unread.subarray(end + 4);
    }
    for (;;) {
      const read = readClientFrame(this.#unread);
      if (read === undefined) break;
      this.frames.push(read.frame);
      if (read.frame.opcode === OPCODE.text) this.messages++;
      this.#unread = this.#unread.subarray(read.bytes);
    }
    for (const look of this.#waiting) look();
  }
}

/** Starts on a free port of 127.0.0.1, or on the one given. With `tlsOptions` it speaks TLS. */
export async function rawReceiver(
  behaviours: Behaviour | readonly Behaviour[],
  options: { readonly port?: number; readonly tls?: tls.TlsOptions; readonly allowHalfOpen?: boolean } = {},
): Promise<RawReceiver> {
  const list = typeof behaviours === 'function' ? [behaviours] : behaviours;
  const peers: Peer[] = [];
  const sockets = new Set<net.Socket>();
  const onPeer = (socket: net.Socket): void => {
    const peer = new Peer(socket, peers.length + 1, peers);
    peers.push(peer);
    void list[Math.min(peers.length, list.length) - 1]!(peer);
  };
  const server =
    options.tls === undefined
      ? net.createServer({ allowHalfOpen: options.allowHalfOpen ?? false }, onPeer)
      : tls.createServer(options.tls, onPeer);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const scheme = options.tls === undefined ? 'ws' : 'wss';
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}/audio/`,
    peers,
    stopListening: () => void server.close(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A frame as a server sends it; `reserved` and `masked` make it one that is not allowed. */
export function serverFrame(
  opcode: number,
  payload: Buffer | string = '',
  options: { readonly fin?: boolean; readonly reserved?: number; readonly masked?: boolean } = {},
): Buffer {
  const body = Buffer.from(payload);
  const { fin = true, reserved = 0, masked = false } = options;
  const length =
    body.length < 126
      ? Buffer.from([body.length])
      : body.length < 65_536
        ? Buffer.from([126, body.length >> 8, body.length & 0xff])
        : Buffer.concat([Buffer.from([127]), bigEndian64(body.length)]);
  if (masked) length[0]! |= 0x80;
  const head = Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | reserved | opcode]), length]);
  return Buffer.concat(masked ? [head, Buffer.alloc(4), body] : [head, body]);
}

/** A close frame. Any code is written as it is, also those that must not be. */
export function closeFrame(code?: number, reason: Buffer | string = ''): Buffer {
  if (code === undefined) return serverFrame(OPCODE.close);
  return serverFrame(
    OPCODE.close,
    Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]),
  );
}

/** A good receiver: accepts, takes everything, answers the close. */
export const good: Behaviour = async (peer) => {
  await peer.accept();
  await peer.closing();
  peer.send(closeFrame(1000));
  peer.socket.end();
};

/** Accepts, does something, and is good from then on. */
export const thenGood =
  (act: (peer: Peer) => unknown): Behaviour =>
  async (peer) => {
    await peer.accept();
    await act(peer);
    await peer.closing();
    peer.send(closeFrame(1000));
    peer.socket.end();
  };

function acceptOf(request: string): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function readClientFrame(bytes: Buffer): { frame: ClientFrame; bytes: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < maskAt + 4) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = maskAt + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(maskAt, maskAt + 4);
  const payload = Buffer.from(bytes.subarray(maskAt + 4, end));
  if (mask.some((byte) => byte !== 0)) {
    for (let at = 0; at < length; at++) payload[at]! ^= mask[at % 4]!;
  }
  return { frame: { opcode: bytes[0]! & 0x0f, payload }, bytes: end };
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
