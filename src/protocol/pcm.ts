/** The one audio format on the wire: mono signed 16-bit little-endian PCM at 16 kHz (Recall's `audio_separate_raw`). */

/** Samples per second on the wire. */
export const SAMPLE_RATE = 16_000;

/** Bytes per sample on the wire (S16LE). */
export const BYTES_PER_SAMPLE = 2;

/** As messages carry it. S16LE is how every platform that Node supports in practice holds an Int16Array. */
export function base64Of(pcm: Int16Array | Uint8Array): string {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
}

/**
 * S16LE bytes as samples: a view when the bytes have their memory to themselves, else a copy. Small buffers of Node share
 * theirs, and memory that is shared tells nobody which audio it holds. Half a sample at the end is left out.
 */
export function samplesOf(bytes: Uint8Array): Int16Array {
  return sampleView(bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
}

/** The same, as a view wherever alignment allows: for large buffers that nobody writes to any more. */
export function sampleView(bytes: Uint8Array): Int16Array {
  const length = Math.floor(bytes.byteLength / BYTES_PER_SAMPLE);
  if (bytes.byteOffset % BYTES_PER_SAMPLE === 0)
    return new Int16Array(bytes.buffer, bytes.byteOffset, length);
  return new Int16Array(new Uint8Array(bytes.subarray(0, length * BYTES_PER_SAMPLE)).buffer);
}
