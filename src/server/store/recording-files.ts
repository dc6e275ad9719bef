/**
 * The audio of a recording on disk while it grows: one raw S16LE file for each stretch of a participant's audio without
 * a gap, and one for the mix. What is written is never half a sample; at most half a second waits in memory. The first
 * error of the disk ends the keeping of audio; nothing is thrown at the thread that paces it.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Participant } from '../../protocol/participant.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { AudioPart, RecordingContent } from './records.ts';

const BUFFER_SAMPLES = SAMPLE_RATE / 2;

export const MIXED_FILE = 'mixed.raw';

/** A file that grows by samples. */
class RawFile {
  /** Whole samples on disk. */
  writtenSamples = 0;
  readonly #fd: number;
  readonly #buffer = new Int16Array(BUFFER_SAMPLES);
  #buffered = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w', 0o600);
  }

  append(pcm: Int16Array): void {
    for (let from = 0; from < pcm.length; ) {
      const part = pcm.subarray(from, from + BUFFER_SAMPLES - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      from += part.length;
      if (this.#buffered === BUFFER_SAMPLES) this.flush();
    }
  }

  flush(): void {
    if (this.#buffered === 0) return;
    const bytes = Buffer.from(this.#buffer.buffer, 0, this.#buffered * BYTES_PER_SAMPLE);
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#fd, bytes, written, bytes.length - written);
    this.writtenSamples += this.#buffered;
    this.#buffered = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  /** Closes without writing what waits. */
  abandon(): void {
    closeSync(this.#fd);
  }
}

interface OpenPart {
  readonly part: AudioPart;
  readonly file: RawFile;
}

export class RecordingFiles {
  readonly #dir: string;
  readonly #content: RecordingContent;
  readonly #partId: (number: number) => string;
  readonly #onFailure: (error: unknown) => void;
  readonly #open = new Map<number, OpenPart>();
  #mixed: RawFile | undefined;
  #failed = false;

  /** `onFailure` is called once, with what the disk said; it may be called from here. */
  constructor(
    dir: string,
    content: RecordingContent,
    partId: (number: number) => string,
    onFailure: (error: unknown) => void,
  ) {
    this.#dir = dir;
    this.#content = content;
    this.#partId = partId;
    this.#onFailure = onFailure;
  }

  /** Audio of a participant; a gap since the last begins a new part. Returns whether it did. */
  append(participant: Participant, startSample: number, pcm: Int16Array): boolean {
    return this.#try(() => this.#append(participant, startSample, pcm)) ?? false;
  }

  appendMixed(pcm: Int16Array): void {
    this.#try(() => {
      this.#mixed ??= this.#create(MIXED_FILE);
      this.#mixed.append(pcm);
      this.#content.mixedSamples += pcm.length;
    });
  }

  /** Puts on disk what is in memory. */
  flush(): void {
    this.#try(() => {
      for (const { file } of this.#open.values()) file.flush();
      this.#mixed?.flush();
    });
  }

  close(): void {
    this.#try(() => {
      for (const [id, { file }] of [...this.#open]) {
        file.close();
        this.#open.delete(id);
      }
      this.#mixed?.close();
      this.#mixed = undefined;
    });
  }

  #append(participant: Participant, startSample: number, pcm: Int16Array): boolean {
    let open = this.#open.get(participant.id);
    const begins = open === undefined || open.part.startSample + open.part.samples !== startSample;
    if (open === undefined || begins) {
      open?.file.close();
      this.#open.delete(participant.id);
      const number = this.#content.audioParts.length + 1;
      const part: AudioPart = {
        id: this.#partId(number),
        participant,
        startSample,
        samples: 0,
        file: `${number}-${participant.id}.raw`,
      };
      open = { part, file: this.#create(part.file) };
      this.#content.audioParts.push(part);
      this.#open.set(participant.id, open);
    }
    open.file.append(pcm);
    open.part.samples += pcm.length;
    return begins;
  }

  /** The folder comes with its first file: a recording without audio wants nothing of the disk. */
  #create(name: string): RawFile {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    return new RawFile(join(this.#dir, name));
  }

  #try<Result>(use: () => Result): Result | undefined {
    if (this.#failed) return undefined;
    try {
      return use();
    } catch (error) {
      this.#failed = true;
      this.#abandon();
      this.#onFailure(error);
      return undefined;
    }
  }

  /** What has been written stays; what waits is lost, and the content says so. */
  #abandon(): void {
    for (const { part, file } of this.#open.values()) {
      part.samples = file.writtenSamples;
      quietly(() => file.abandon());
    }
    this.#open.clear();
    if (this.#mixed === undefined) return;
    const { writtenSamples } = this.#mixed;
    this.#content.mixedSamples = writtenSamples;
    quietly(() => this.#mixed?.abandon());
    this.#mixed = undefined;
  }
}

/** A descriptor that cannot be closed is no news after the first error. */
function quietly(close: () => void): void {
  try {
    close();
  } catch {}
}
