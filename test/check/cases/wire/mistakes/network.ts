import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Audio, keyOf, Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

/** Wall milliseconds. */
const LATE_MS = 120;
const GONE_MS = 700;
/** Of TCP. */
const READS = 8;

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
    costs: ['network.segments'],
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
    says: /1003|unsupported/i,
    receiver: class extends Receiver {
      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        request.socket.prependListener('data', (bytes: Buffer) => {
          // Text, without FIN.
          if (bytes[0] === 0x01) socket.close(1003);
        });
      }
    },
  },
  {
    what: 'refuses whose connection is still open',
    costs: ['network.half_open'],
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
    alone: true,
    says: /missing|no file/,
    receiver: class extends Receiver {
      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        request.socket.on('error', () => this.tracks.clear());
      }
    },
  },
];
