/** Writes a still picture of any length as MP4, with frames of MP3 for its sound or without. The muxer is mediabunny. */
import { PICTURE_SIZE } from '../protocol/video-separate-png.ts';
import { STILL_CODEC, stillOf } from './still.ts';
import type { Card } from './title-card.ts';

/** A picture a second: players seek by pictures. */
const SECONDS = 1;
/** Pictures from one that can be decoded by itself to the next; these are large. */
const KEY_EVERY = 300;

/** MP3 in frames of one length. */
export interface Sound {
  readonly sampleRate: number;
  /** Seconds of a frame. */
  readonly frameSeconds: number;
  /** Seconds that a decoder puts before the audio: they are not played. */
  readonly delaySeconds: number;
  readonly frames: number;
  /** All of them, one after the other. */
  read(): AsyncIterable<Uint8Array>;
}

export interface Movie {
  readonly card: Card;
  readonly durationSeconds: number;
  readonly sound?: Sound | undefined;
}

/** Rejects with what the disk says. */
export async function writeMp4(path: string, { card, durationSeconds, sound }: Movie): Promise<void> {
  const {
    EncodedAudioPacketSource,
    EncodedPacket,
    EncodedVideoPacketSource,
    FilePathTarget,
    Mp4OutputFormat,
    Output,
  } = await import('mediabunny');
  const pictures = Math.max(1, Math.ceil(durationSeconds / SECONDS));
  const output = new Output({
    // The index stands before the media: what plays while it loads needs it first.
    format: new Mp4OutputFormat({ fastStart: 'reserve' }),
    target: new FilePathTarget(path),
  });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video, { maximumPacketCount: pictures });
  const audio = sound && new EncodedAudioPacketSource('mp3');
  if (audio !== undefined) output.addAudioTrack(audio, { maximumPacketCount: sound!.frames });
  await output.start();
  const still = stillOf(card);
  const showUntil = async (from: number, second: number): Promise<number> => {
    let picture = from;
    for (; picture < pictures && picture * SECONDS <= second; picture++) {
      const start = picture * SECONDS;
      const number = picture % KEY_EVERY;
      const packet = new EncodedPacket(
        number === 0 ? still.key : still.repeat(number),
        number === 0 ? 'key' : 'delta',
        start,
        Math.max(0, Math.min(SECONDS, durationSeconds - start)),
      );
      await video.add(packet, {
        decoderConfig: {
          codec: STILL_CODEC,
          codedWidth: PICTURE_SIZE.width,
          codedHeight: PICTURE_SIZE.height,
          description: still.description,
        },
      });
    }
    return picture;
  };
  let shown = 0;
  try {
    let second = -(sound?.delaySeconds ?? 0);
    for await (const frame of sound?.read() ?? []) {
      shown = await showUntil(shown, second);
      const decoderConfig = { codec: 'mp3', numberOfChannels: 1, sampleRate: sound!.sampleRate };
      await audio!.add(new EncodedPacket(frame, 'key', second, sound!.frameSeconds), { decoderConfig });
      second += sound!.frameSeconds;
    }
    await showUntil(shown, Number.POSITIVE_INFINITY);
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
}
