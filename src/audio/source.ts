/**
 * A source of samples: what a participant's audio is made of. Sources are immutable descriptions; `open()` gives a
 * reader with a position. Long sources (synthesised or on disk) stay small in memory because readers are sequential.
 */
import { SAMPLE_RATE } from '../protocol/pcm.ts';

/** Reads a source from its first sample to its last, in order. */
export interface AudioReader {
  /**
   * Fills the whole of `into` with the next samples (S16LE values, mono, 16 kHz).
   * Asking for more samples than are left is a defect of the caller and throws a `RangeError`.
   */
  read(into: Int16Array): void;
  /** Frees what the reader holds (a file handle). Safe to call twice. */
  close(): void;
}

/** Mono 16 kHz audio of a known length. */
export interface AudioSource {
  /** Length in samples at 16 kHz. */
  readonly samples: number;
  /** The samples themselves, when the whole source is in memory. They never change, so encoders may keep what they derive. */
  readonly pcm?: Int16Array | undefined;
  /** A new reader at sample 0. Every reader of a source yields the same samples, however they are chunked. */
  open(): AudioReader;
}

/** A source over samples that are already in memory. The array is used as it is, not copied. */
export function pcmSource(pcm: Int16Array): AudioSource {
  return {
    samples: pcm.length,
    pcm,
    open() {
      let position = 0;
      return {
        read(into) {
          if (position + into.length > pcm.length) {
            throw new RangeError(`read past the end: ${position} + ${into.length} of ${pcm.length} samples`);
          }
          into.set(pcm.subarray(position, position + into.length));
          position += into.length;
        },
        close() {},
      };
    },
  };
}

/** What is left of a source after its first `skip` samples. Readers go over what is skipped once, when they are first used. */
export function offsetSource(source: AudioSource, skip: number): AudioSource {
  if (skip === 0) return source;
  if (source.pcm !== undefined) return pcmSource(source.pcm.subarray(skip));
  return {
    samples: source.samples - skip,
    open() {
      const reader = source.open();
      let toSkip = skip;
      return {
        read(into) {
          const discarded = new Int16Array(Math.min(toSkip, SKIP_CHUNK_SAMPLES));
          while (toSkip > 0) {
            const part = discarded.subarray(0, Math.min(toSkip, discarded.length));
            reader.read(part);
            toSkip -= part.length;
          }
          reader.read(into);
        },
        close: () => reader.close(),
      };
    },
  };
}

const SKIP_CHUNK_SAMPLES = SAMPLE_RATE;

/** Reads all of a source into memory. For short audio and tests. */
export function readAll(source: AudioSource): Int16Array {
  if (source.pcm !== undefined) return source.pcm;
  const pcm = new Int16Array(source.samples);
  const reader = source.open();
  try {
    reader.read(pcm);
  } finally {
    reader.close();
  }
  return pcm;
}
