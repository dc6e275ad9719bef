/** Counts how often which value came: a histogram of few distinct values, such as frame lengths. */

export interface TallyEntry {
  readonly ms: number;
  readonly count: number;
}

/** A sender who makes up values must not fill our memory; the rest is counted as the nearest whole hundred. */
const MAX_DISTINCT = 200;
const LISTED = 20;

export class Tally {
  readonly #counts = new Map<number, number>();

  /** Milliseconds, counted to the tenth. */
  add(ms: number): void {
    const exact = Math.round(ms * 10) / 10;
    const key =
      this.#counts.has(exact) || this.#counts.size < MAX_DISTINCT ? exact : Math.round(ms / 100) * 100;
    // Even hundreds of a day are too many.
    if (!this.#counts.has(key) && this.#counts.size >= 2 * MAX_DISTINCT) return;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The most common twenty, the most common first. */
  entries(): readonly TallyEntry[] {
    return [...this.#counts]
      .map(([ms, count]) => ({ ms: ms + 0, count }))
      .sort((a, b) => b.count - a.count || a.ms - b.ms)
      .slice(0, LISTED);
  }
}
