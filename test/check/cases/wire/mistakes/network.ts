import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Audio, keyOf, Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

/** Wall milliseconds. */
const LATE_MS = 120;
const GONE_MS = 700;
/** Of TCP. */
const READS = 8;

/** Of the masked frame that begins here, in bytes; Infinity while too little of it is there to tell. RFC 6455 §5.2. */
function frameLength(bytes: Buffer): number {
  const short = bytes.length < 2 ? 0 : bytes[1]! & 0x7f;
  const more = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + more) return Number.POSITIVE_INFINITY;
  const payload = more === 0 ? short : more === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return 2 + more + 4 + payload;
}

export const NETWORK: readonly Mistake[] = [
  {
    what: 'drops what is late by the clock',
    costs: ['network.latency'],
    says: /missing|no file/,
    alone: true,
    receiver: class extends Receiver {
      firstMs: number | undefined;

      override keep(audio: Audio): void {
        const atMs = performance.now() - audio.relative * 1_000;
        this.firstMs ??= atMs;
        if (atMs < this.firstMs + LATE_MS) super.keep(audio);
      }
    },
  },
  {
    what: 'gives somebody up of whom nothing comes for a while',
    costs: ['network.stall'],
    says: /missing|truncated|ends/,
    alone: true,
    receiver: class extends Receiver {
      readonly lastMs = new Map<string, number>();

      override keep(audio: Audio): void {
        const nowMs = performance.now();
        if (nowMs - (this.lastMs.get(keyOf(audio)) ?? nowMs) > GONE_MS) return;
        this.lastMs.set(keyOf(audio), nowMs);
        super.keep(audio);
      }
    },
  },
  {
    what: 'takes a message for broken that has not come after eight reads',
    // A large message takes many reads, too, and so do pings of half a minute.
    costs: ['network.segments', 'robust.large', 'connections.kept_alive'],
    says: /1002|protocol error/,
    receiver: class extends Receiver {
      readonly reads = new Map<WebSocket, number>();

      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        request.socket.on('data', () => {
          const reads = (this.reads.get(socket) ?? 0) + 1;
          this.reads.set(socket, reads);
          if (reads > READS) socket.close(1002);
        });
      }

      override onMessage(socket: WebSocket, data: Buffer, isBinary: boolean): void {
        this.reads.set(socket, 0);
        super.onMessage(socket, data, isBinary);
      }
    },
  },
  {
    what: 'takes no fragments',
    costs: ['network.fragments'],
    // On a busy machine all has been sent when the close arrives.
    says: /1003|unsupported|missing|no file/i,
    receiver: class extends Receiver {
      readonly refused = new Set<WebSocket>();

      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        let left: Buffer = Buffer.alloc(0);
        request.socket.prependListener('data', (bytes: Buffer) => {
          left = Buffer.concat([left, bytes]);
          for (let length = frameLength(left); length <= left.length; length = frameLength(left)) {
            // Text, without FIN.
            if (left[0] === 0x01) {
              this.refused.add(socket);
              socket.close(1003);
            }
            left = left.subarray(length);
          }
        });
      }

      override onMessage(socket: WebSocket, data: Buffer, isBinary: boolean): void {
        if (!this.refused.has(socket)) super.onMessage(socket, data, isBinary);
      }
    },
  },
  {
    what: 'refuses whose connection is still open',
    // In these it is, too.
    costs: ['network.half_open', 'connections.replaced_late_close', 'connections.second_while_open'],
    mayCost: ['mute.ten_toggles', 'mute.short_unmute'],
    says: /4409|takes 2 connections/,
    receiver: class extends Receiver {
      override onAudio(audio: Audio, socket: WebSocket): void {
        if (this.othersOf(audio, socket).length > 0) socket.close(4409);
        else super.onAudio(audio, socket);
      }
    },
  },
  {
    what: 'forgets everything at the error of a socket',
    costs: ['network.reset'],
    // The silent socket of a half-open connection may end in one, too.
    mayCost: ['network.half_open'],
    says: /missing|no file/,
    receiver: class extends Receiver {
      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        request.socket.on('error', () => this.tracks.clear());
      }
    },
  },
];
