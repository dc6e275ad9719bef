/** What a WAV file is made of, for those who read its header and those who convert its samples. */

/** How samples are written. */
export interface WavFormat {
  readonly encoding: 'int' | 'float';
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
}

/** What a WAV header says, and where its samples are. */
export interface WavLayout extends WavFormat {
  readonly dataOffset: number;
  readonly dataBytes: number;
}

/** Up to `length` bytes of a file from `position` on; fewer only at its end. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array> | Uint8Array;
