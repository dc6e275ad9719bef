/** How many participants a platform streams at a time: the first to unmute have the places ("Real-Time Endpoints", 2026). */
export class StreamLimit {
  readonly #places: number;
  readonly #isUnmuted: (participant: number) => boolean;
  readonly #streamed = new Set<number>();
  readonly #beyond = new Set<number>();

  constructor(places: number, isUnmuted: (participant: number) => boolean) {
    this.#places = places;
    this.#isUnmuted = isUnmuted;
  }

  /** A participant unmutes: whether there is a place. */
  admits(participant: number): boolean {
    for (const other of this.#streamed)
      if (other === participant || !this.#isUnmuted(other)) this.#streamed.delete(other);
    const admitted = this.#streamed.size < this.#places;
    if (admitted) this.#beyond.delete(participant);
    else this.#beyond.add(participant);
    if (admitted) this.#streamed.add(participant);
    return admitted;
  }

  /** Whether a participant found no place at their last unmute. */
  isBeyond(participant: number): boolean {
    return this.#beyond.has(participant);
  }

  /** All places are free again. */
  clear(): void {
    this.#streamed.clear();
  }
}
