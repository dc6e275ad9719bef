/**
 * A mix of all participants against what was sent: who is in it, when, and how long it is. Each is looked for by likeness,
 * which the voices of the others lower but do not hide: first where the mix stands on the meeting's clock, then who is missing.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { Correlator } from './correlate.ts';
import { type Draft, type Finding, period, seconds, toFindings } from './finding.ts';
import type { Kept } from './form.ts';
import { narrowed, RATIO } from './narrow.ts';
import type { Range, Sent, SentTrack } from './sent.ts';
import { remarkDrafts } from './words.ts';

/** Half a second, at 4 kHz. */
const CHUNK = 2_000;
/** Looked for of each participant to find where the mix stands. */
const PROBES = 6;
/** Shifts within 20 ms are one. */
const NEAR = 80;
/** Half a second of one voice among three others is 0.5 alike; of a voice that is not there, less than 0.2. */
const PRESENT = 0.25;
/** Whoever is found in fewer of their half seconds is not there: others only sound alike. */
const CHANCE = 0.2;
/** Missing for so many half seconds in a row is missing. */
const MIN_MISSING = 2;
/** Silence of half a second says nothing: about -60 dBFS. */
const QUIET = CHUNK * 30 ** 2;
const MAX_BLOCKS = 4_000;
/** A mix may be so much shorter or longer: half a frame of 200 ms. */
const LENGTH_TOLERANCE = SAMPLE_RATE / 5;

/** Findings about a mix, the heaviest first; none when everybody is in it when they were sent. */
export function judgeMix(kept: Kept, sent: Sent): Finding[] {
  return [...contentFindings(kept, sent), ...toFindings(remarkDrafts(kept, 'the mix'), null)];
}

function contentFindings(kept: Kept, sent: Sent): Finding[] {
  const { samples, sampleRate, channels } = kept;
  const length = Math.round((samples.length / channels / sampleRate) * SAMPLE_RATE);
  if (samples.every((sample) => sample === 0)) {
    const text = length === 0 ? 'the mix is empty' : 'the mix holds nothing but silence';
    return toFindings([{ code: 'silent', start: 0, end: length, weight: 1, text }], null);
  }
  const mix = narrowed(samples, { rate: sampleRate, channels });
  const tracks = sent.tracks.map(({ pcm }) => narrowed(pcm, { rate: SAMPLE_RATE }));
  const shift = shiftOf(mix, tracks);
  if (shift === undefined) {
    const text = 'nothing of what was sent is found in the mix';
    return toFindings([{ code: 'not_sent', start: 0, end: length, text }], null);
  }
  const findings: Finding[] = [];
  for (const [index, track] of sent.tracks.entries()) {
    const drafts = missingIn(mix, tracks[index]!, track, shift);
    findings.push(...toFindings(drafts, track.id));
  }
  return [...findings, ...toFindings(clockDrafts(shift * RATIO, length, sent), null)];
}

/** The mix as it is before the meeting's clock, or after it. */
function clockDrafts(shift: number, length: number, { durationSamples, tracks }: Sent): Draft[] {
  const first = Math.min(...tracks.flatMap(({ ranges }) => ranges.slice(0, 1).map(({ start }) => start)));
  const isAtFirst = Math.abs(shift + first) <= NEAR * RATIO;
  if (Math.abs(shift) > NEAR * RATIO && !isAtFirst) {
    const text = `the mix stands ${seconds(Math.abs(shift))} s ${shift > 0 ? 'late' : 'early'}`;
    return [{ code: 'mix_offset', start: 0, end: Math.abs(shift), text }];
  }
  const last = Math.max(...tracks.flatMap(({ ranges }) => ranges.slice(-1).map(({ end }) => end)));
  const begin = isAtFirst ? first : 0;
  const isFine =
    length >= last - begin - LENGTH_TOLERANCE && length <= durationSamples - begin + LENGTH_TOLERANCE;
  // A mix may begin with the first voice and still end with the meeting.
  if (isFine || Math.abs(length - durationSamples) <= LENGTH_TOLERANCE) return [];
  const text = `the mix is ${seconds(length)} s long, the meeting ${seconds(durationSamples)} s`;
  return [{ code: 'mix_length', start: 0, end: Math.abs(length - durationSamples), text }];
}

/** What most of the probes agree on: to add to a position in what was sent for that in the mix; at 4 kHz. */
function shiftOf(mix: Float32Array, tracks: readonly Float32Array[]): number | undefined {
  const correlator = new Correlator([mix], MAX_BLOCKS);
  const shifts: number[] = [];
  let probes = 0;
  for (const track of tracks) {
    for (const start of loudest(track)) {
      probes++;
      for (const { from, value } of correlator.candidates(track.subarray(start, start + CHUNK)).slice(0, 2))
        if (value >= PRESENT) shifts.push(from - start);
    }
  }
  let best: number | undefined;
  let most = 0;
  for (const shift of shifts) {
    const agree = shifts.filter((other) => Math.abs(other - shift) <= NEAR).length;
    if (agree <= most) continue;
    most = agree;
    best = shift;
  }
  // One that agrees with nobody is chance, unless there is no other.
  return most >= Math.min(2, probes) ? best : undefined;
}

/** Where some loud stretches begin, spread over the track. */
function loudest(track: Float32Array): number[] {
  const part = Math.floor(track.length / PROBES);
  return Array.from({ length: PROBES }, (_, index) => {
    let best = -1;
    let most = QUIET;
    for (
      let start = index * part;
      start < (index + 1) * part && start + CHUNK <= track.length;
      start += CHUNK / 4
    ) {
      const energy = energyOf(track, start);
      if (energy <= most) continue;
      most = energy;
      best = start;
    }
    return best;
  }).filter((start) => start !== -1);
}

function missingIn(mix: Float32Array, signal: Float32Array, track: SentTrack, shift: number): Draft[] {
  const drafts: Draft[] = [];
  let heard = 0;
  let present = 0;
  let missing: Range[] = [];
  const flush = (): void => {
    if (missing.length >= MIN_MISSING) {
      const { start } = missing[0]!;
      const { end } = missing.at(-1)!;
      drafts.push({
        code: 'mix_missing',
        start,
        end,
        text: `${track.name} is missing from the mix, ${period(start, end)}`,
        together: `${track.name} is missing from the mix at {} places`,
      });
    }
    missing = [];
  };
  for (const range of track.ranges) {
    for (let start = range.start; start + CHUNK * RATIO <= range.end; start += CHUNK * RATIO) {
      const from = Math.round(start / RATIO);
      if (from + CHUNK > signal.length || energyOf(signal, from) <= QUIET) continue;
      heard++;
      if (likeness(mix, signal, from, shift) >= PRESENT) {
        present++;
        flush();
      } else missing.push({ start, end: start + CHUNK * RATIO });
    }
  }
  flush();
  if (heard === 0 || present > heard * CHANCE) return drafts;
  const { start } = track.ranges[0]!;
  const { end } = track.ranges.at(-1)!;
  return [{ code: 'mix_missing', start, end, text: `${track.name} is not in the mix` }];
}

/** The most alike within 20 ms of where it should stand. */
function likeness(mix: Float32Array, signal: Float32Array, from: number, shift: number): number {
  const sent = energyOf(signal, from);
  let best = 0;
  for (let at = from + shift - NEAR; at <= from + shift + NEAR; at++) {
    let product = 0;
    let kept = 0;
    for (let index = 0; index < CHUNK; index++) {
      const here = mix[at + index] ?? 0;
      product += here * signal[from + index]!;
      kept += here * here;
    }
    if (kept > 0) best = Math.max(best, product / Math.sqrt(kept * sent));
  }
  return best;
}

function energyOf(signal: Float32Array, start: number): number {
  let sum = 0;
  for (let index = start; index < start + CHUNK; index++) sum += signal[index]! * signal[index]!;
  return sum;
}
