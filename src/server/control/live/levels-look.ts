/** What has been added to the levels of a meeting since the last look. */
import { SAMPLE_RATE } from '../../../protocol/pcm.ts';
import type { MeetingNews } from './batch.ts';
import type { Levels } from './levels.ts';

/** Of each participant and batch: what is behind comes with the next ones. */
const MAX_PEAKS = 15_000;

export class LevelsLook {
  readonly #levels: Levels;
  readonly #peaks: number[] = [];
  readonly #stretches: { count: number; endSample: number }[] = [];

  constructor(levels: Levels) {
    this.#levels = levels;
  }

  news(): Pick<MeetingNews, 'peaks' | 'stretches'> {
    const peaks: (readonly [number, number, readonly number[]])[] = [];
    const stretches: (readonly [number, number, number, number])[] = [];
    for (const [participant, track] of this.#levels.tracks.entries()) {
      const from = this.#peaks[participant] ?? 0;
      const to = Math.min(track.count, from + MAX_PEAKS);
      if (to > from) peaks.push([participant, from, [...track.peaks.subarray(from, to)]]);
      this.#peaks[participant] = to;
      const told = this.#stretches[participant] ?? { count: 0, endSample: 0 };
      const last = track.stretches.at(-1);
      if (last === undefined || last.endSample === told.endSample) continue;
      // The last one told may have grown.
      for (let index = Math.max(0, told.count - 1); index < track.stretches.length; index++) {
        const { startSample, endSample } = track.stretches[index]!;
        stretches.push([participant, index, startSample / SAMPLE_RATE, endSample / SAMPLE_RATE]);
      }
      this.#stretches[participant] = { count: track.stretches.length, endSample: last.endSample };
    }
    return { ...(peaks.length > 0 && { peaks }), ...(stretches.length > 0 && { stretches }) };
  }
}
