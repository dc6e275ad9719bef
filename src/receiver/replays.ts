/** Signatures that have been used: whoever comes with one again has heard it on the way. */

/** As long as a timestamp is taken for new, and as long again for clocks that are ahead. Seconds. */
const REMEMBERED_SECONDS = 600;
/** Beyond it the oldest are forgotten first. */
const MAX_REMEMBERED = 100_000;

export class Replays {
  /** When each may be forgotten, the oldest first. */
  readonly #until = new Map<string, number>();

  /** Whether this signature comes for the second time. */
  isAgain(signature: string, nowSeconds: number): boolean {
    for (const [old, until] of this.#until) {
      if (until > nowSeconds && this.#until.size < MAX_REMEMBERED) break;
      this.#until.delete(old);
    }
    if (this.#until.has(signature)) return true;
    this.#until.set(signature, nowSeconds + REMEMBERED_SECONDS);
    return false;
  }
}
