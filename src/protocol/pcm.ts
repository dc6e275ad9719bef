/** The one audio format on the wire: mono signed 16-bit little-endian PCM at 16 kHz (Recall's `audio_separate_raw`). */

/** Samples per second on the wire. */
export const SAMPLE_RATE = 16_000;

/** Bytes per sample on the wire (S16LE). */
export const BYTES_PER_SAMPLE = 2;
