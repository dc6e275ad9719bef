/**
 * What a stream needs of its medium: a cursor that walks the frames, and an encoder that makes messages of them. Audio has
 * `FrameCursor`, video `PictureCursor`; both leave through the same stream, pacer, connection and ledger.
 */
import type { AudioSource } from '../audio/source.ts';

/** The content of one frame: samples, or the bytes of a picture. */
export type FrameContent = Int16Array | Uint8Array;

/** A view of samples that stand in a source in memory. */
export function samplesAt(source: AudioSource, offset: number, samples: number): Int16Array {
  return source.pcm!.subarray(offset, offset + samples);
}

/**
 * Walks a stream frame by frame. `startSample` and `samples` tell the current frame; `read()` gives its content and
 * `advance()` goes on. Positions of every medium are on one grid, 16,000 a second since the recording started.
 */
export interface Cursor<Content extends FrameContent> {
  /** Position of the current frame. */
  readonly startSample: number;
  /** How long the current frame lasts. */
  readonly samples: number;
  /** There is no current frame any more. */
  readonly done: boolean;
  /** Position of the stream's end; exclusive. */
  readonly endSample: number;
  /**
   * The source in memory in which the current frame stands whole; undefined when it has to be read. The same place always holds
   * the same samples.
   */
  readonly source: AudioSource | undefined;
  /** Where it stands there, in samples. */
  readonly offset: number;
  /** The current frame's content; valid until the next `read()`. */
  read(): Content;
  /** Goes to the next frame; sets `done` after the last. */
  advance(): void;
  /** Ends the stream at a position, or behind what has been passed already. Returns where it ends. */
  cut(atSample: number): number;
  /** Frees what is open. */
  close(): void;
}

/** Makes the messages of one stream for one endpoint. */
export interface Encoder<Content extends FrameContent> {
  /** The whole WebSocket frame of a message; valid until the next `encode` that shares the scratch. */
  encode(startSample: number, content: Content): Buffer;
  /** The same of audio in memory, which need not be encoded again where its base64 is kept. */
  encodeAt(startSample: number, source: AudioSource, offset: number, samples: number): Buffer;
}
