/**
 * MP3 and MP4 files of a recording. Each is made when it is asked for first, beside the audio that it is made of, and kept. One
 * at a time is made, in pieces between which everything else has its turn: bots that run are not held up.
 */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { MP3_DELAY_SAMPLES, MP3_FRAME_BYTES, MP3_FRAME_SAMPLES, Mp3Encoder } from '../../audio/encode/mp3.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { Sound } from '../../video/mp4.ts';
import { mixSamples, recordedMix } from '../store/recorded-mix.ts';
import type { RecordingRecord } from '../store/records.ts';
import { type VideoPart, videoParts } from './video-parts.ts';

/** Frames of MP3 read at once: some two seconds. */
const FRAMES_AT_ONCE = 64;

type Make = (path: string) => Promise<void>;

export class Renditions {
  readonly #signal: AbortSignal;
  readonly #making = new Map<string, Promise<string>>();
  /** Ends when what is being made is made. */
  #last: Promise<unknown> = Promise.resolve();

  /** `signal`: the server ends, and nothing more is made. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Everybody's audio. Resolves with the path; rejects with what the disk says. */
  audioMixed(dir: string, recording: RecordingRecord): Promise<string> {
    return this.#file(join(dir, 'mixed.mp3'), (path) => this.#writeMp3(path, dir, recording));
  }

  /** A picture of the whole meeting, with everybody's audio. */
  async videoMixed(dir: string, recording: RecordingRecord): Promise<string> {
    const sound = await this.audioMixed(dir, recording);
    const { title, participants } = recording.content;
    return this.#file(join(dir, 'mixed.mp4'), async (path) => {
      const { titleCard } = await import('../../video/title-card.ts');
      const card = titleCard(
        title,
        participants.map(({ name }) => name),
      );
      const durationSeconds = mixSamples(recording) / SAMPLE_RATE;
      await this.#withTrack(sound, async (track) => {
        const { writeMp4 } = await import('../../video/mp4.ts');
        await writeMp4(path, { card, durationSeconds, sound: track });
      });
    });
  }

  /** What somebody's camera or screen showed; as in the vendor's, there is no sound in it. */
  videoSeparate(dir: string, recording: RecordingRecord, part: VideoPart): Promise<string> {
    const index = videoParts(recording).findIndex(({ id }) => id === part.id);
    return this.#file(join(dir, `video-${index + 1}.mp4`), async (path) => {
      const [{ Picture }, { writeMp4 }] = await Promise.all([
        import('../../video/picture.ts'),
        import('../../video/mp4.ts'),
      ]);
      const { id, name } = part.participant;
      const card = new Picture({ id, name, type: part.type, index });
      await writeMp4(path, { card, durationSeconds: part.seconds });
    });
  }

  #file(path: string, make: Make): Promise<string> {
    const running = this.#making.get(path);
    if (running !== undefined) return running;
    const made = this.#last.then(async () => {
      if (!(await exists(path))) await this.#make(path, make);
      return path;
    });
    this.#making.set(path, made);
    const over = (): void => void this.#making.delete(path);
    this.#last = made.then(over, over);
    return made;
  }

  /** What is half made has another name, and goes when the making fails. */
  async #make(path: string, make: Make): Promise<void> {
    const unfinished = `${path}.part`;
    try {
      await make(unfinished);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async #writeMp3(path: string, dir: string, recording: RecordingRecord): Promise<void> {
    const encoder = await Mp3Encoder.create();
    const file = await open(path, 'w', 0o600);
    try {
      // The first frame has its place, and is written when all else is known.
      let position = MP3_FRAME_BYTES;
      const write = async (bytes: Uint8Array): Promise<void> => {
        await writeAll(file, bytes, position);
        position += bytes.length;
      };
      for await (const piece of recordedMix(dir, recording)) {
        await write(encoder.encode(piece));
        await this.#giveWay();
      }
      await write(encoder.finish());
      await writeAll(file, encoder.info(), 0);
    } finally {
      await file.close();
    }
  }

  /** The frames of an MP3 file of ours. */
  async #withTrack(path: string, use: (track: Sound) => Promise<void>): Promise<void> {
    const file = await open(path);
    const giveWay = (): Promise<void> => this.#giveWay();
    try {
      const frames = Math.floor((await file.stat()).size / MP3_FRAME_BYTES) - 1;
      await use({
        sampleRate: SAMPLE_RATE,
        frameSeconds: MP3_FRAME_SAMPLES / SAMPLE_RATE,
        delaySeconds: MP3_DELAY_SAMPLES / SAMPLE_RATE,
        frames,
        async *read() {
          for (let from = 0; from < frames; from += FRAMES_AT_ONCE) {
            const count = Math.min(FRAMES_AT_ONCE, frames - from);
            const bytes = Buffer.alloc(count * MP3_FRAME_BYTES);
            await file.read(bytes, 0, bytes.length, (from + 1) * MP3_FRAME_BYTES);
            for (let frame = 0; frame < count; frame++)
              yield bytes.subarray(frame * MP3_FRAME_BYTES, (frame + 1) * MP3_FRAME_BYTES);
            await giveWay();
          }
        },
      });
    } finally {
      await file.close();
    }
  }

  async #giveWay(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
