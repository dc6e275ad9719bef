/** One meeting of a trace as it is written: frames, sound and rows are gathered for a few seconds, and leave as blocks. */
import { FrameWriter, OUTCOMES, type Outcome } from './columns.ts';
import type { TraceFile } from './file.ts';
import type { TraceAccount, TraceMeeting, TraceRow } from './format.ts';
import { SoundTracks } from './sound.ts';

/** So many frames, or rows, make a block. */
const MAX_FRAMES = 2_048;
const MAX_ROWS = 256;
/** And so much JSON, in characters. */
const MAX_ROW_TEXT = 256 * 1024;
/** Positions: what a killed process loses at most. */
const BLOCK_SAMPLES = 30 * 16_000;
/** Of all rows: events and log lines can be many. What comes later is counted. */
const MAX_TEXT = 24 * 1024 * 1024;

export class MeetingTrace {
  readonly number: number;
  readonly #file: TraceFile;
  readonly #frames = new FrameWriter();
  readonly #sound: SoundTracks;
  #rows: string[] = [];
  #rowText = 0;
  #allText = 0;
  #leftOut = 0;
  #accounts = 0;
  #blockEnd = BLOCK_SAMPLES;

  constructor(file: TraceFile, meeting: TraceMeeting) {
    this.#file = file;
    this.number = file.nextMeeting();
    this.#sound = new SoundTracks(
      ({ participant, startSample, samples, rate, bytes }) =>
        file.block('sound', { m: this.number, p: participant, s: startSample, n: samples, r: rate }, bytes),
      file.soundUse,
    );
    file.json('meeting', this.number, meeting);
  }

  /** From where on there is no sound; undefined when all of it is there. */
  get soundEndSample(): number | undefined {
    return this.#sound.endSample;
  }

  /** How many events and log lines are not in it, because it would be too large. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The number of a new account. */
  account(of: Omit<TraceAccount, 'number'>): number {
    const number = this.#accounts++;
    this.row({ kind: 'account', number, ...of });
    return number;
  }

  frame(account: number, startSample: number, samples: number, outcome: Outcome, atSeconds: number): void {
    const atTenths = Math.round(atSeconds * 10_000);
    this.#frames.add({ account, startSample, samples, outcome: OUTCOMES.indexOf(outcome), atTenths });
    if (this.#frames.count >= MAX_FRAMES || startSample >= this.#blockEnd) {
      this.#blockEnd = Math.max(this.#blockEnd, startSample) + BLOCK_SAMPLES;
      this.flush();
    }
  }

  audio(participant: number, startSample: number, pcm: Int16Array): void {
    this.#sound.add(participant, startSample, pcm);
  }

  /** The participant is muted. */
  silence(participant: number): void {
    this.#sound.end(participant);
  }

  row(row: TraceRow): void {
    const text = JSON.stringify(row);
    const mayBeLeftOut = row.kind === 'event' || row.kind === 'log';
    if (mayBeLeftOut && this.#allText + text.length > MAX_TEXT) {
      this.#leftOut++;
      return;
    }
    this.#rows.push(text);
    this.#rowText += text.length;
    this.#allText += text.length;
    if (this.#rows.length >= MAX_ROWS || this.#rowText >= MAX_ROW_TEXT) this.#writeRows();
  }

  /** Writes what has been gathered. */
  flush(): void {
    this.#writeRows();
    if (this.#frames.count > 0) this.#file.deflated('frames', this.number, this.#frames.take());
    const peaks = this.#sound.takePeaks();
    if (peaks !== undefined) this.#file.deflated('peaks', this.number, peaks);
  }

  /** The last of its audio has come. */
  finishSound(): void {
    this.#sound.finish();
  }

  #writeRows(): void {
    if (this.#rows.length === 0) return;
    this.#file.deflated('rows', this.number, Buffer.from(`[${this.#rows.join(',')}]`));
    this.#rows = [];
    this.#rowText = 0;
  }
}
