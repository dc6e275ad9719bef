/** What bots say, for those who listen: also where it is not recorded. */
import { EventEmitter } from 'node:events';
import type { AudioSource } from '../../audio/source.ts';

export class BotOutputs {
  readonly #events = new EventEmitter();

  constructor() {
    this.#events.setMaxListeners(0);
  }

  /** Calls back until the returned function is called. Undefined: the bot is silent from here on. */
  listen(botId: string, onOutput: (source: AudioSource | undefined) => void): () => void {
    this.#events.on(botId, onOutput);
    return () => this.#events.off(botId, onOutput);
  }

  isHeard(botId: string): boolean {
    return this.#events.listenerCount(botId) > 0;
  }

  say(botId: string, source: AudioSource | undefined): void {
    this.#events.emit(botId, source);
  }
}
