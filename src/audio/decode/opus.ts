/** Ogg Opus (RFC 7845) of one or two channels by libopus, at the rate of what is sent: Opus itself has none. */
import { setImmediate } from 'node:timers/promises';
import type { OpusDecoder } from 'opus-decoder';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { type Decoded, DecodedSamples, isTrap, MAX_ERRORS, quietly, undecodable } from './decoded.ts';
import { OggStream } from './ogg.ts';

/** Positions and the samples to leave out count at this rate, whatever the decoder's. */
const OPUS_RATE = 48_000;
/** Decoded before others get their turn: about four seconds. */
const PACKETS_AT_ONCE = 200;
/** A packet has at most so many seconds. */
const MAX_PACKET_SECONDS = 0.12;
/** 256 kbit/s for that long. */
const MAX_PACKET_BYTES = 3_840;

interface OpusHead {
  readonly channels: 1 | 2;
  /** Samples at 48 kHz before the audio. */
  readonly preSkip: number;
  readonly gain: number;
}

/** `path` is for errors. Throws an `AudioError`: `audio_undecodable`, `audio_too_long`. */
export async function decodeOpus(bytes: Uint8Array, path: string, maxBytes: number): Promise<Decoded> {
  const stream = new OggStream(bytes);
  const packets = stream.packets();
  const head = readHead(packets.next().value ?? new Uint8Array(0));
  if (typeof head === 'string') throw undecodable(path, head);
  // The tags.
  packets.next();
  const { OpusDecoder } = await import('opus-decoder');
  const decoder = new OpusDecoder({ sampleRate: SAMPLE_RATE, channels: head.channels });
  await decoder.ready;
  const collected = new DecodedSamples(path, maxBytes);
  let count = 0;
  let lost = 0;
  try {
    for (const packet of packets) {
      count++;
      lost += decodePacket(decoder, packet, collected, head.gain) ? 0 : 1;
      if (lost >= MAX_ERRORS) break;
      if (count % PACKETS_AT_ONCE === 0) await setImmediate();
    }
  } catch (error) {
    if (!isTrap(error)) throw error;
    lost++;
  } finally {
    quietly(() => decoder.free());
  }
  if (count > 0 && collected.length === 0) throw undecodable(path, 'none of its packets is Opus');
  return {
    samples: trimmed(collected.all(), head, stream),
    sampleRate: SAMPLE_RATE,
    channels: head.channels,
    damage: lost > 0 ? `${lost} of its first ${count} packets are not Opus` : stream.damage,
  };
}

/** Whether there was something to decode in it. */
function decodePacket(
  decoder: OpusDecoder<typeof SAMPLE_RATE>,
  packet: Uint8Array,
  into: DecodedSamples,
  gain: number,
): boolean {
  // The library has no room for it, and Opus neither.
  if (packet.length > MAX_PACKET_BYTES) return false;
  const { channelData, samplesDecoded, errors } = quietly(() => decoder.decodeFrame(packet));
  into.add(channelData, samplesDecoded, gain);
  return errors.length === 0;
}

/** Without what the encoder put before the audio, and what fills up the last packet: the end says with how much. */
function trimmed(samples: Int16Array, { channels, preSkip }: OpusHead, stream: OggStream): Int16Array {
  const native = (at48k: number): number => Math.round((at48k * SAMPLE_RATE) / OPUS_RATE) * channels;
  const audio = samples.subarray(native(preSkip));
  const length = native(Number(stream.granule) - preSkip);
  const surplus = audio.length - length;
  const isFilledUp = stream.hasEnd && surplus > 0 && surplus <= MAX_PACKET_SECONDS * SAMPLE_RATE * channels;
  return isFilledUp ? audio.subarray(0, length) : audio;
}

/** What is wrong with it, when it cannot be used. */
function readHead(packet: Uint8Array): OpusHead | string {
  const text = Buffer.from(packet.subarray(0, 8)).toString('latin1');
  if (text !== 'OpusHead' || packet.length < 19) return 'its Opus header is damaged';
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channels = view.getUint8(9);
  if (view.getUint8(18) !== 0 || (channels !== 1 && channels !== 2)) return 'it has more than two channels';
  return { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / 256 / 20) };
}
