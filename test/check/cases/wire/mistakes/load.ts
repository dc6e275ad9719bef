import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Audio, keyOf, Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

/** Wall milliseconds for 100 ms of audio. */
const SLOW_MS = 60;

export const LOAD: readonly Mistake[] = [
  {
    what: 'has room for twelve people in a recording',
    costs: ['load.sixteen_participants'],
    says: /no file of Speaker/,
    receiver: class extends Receiver {
      override keep(audio: Audio): void {
        const people = [...this.tracks.keys()].filter((key) => key.startsWith(audio.recording));
        if (people.length < 12 || people.includes(keyOf(audio))) super.keep(audio);
      }
    },
  },
  {
    what: 'never gives the place of a connection free, and has thirty',
    costs: ['load.fifty_connections'],
    says: /turned away \d+ of 50 connections/,
    receiver: class extends Receiver {
      places = 30;

      override letsIn(request: IncomingMessage): boolean {
        return --this.places >= 0 && super.letsIn(request);
      }
    },
  },
  {
    what: 'works for a while on each message',
    costs: ['load.speed'],
    says: /takes one speaker at 1\.\d times real time only/,
    verdict: 'warn',
    alone: true,
    receiver: class extends Receiver {
      busyUntilMs = 0;

      override onMessage(socket: WebSocket, data: Buffer, isBinary: boolean): void {
        super.onMessage(socket, data, isBinary);
        const nowMs = performance.now();
        this.busyUntilMs = Math.max(nowMs, this.busyUntilMs) + SLOW_MS;
        socket.pause();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => socket.resume(), this.busyUntilMs - nowMs);
      }

      timer: NodeJS.Timeout | undefined;
    },
  },
];
