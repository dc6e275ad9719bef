/** A right receiver in memory, over real sockets. Mistakes are made by overriding what it does. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { KeptFile } from '../../../../src/check/oracle/judge.ts';
import { SAMPLE_RATE, samplesOf } from '../../../../src/protocol/pcm.ts';
import { verifyRequest } from '../../../../src/protocol/signing.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON has
type Json = any;

export interface Audio {
  readonly recording: string;
  readonly id: number;
  readonly relative: number;
  readonly pcm: Buffer;
}

/** A message that cannot be used: it is skipped. */
class Unusable extends Error {}

/** Where signatures are made with it, upgrades need one. */
export const SECRET = `whsec_${Buffer.from('the secret of the tests for cases').toString('base64')}`;
const TOKEN = 'token-of-the-tests';
/** Of this receiver; real ones do so every 30 s. */
const PING_EVERY_MS = 300;

export class Receiver {
  readonly options: ServerOptions = { maxPayload: 16 * 1024 ** 2 };
  readonly tracks = new Map<string, { readonly start: number; readonly pcm: Buffer }[]>();
  /** Recordings and participants whose audio came over a connection, as keys. */
  readonly carried = new Map<WebSocket, Set<string>>();
  readonly signatures = new Set<string>();
  /** Whether upgrades have to be signed. */
  needsSignature = false;
  pings = PING_EVERY_MS;

  /** Whether an upgrade is accepted. */
  letsIn({ headers, url }: IncomingMessage): boolean {
    return !this.needsSignature || (this.knows(url ?? '') && this.verifies(headers));
  }

  knows(url: string): boolean {
    return new URL(url, 'http://receiver').searchParams.get('token') === TOKEN;
  }

  verifies(headers: IncomingMessage['headers']): boolean {
    const { ok } = verifyRequest({ secret: SECRET, headers, nowSeconds: Date.now() / 1_000 });
    const signature = `${headers['webhook-id']} ${headers['webhook-timestamp']}`;
    if (!ok || this.signatures.has(signature)) return false;
    this.signatures.add(signature);
    return true;
  }

  onConnection(socket: WebSocket, _request: IncomingMessage): void {
    this.carried.set(socket, new Set());
    socket.on('message', (data: Buffer, isBinary) => this.onMessage(socket, data, isBinary));
    socket.on('close', (code) => {
      this.onClose(socket, code);
      this.carried.delete(socket);
    });
    socket.on('error', () => {});
    const timer = setInterval(() => socket.ping(), this.pings);
    socket.on('close', () => clearInterval(timer));
  }

  onMessage(socket: WebSocket, data: Buffer, isBinary: boolean): void {
    try {
      if (!isBinary) this.onText(socket, data.toString());
    } catch (error) {
      if (!(error instanceof Unusable)) this.onBug(socket);
    }
  }

  /** An exception that nobody expected. */
  onBug(socket: WebSocket): void {
    socket.close(1011);
  }

  onText(socket: WebSocket, text: string): void {
    const message = this.parsed(text);
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return;
    if (message.event === 'audio_separate_raw.data') this.onAudio(this.audioOf(message), socket);
    else this.onEvent(message, socket);
  }

  parsed(text: string): Json {
    try {
      return JSON.parse(text);
    } catch {
      throw new Unusable();
    }
  }

  audioOf({ data }: Json): Audio {
    const { recording, data: media } = data ?? {};
    const id = media?.participant?.id;
    const relative = media?.timestamp?.relative;
    if (typeof recording?.id !== 'string' || typeof id !== 'number' || typeof relative !== 'number')
      throw new Unusable();
    return { recording: recording.id, id, relative, pcm: this.pcmOf(media.buffer) };
  }

  pcmOf(buffer: unknown): Buffer {
    const pcm = typeof buffer === 'string' ? Buffer.from(buffer, 'base64') : undefined;
    if (pcm === undefined || pcm.toString('base64') !== buffer || pcm.length % 2 !== 0) throw new Unusable();
    return pcm;
  }

  onEvent(_message: Json, _socket: WebSocket): void {}

  onAudio(audio: Audio, socket: WebSocket): void {
    this.carried.get(socket)?.add(keyOf(audio));
    this.keep(audio);
  }

  keep(audio: Audio, key = keyOf(audio)): void {
    const parts = this.tracks.get(key) ?? [];
    parts.push({ start: this.startOf(audio, parts), pcm: audio.pcm });
    this.tracks.set(key, parts);
  }

  /** Position of its first byte. */
  startOf({ relative }: Audio, _before: readonly { readonly start: number; readonly pcm: Buffer }[]): number {
    return Math.round(relative * SAMPLE_RATE) * 2;
  }

  onClose(_socket: WebSocket, _code: number): void {}

  /** The other open connections that have brought audio of this participant. */
  othersOf(audio: Audio, socket: WebSocket): WebSocket[] {
    return [...this.carried]
      .filter(([each, keys]) => each !== socket && keys.has(keyOf(audio)))
      .map(([each]) => each);
  }

  files(recording: string): KeptFile[] {
    return [...this.tracks]
      .filter(([key]) => key.startsWith(recording))
      .map(([key, parts]) => {
        const length = parts.reduce((end, { start, pcm }) => Math.max(end, start + pcm.length), 0);
        const bytes = Buffer.alloc(length + (length % 2));
        for (const { start, pcm } of parts) pcm.copy(bytes, start);
        const id = Number(key.slice(recording.length + 1));
        return {
          file: `${id}.wav`,
          participant: id,
          audio: { samples: samplesOf(bytes), sampleRate: SAMPLE_RATE, channels: 1 },
        };
      });
  }
}

export function keyOf({ recording, id }: Pick<Audio, 'recording' | 'id'>): string {
  return `${recording} ${id}`;
}

/** Lets a receiver listen. */
export async function listen(receiver: Receiver): Promise<AsyncDisposable & { readonly url: string }> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    verifyClient: ({ req }: { req: IncomingMessage }) => receiver.letsIn(req),
    ...receiver.options,
  });
  await once(server, 'listening');
  server.on('connection', (socket: WebSocket, request) => receiver.onConnection(socket, request));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/audio/?token=${TOKEN}`,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
