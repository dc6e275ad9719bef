/** A receiver with one mistake, and what it costs. What receivers remember is made anew for each case. */
import { SAMPLE_RATE } from '../../../../src/protocol/pcm.ts';
import type { Audio, Steps } from '../stage.ts';

export interface Mistake {
  /** In the receiver's terms. */
  readonly what: string;
  /** Ids of the cases that it fails. `allBut`: what is said about them holds of all others. */
  readonly costs: readonly string[] | { readonly allBut: readonly string[] };
  /** Ids of cases that it fails as well where a busy machine is late. */
  readonly mayCost?: readonly string[];
  /** In their headlines. */
  readonly says: RegExp;
  /** Of the first of these cases; `fail` when left out. */
  readonly verdict?: 'warn';
  readonly steps: () => Partial<Steps>;
}

export const LOST = /no file of|missing|only what came|is not what was sent/;

/** Drops whatever this is not true of. What it remembers is made anew for each case. */
export function drops(what: string, costs: string | Mistake['costs'], unless: () => Steps['takes']): Mistake {
  return {
    what,
    costs: typeof costs === 'string' ? [costs] : costs,
    says: LOST,
    steps: () => ({ takes: unless() }),
  };
}

export const startOf = ({ relative }: Audio): number => Math.round(relative * SAMPLE_RATE);
export const endOf = (audio: Audio): number => startOf(audio) + audio.pcm.length;
export const peakOf = (pcm: Int16Array): number =>
  pcm.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

/** For each participant what was last noted of them. */
export class Notes<Note> {
  readonly #notes = new Map<number, Note>();
  readonly #first: Note;

  constructor(first: Note) {
    this.#first = first;
  }

  of({ id }: Pick<Audio, 'id'>): Note {
    return this.#notes.get(id) ?? this.#first;
  }

  set({ id }: Pick<Audio, 'id'>, note: Note): void {
    this.#notes.set(id, note);
  }
}
