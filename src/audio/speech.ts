/**
 * A speech-like synthesiser for participants without a recording: a glottal pulse through vowel formants, in the rhythm
 * of syllables and phrases, with consonant noise and pauses. Streams sample by sample, so its memory does not grow.
 * It says nothing intelligible.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { createRandom, type Random } from './random.ts';
import { generated } from './signals.ts';
import type { AudioSource } from './source.ts';

export interface Voice {
  /** Mean fundamental frequency. */
  readonly pitchHz: number;
  /** 1 is an average adult; larger is a shorter vocal tract. */
  readonly formantScale: number;
  /** Syllables per second. */
  readonly rate: number;
  /** Loudness, 0 to 1. */
  readonly level: number;
}

/** Adult voices lie in this range. */
const PITCH_RANGE_HZ = { low: 85, high: 255 } as const;
const GOLDEN_FRACTION = 0.618_033_988_749_895;

/** A voice for the participant at `index`; pitches of neighbours are far apart, and no two are the same. */
export function voiceFor(seed: number, index: number): Voice {
  const random = createRandom(seed, 1_000 + index);
  const place = (createRandom(seed, 3).next() + index * GOLDEN_FRACTION) % 1;
  return {
    pitchHz: PITCH_RANGE_HZ.low * (PITCH_RANGE_HZ.high / PITCH_RANGE_HZ.low) ** place,
    formantScale: 0.9 + 0.25 * place,
    rate: random.between(3.6, 5.4),
    level: random.between(0.5, 0.8),
  };
}

/** First three formants of vowels of an average adult, in Hz (Peterson & Barney, 1952, rounded). */
const VOWELS: readonly (readonly [number, number, number])[] = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
];
const BANDWIDTHS_HZ = [70, 100, 140] as const;
const FORMANT_GAINS = [1, 0.6, 0.35] as const;
const FADE_SAMPLES = 80; // 5 ms
const PEAK = 32_000;

/** `samples` of talk. The same seed and voice give the same samples, however they are read. */
export function speechSource(options: {
  readonly seed: number;
  readonly samples: number;
  readonly voice: Voice;
}): AudioSource {
  const { seed, samples, voice } = options;
  return generated(samples, () => {
    const talk = new Talk(createRandom(seed, 4), voice);
    return (position) => {
      const fade = Math.min(1, (position + 1) / FADE_SAMPLES, (samples - position) / FADE_SAMPLES);
      return Math.round(talk.next() * fade * PEAK);
    };
  });
}

/**
 * Rounds off what is too loud, as tanh does, of which it is the Padé approximant: -1 to 1, never outside. Math.tanh alone was half
 * of the time that a voice took.
 */
function saturated(value: number): number {
  if (value >= 3) return 1;
  if (value <= -3) return -1;
  const square = value * value;
  return (value * (27 + square)) / (27 + 9 * square);
}

/** A two-pole resonator: one formant. */
class Formant {
  #gain = 0;
  #b1 = 0;
  #b2 = 0;
  #y1 = 0;
  #y2 = 0;

  tune(hz: number, bandwidthHz: number, gain: number): void {
    const radius = Math.exp((-Math.PI * bandwidthHz) / SAMPLE_RATE);
    const angle = (2 * Math.PI * Math.min(hz, 7_500)) / SAMPLE_RATE;
    this.#b1 = 2 * radius * Math.cos(angle);
    this.#b2 = -radius * radius;
    this.#gain = (1 - radius) * gain * 2;
  }

  next(input: number): number {
    const output = this.#gain * input + this.#b1 * this.#y1 + this.#b2 * this.#y2;
    this.#y2 = this.#y1;
    this.#y1 = output;
    return output;
  }
}

/** Syllable after syllable, phrase after phrase. */
class Talk {
  readonly #random: Random;
  readonly #voice: Voice;
  readonly #formants = [new Formant(), new Formant(), new Formant()] as const;
  #syllablesLeft = 0;
  #phraseSyllables = 1;
  /** Position in the current unit, and where its parts end; in samples. */
  #at = 0;
  #consonantEnd = 0;
  #vowelEnd = 0;
  #unitEnd = 0;
  #loudness = 0;
  #pitchHz: number;
  #glottalPhase = 0;
  #noise = 0;

  constructor(random: Random, voice: Voice) {
    this.#random = random;
    this.#voice = voice;
    this.#pitchHz = voice.pitchHz;
    this.#nextUnit();
  }

  /** -1 to 1, never outside. */
  next(): number {
    if (this.#at >= this.#unitEnd) this.#nextUnit();
    const at = this.#at++;
    const white = this.#random.next() * 2 - 1;
    let excitation = 0;
    let hiss = 0;
    if (at < this.#consonantEnd) {
      hiss = (white - this.#noise) * 0.12 * Math.sin((Math.PI * at) / this.#consonantEnd);
    } else if (at < this.#vowelEnd) {
      const place = (at - this.#consonantEnd) / (this.#vowelEnd - this.#consonantEnd);
      const envelope = Math.min(1, place * 8, (1 - place) * 5);
      excitation = (this.#glottis(place) + white * 0.02) * envelope * this.#loudness;
    }
    this.#noise = white;
    const [first, second, third] = this.#formants;
    const voiced = first.next(excitation) + second.next(excitation) + third.next(excitation);
    return saturated((voiced * 9 + hiss) * this.#voice.level * 1.2);
  }

  /** A pulse that opens slowly and closes fast, once a period. */
  #glottis(place: number): number {
    this.#glottalPhase += (this.#pitchHz * (1.04 - 0.08 * place)) / SAMPLE_RATE;
    if (this.#glottalPhase >= 1) this.#glottalPhase -= 1;
    const phase = this.#glottalPhase;
    if (phase < 0.6) return Math.sin((Math.PI * phase) / 1.2) * 0.5;
    return phase < 0.7 ? -(0.7 - phase) * 10 : 0;
  }

  #nextUnit(): void {
    const random = this.#random;
    this.#at = 0;
    if (this.#syllablesLeft === 0) {
      this.#phraseSyllables = random.integer(5, 11);
      this.#syllablesLeft = this.#phraseSyllables;
      // The pause between two phrases; the talk begins without one.
      this.#consonantEnd = 0;
      this.#vowelEnd = 0;
      this.#unitEnd = this.#unitEnd === 0 ? 0 : Math.round(random.between(0.12, 0.28) * SAMPLE_RATE);
      if (this.#unitEnd > 0) return;
    }
    const syllable = this.#phraseSyllables - this.#syllablesLeft--;
    const length = (SAMPLE_RATE / this.#voice.rate) * random.between(0.75, 1.25);
    this.#consonantEnd = Math.round(length * (random.next() < 0.7 ? random.between(0.12, 0.3) : 0));
    this.#vowelEnd = Math.round(length * random.between(0.92, 1));
    this.#unitEnd = Math.round(length);
    this.#loudness = random.between(0.75, 1);
    // Pitch falls over a phrase and moves from syllable to syllable.
    const declination = 1.12 - 0.24 * (syllable / this.#phraseSyllables);
    this.#pitchHz = this.#voice.pitchHz * declination * random.between(0.94, 1.06);
    const vowel = random.pick(VOWELS);
    for (const [index, formant] of this.#formants.entries()) {
      formant.tune(vowel[index]! * this.#voice.formantScale, BANDWIDTHS_HZ[index]!, FORMANT_GAINS[index]!);
    }
  }
}
