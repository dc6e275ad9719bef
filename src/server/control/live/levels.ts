/** How loud everybody in a meeting is, and when they send: what lanes are drawn of. Kept from the moment somebody looks on. */
import { SAMPLE_RATE } from '../../../protocol/pcm.ts';

/** A peak is the loudest sample of so many. */
const PEAK_SAMPLES = SAMPLE_RATE / 50;
const FULL_SCALE = 32_768;
/** Of each participant: three hours. What comes later is not kept. */
const MAX_PEAKS = 50 * 3_600 * 3;

/** Samples that were sent without a gap. */
interface Stretch {
  readonly startSample: number;
  /** Exclusive. */
  endSample: number;
}

class Track {
  /** Of each 20 ms since the recording started, 0 to 100. */
  peaks = new Uint8Array(512);
  /** How many of them there are. */
  count = 0;
  readonly stretches: Stretch[] = [];

  add(startSample: number, pcm: Int16Array): void {
    const last = this.stretches.at(-1);
    const endSample = startSample + pcm.length;
    if (last?.endSample === startSample) last.endSample = endSample;
    else this.stretches.push({ startSample, endSample });
    for (let offset = 0; offset < pcm.length; ) {
      const at = Math.floor((startSample + offset) / PEAK_SAMPLES);
      const end = Math.min(pcm.length, (at + 1) * PEAK_SAMPLES - startSample);
      let loudest = 0;
      for (; offset < end; offset++) loudest = Math.max(loudest, Math.abs(pcm[offset]!));
      this.#note(at, Math.ceil((loudest * 100) / FULL_SCALE));
    }
  }

  #note(at: number, peak: number): void {
    if (at >= MAX_PEAKS) return;
    if (at >= this.peaks.length) {
      const wider = new Uint8Array(Math.min(MAX_PEAKS, Math.max(at + 1, this.peaks.length * 2)));
      wider.set(this.peaks);
      this.peaks = wider;
    }
    this.peaks[at] = Math.max(this.peaks[at]!, peak);
    this.count = Math.max(this.count, at + 1);
  }
}

export class Levels {
  /** By the index of the participant. */
  readonly tracks: Track[] = [];

  add(participant: number, startSample: number, pcm: Int16Array): void {
    while (this.tracks.length <= participant) this.tracks.push(new Track());
    this.tracks[participant]!.add(startSample, pcm);
  }
}
