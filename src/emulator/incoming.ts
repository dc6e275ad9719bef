/**
 * The bytes that a receiver sends back: their beginning is kept for messages, and what is no WebSocket frame is left out if that is
 * tolerated. Does not read messages: ws does.
 */
import type net from 'node:net';
import { describeStrayBytes, isPlain } from './dial-failure.ts';
import { FrameFilter } from './frame-filter.ts';

/** Of what came last. */
const EXCERPT_BYTES = 200;

export class Incoming {
  readonly #socket: net.Socket;
  #bytesReceived = 0;
  #lastBytes: Buffer = Buffer.alloc(0);

  /** From now on; ws must listen to the socket already. */
  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.prependListener('data', (chunk: Buffer) => {
      this.#bytesReceived += chunk.length;
      this.#lastBytes = chunk.subarray(0, EXCERPT_BYTES);
    });
  }

  /** Keeps bytes that are no frame from ws, and tells of each such stretch. */
  leaveOutStrayBytes(onLog: (level: 'warn', text: string) => void): void {
    const socket = this.#socket;
    const deliver = socket.listeners('data').at(-1) as (chunk: Buffer) => void;
    socket.off('data', deliver);
    const filter = new FrameFilter((bytes, isFirst) =>
      onLog('warn', `ignored ${describeStrayBytes(bytes, isFirst)}`),
    );
    socket.on('data', (chunk: Buffer) => {
      for (const frame of filter.push(chunk)) deliver.call(socket, frame);
    });
  }

  /** Whether what came last is no WebSocket, but text. */
  get isPlain(): boolean {
    return isPlain(this.#lastBytes);
  }

  /** What came last, in words; `isFirst` when nothing of it was understood before. Undefined when nothing came. */
  describe(isFirst: boolean): string | undefined {
    return this.#bytesReceived === 0
      ? undefined
      : describeStrayBytes(this.#lastBytes, isFirst, this.#bytesReceived);
  }
}
