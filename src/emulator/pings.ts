/** Our pings on one WebSocket, each with the time until its own pong (RFC 6455 §5.5.3). */
import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';

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
  /** What makes time go on again that waits for a pong. */
  readonly #releases = new Set<() => void>();
  #hasWaitedInVain = false;

  /** Asks for a pong, unless too many are owed. Calls back with the milliseconds until its own pong came. */
  ask(webSocket: WebSocket, nowMs: number, onPong: (ms: number) => void): void {
    if (this.#waiting.size >= MAX_WAITING) return;
    const payload = String(this.#sent++);
    this.#waiting.set(payload, { askedMs: nowMs, onPong });
    webSocket.ping(payload);
  }

  /**
   * The same, and time waits for the pong, where it waits for work at all: as fast as it can be done, pings would come faster than
   * any receiver can answer them, and ws ends a connection over which it owes 60. Whoever does not answer within `limitMs` of wall
   * time is not waited for again.
   */
  askInTurn(webSocket: WebSocket, clock: Clock, limitMs: number): void {
    if (!clock.waits || this.#hasWaitedInVain) {
      webSocket.ping();
      return;
    }
    const resume = clock.hold();
    const release = (): void => {
      cancel();
      this.#releases.delete(release);
      resume();
    };
    const cancel = clock.afterWall(limitMs, () => {
      this.#hasWaitedInVain = true;
      release();
    });
    this.#releases.add(release);
    this.ask(webSocket, clock.now(), release);
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

  /** For the end of the connection: no pong comes any more. */
  clear(): void {
    this.#waiting.clear();
    for (const release of this.#releases) release();
  }
}
