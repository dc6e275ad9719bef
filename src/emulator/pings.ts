/** Our pings on one WebSocket, each with the time until its own pong (RFC 6455 §5.5.3). */
import type { WebSocket } from 'ws';

interface Asked {
  readonly askedMs: number;
  onPong(ms: number): void;
}

/** Pings that may wait for their pongs. */
const MAX_WAITING = 8;

export class Pings {
  /** When each of our pings left, by the number it carries. */
  readonly #waiting = new Map<string, Asked>();
  #sent = 0;

  /** Asks for a pong, unless too many are owed. Calls back with the milliseconds until its own pong came. */
  ask(webSocket: WebSocket, nowMs: number, onPong: (ms: number) => void): void {
    if (this.#waiting.size >= MAX_WAITING) return;
    const payload = String(this.#sent++);
    this.#waiting.set(payload, { askedMs: nowMs, onPong });
    webSocket.ping(payload);
  }

  answered(data: Buffer, nowMs: number): void {
    const asked = this.#waiting.get(data.toString('latin1'));
    if (asked === undefined) return;
    // A pong also answers what was asked before it (RFC 6455 §5.5.3); how long that took is not known.
    for (const [payload, each] of this.#waiting) {
      this.#waiting.delete(payload);
      if (each === asked) break;
    }
    asked.onPong(nowMs - asked.askedMs);
  }

  clear(): void {
    this.#waiting.clear();
  }
}
