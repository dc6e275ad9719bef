/**
 * Everybody's audio of a recording that is over, from its files: the mix where one was kept, else the separate audio, mixed.
 * A piece of it is in memory, however long it is.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Mixer } from '../../emulator/mixer.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../../protocol/pcm.ts';
import { MIXED_FILE } from './recording-files.ts';
import type { AudioPart, RecordingRecord } from './records.ts';

/** A quarter of a second. */
const PIECE_SAMPLES = SAMPLE_RATE / 4;

/** Samples of the mix: as long as what was kept of it, or as long as the recording ran, pauses and all. */
export function mixSamples({ content, startedAt, completedAt }: RecordingRecord): number {
  if (content.mixedSamples > 0) return content.mixedSamples;
  const ranMs = Date.parse(completedAt ?? startedAt) - Date.parse(startedAt);
  const heard = content.audioParts.reduce(
    (end, { startSample, samples }) => Math.max(end, startSample + samples),
    0,
  );
  return Math.max(heard, Math.round((ranMs * SAMPLE_RATE) / 1_000));
}

/** The samples of a piece are valid until the next. Rejects with what the disk says. */
export async function* recordedMix(dir: string, recording: RecordingRecord): AsyncGenerator<Int16Array> {
  const { content } = recording;
  const total = mixSamples(recording);
  const parts: readonly Pick<AudioPart, 'file' | 'startSample' | 'samples'>[] =
    content.mixedSamples > 0
      ? [{ file: MIXED_FILE, startSample: 0, samples: content.mixedSamples }]
      : [...content.audioParts].sort((a, b) => a.startSample - b.startSample);
  const mixer = new Mixer(PIECE_SAMPLES);
  const handles = new Map<string, FileHandle>();
  const piece = new Int16Array(PIECE_SAMPLES);
  const read = new Int16Array(PIECE_SAMPLES);
  try {
    let first = 0;
    for (let at = 0; at < total; at += PIECE_SAMPLES) {
      const end = Math.min(total, at + PIECE_SAMPLES);
      for (let index = first; index < parts.length && parts[index]!.startSample < end; index++) {
        const { file, startSample, samples } = parts[index]!;
        const from = Math.max(at, startSample);
        const to = Math.min(end, startSample + samples);
        if (to <= from) continue;
        if (!handles.has(file)) handles.set(file, await open(join(dir, file)));
        const into = read.subarray(0, to - from);
        const bytes = Buffer.from(into.buffer, 0, into.length * BYTES_PER_SAMPLE);
        const { bytesRead } = await handles
          .get(file)!
          .read(bytes, 0, bytes.length, (from - startSample) * BYTES_PER_SAMPLE);
        mixer.add(from, into.subarray(0, Math.floor(bytesRead / BYTES_PER_SAMPLE)));
        if (to < startSample + samples) continue;
        await handles.get(file)!.close();
        handles.delete(file);
      }
      while (first < parts.length && parts[first]!.startSample + parts[first]!.samples <= end) first++;
      const mixed = piece.subarray(0, end - at);
      mixer.read(mixed);
      yield mixed;
    }
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}
