/**
 * Writes `audio_separate_raw.data` and `video_separate_png.data` messages as whole WebSocket frames. What never changes within
 * a stream is serialised once; per frame only `buffer`, `relative` and `absolute` are written. The JSON is byte for byte what
 * `JSON.stringify` of the schema's object gives. Does not send anything.
 */

import type { AudioSource } from '../audio/source.ts';
import type { Participant } from '../protocol/participant.ts';
import { BYTES_PER_SAMPLE, base64Of } from '../protocol/pcm.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import { type AbsoluteFormat, sampleToMicros } from '../protocol/timestamp.ts';
import type { VideoType } from '../protocol/video-separate-png.ts';
import { type Encoder, type FrameContent, samplesAt } from './media.ts';
import { MAX_STAMP_BYTES, writeAbsolute, writeRelative } from './timestamp-bytes.ts';

/** What all messages of one stream to one endpoint have in common, whatever its medium. */
export interface StreamContext {
  readonly participant: Participant;
  readonly realtimeEndpoint: ResourceRef;
  readonly recording: ResourceRef;
  /** Left out of the message when undefined; `null` is written for recordings without a bot. */
  readonly bot?: ResourceRef | null | undefined;
  /** When the recording started, in microseconds since the epoch. */
  readonly startMicros: number;
  readonly absoluteFormat: AbsoluteFormat;
}

export interface AudioContext extends StreamContext {
  readonly audioSeparate: ResourceRef;
}

export interface VideoContext extends StreamContext {
  readonly videoSeparate: ResourceRef;
  readonly type: VideoType;
}

/**
 * One buffer that every encoder of a process writes into, because the kernel takes a frame as it is written nearly
 * always. Whoever keeps the bytes longer calls `release()`, and the next frame gets a new buffer.
 */
export class Scratch {
  #buffer: Buffer = Buffer.allocUnsafeSlow(0);
  /** What was handed out last. Frames are of the same length nearly always, and a view takes longer to make than to fill. */
  #taken: Buffer = this.#buffer;

  /** That many bytes, with anything in them. */
  take(bytes: number): Buffer {
    if (this.#taken.length === bytes) return this.#taken;
    // Little more than asked for, because a slow receiver's backlog is made of such buffers.
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes + 256);
    this.#taken = this.#buffer.subarray(0, bytes);
    return this.#taken;
  }

  /** The bytes handed out last are in use elsewhere: never write over them. */
  release(): void {
    this.#buffer = Buffer.allocUnsafeSlow(0);
    this.#taken = this.#buffer;
  }
}

/** Longer frames are not kept: a place and a length share one number as their key. */
const MAX_KEPT_SAMPLES = 2 ** 20;

/**
 * Base64 of audio that many streams share (one fixture, a thousand participants): encoded once, then copied. Keyed by source
 * and place, which cannot change. An array of samples is no key, because readers fill the same array again and again.
 */
export class Base64Cache {
  readonly #bySource = new WeakMap<AudioSource, KeptBase64>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** Keeps at most `maxBytes` of base64; what comes later is encoded each time. */
  constructor(maxBytes = 64 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** The base64 of a source, by place; the same for as long as the source is in memory. */
  of(source: AudioSource): KeptBase64 {
    let kept = this.#bySource.get(source);
    if (kept === undefined) {
      kept = new Map();
      this.#bySource.set(source, kept);
    }
    return kept;
  }

  /** The base64 of what stands at this place of a source, whose `kept` is. Undefined when there is no room for it. */
  get(kept: KeptBase64, source: AudioSource, offset: number, samples: number): Buffer | undefined {
    if (samples >= MAX_KEPT_SAMPLES) return undefined;
    const key = offset * MAX_KEPT_SAMPLES + samples;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const size = base64Length(samples * BYTES_PER_SAMPLE);
    if (this.#bytes + size > this.#maxBytes) return undefined;
    const encoded = Buffer.from(base64Of(samplesAt(source, offset, samples)), 'latin1');
    this.#bytes += size;
    kept.set(key, encoded);
    return encoded;
  }
}

/** By place and length in one number. */
type KeptBase64 = Map<number, Buffer>;

const AUDIO_HEAD = headOf('audio_separate_raw.data');
const VIDEO_HEAD = headOf('video_separate_png.data');
const AFTER_BUFFER = Buffer.from('","timestamp":{"relative":', 'latin1');
const AFTER_RELATIVE = Buffer.from(',"absolute":"', 'latin1');
/** What stands between the base64 and the tail is put together here, because its length depends on what is in it. */
const STAMP = Buffer.alloc(AFTER_BUFFER.length + AFTER_RELATIVE.length + MAX_STAMP_BYTES);
AFTER_BUFFER.copy(STAMP);
/** FIN and opcode 1: one unfragmented text message (RFC 6455 §5.2). */
const FIN_TEXT = 0x81;
/** FIN and opcode 2: one unfragmented binary message. */
const FIN_BINARY = 0x82;
const MASK_BIT = 0x80;

export class FrameEncoder implements Encoder<FrameContent> {
  readonly #startMicros: number;
  readonly #absoluteFormat: AbsoluteFormat;
  readonly #head: Buffer;
  readonly #tail: Buffer;
  readonly #scratch: Scratch;
  readonly #cache: Base64Cache | undefined;
  /** Of the source that the last frame came from: a stream stays with one for long. */
  #source: AudioSource | undefined;
  #bufferAt = 0;
  #kept: KeptBase64 | undefined;

  constructor(context: AudioContext | VideoContext, scratch: Scratch, cache?: Base64Cache) {
    this.#startMicros = context.startMicros;
    this.#absoluteFormat = context.absoluteFormat;
    this.#scratch = scratch;
    this.#cache = cache;
    const { realtimeEndpoint, recording, bot } = context;
    const participant = writableParticipant(context.participant);
    const isVideo = 'videoSeparate' in context;
    const artifact = isVideo
      ? { video_separate: writableRef(context.videoSeparate) }
      : { audio_separate: writableRef(context.audioSeparate) };
    const rest = JSON.stringify(isVideo ? { type: context.type, participant } : { participant });
    const references = JSON.stringify({
      realtime_endpoint: writableRef(realtimeEndpoint),
      ...artifact,
      recording: writableRef(recording),
      bot: bot == null ? bot : writableRef(bot),
    });
    this.#head = isVideo ? VIDEO_HEAD : AUDIO_HEAD;
    // What follows the timestamp closes the inner `data`; the references stand beside it.
    this.#tail = Buffer.from(`"},${rest.slice(1)},${references.slice(1)}}`, 'utf8');
  }

  /** The whole WebSocket frame (client to server) of the message whose content stands at `startSample`. The bytes stay valid until the next `encode` that shares the scratch, unless `Scratch.release()` is called. */
  encode(startSample: number, content: FrameContent): Buffer {
    const length = base64Length(content.byteLength);
    const out = this.#begin(startSample, length);
    out.write(base64Of(content), this.#bufferAt, 'latin1');
    return out;
  }

  encodeAt(startSample: number, source: AudioSource, offset: number, samples: number): Buffer {
    const base64 = this.#cache?.get(this.#keptOf(source), source, offset, samples);
    if (base64 === undefined) return this.encode(startSample, samplesAt(source, offset, samples));
    const out = this.#begin(startSample, base64.length);
    out.set(base64, this.#bufferAt);
    return out;
  }

  #keptOf(source: AudioSource): KeptBase64 {
    if (this.#source !== source || this.#kept === undefined) {
      this.#source = source;
      this.#kept = this.#cache!.of(source);
    }
    return this.#kept;
  }

  /** The frame with all but the base64, which belongs at `#bufferAt`. */
  #begin(startSample: number, base64Bytes: number): Buffer {
    const head = this.#head;
    const tail = this.#tail;
    const stamp = STAMP;
    let stampBytes = writeRelative(stamp, AFTER_BUFFER.length, startSample);
    stamp.set(AFTER_RELATIVE, stampBytes);
    const micros = this.#startMicros + sampleToMicros(startSample);
    stampBytes = writeAbsolute(stamp, stampBytes + AFTER_RELATIVE.length, micros, this.#absoluteFormat);
    const payloadBytes = head.length + base64Bytes + stampBytes + tail.length;
    const headerBytes = payloadBytes < 126 ? 6 : payloadBytes < 65_536 ? 8 : 14;

    const out = this.#scratch.take(headerBytes + payloadBytes);
    writeHeader(out, payloadBytes);
    out.set(head, headerBytes);
    this.#bufferAt = headerBytes + head.length;
    const after = this.#bufferAt + base64Bytes;
    for (let index = 0; index < stampBytes; index++) out[after + index] = stamp[index]!;
    out.set(tail, after + stampBytes);
    return out;
  }
}

/** The JSON text inside a frame that `FrameEncoder.encode` made. */
export function framePayload(frame: Buffer): Buffer {
  const short = frame[1]! & 0x7f;
  return frame.subarray(short === 126 ? 8 : short === 127 ? 14 : 6);
}

/** Any JSON text as a whole WebSocket frame. For the messages that are no frames of a stream. */
export function textFrame(json: string): Buffer {
  const payloadBytes = Buffer.byteLength(json);
  const headerBytes = payloadBytes < 126 ? 6 : payloadBytes < 65_536 ? 8 : 14;
  const out = Buffer.allocUnsafe(headerBytes + payloadBytes);
  writeHeader(out, payloadBytes);
  out.write(json, headerBytes);
  return out;
}

/** Bytes as a whole binary message (RFC 6455 §5.6). */
export function binaryFrame(bytes: Buffer): Buffer {
  const out = fragmentFrame(bytes, { isFirst: true, isLast: true });
  out[0] = FIN_BINARY;
  return out;
}

/** A part of a text message as a WebSocket frame: the first has the opcode, the last the FIN bit (RFC 6455 §5.4). */
export function fragmentFrame(
  part: Buffer,
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): Buffer {
  const headerBytes = part.length < 126 ? 6 : part.length < 65_536 ? 8 : 14;
  const out = Buffer.allocUnsafe(headerBytes + part.length);
  writeHeader(out, part.length);
  out[0] = (isLast ? FIN_TEXT & 0xf0 : 0) | (isFirst ? FIN_TEXT & 0x0f : 0);
  out.set(part, headerBytes);
  return out;
}

/**
 * A client's frames must be masked (RFC 6455 §5.3). The key is zero: valid on the wire, unmasked by every receiver like
 * any other, and the payload needs no pass over its bytes. Masking protects caches from browsers, which we are not.
 */
function writeHeader(out: Buffer, payloadBytes: number): void {
  out[0] = FIN_TEXT;
  let at: number;
  if (payloadBytes < 126) {
    out[1] = MASK_BIT | payloadBytes;
    at = 2;
  } else if (payloadBytes < 65_536) {
    out[1] = MASK_BIT | 126;
    out[2] = payloadBytes >>> 8;
    out[3] = payloadBytes & 0xff;
    at = 4;
  } else {
    out[1] = MASK_BIT | 127;
    out.writeBigUInt64BE(BigInt(payloadBytes), 2);
    at = 10;
  }
  out[at] = 0;
  out[at + 1] = 0;
  out[at + 2] = 0;
  out[at + 3] = 0;
}

/** Padded base64 takes four characters for every three bytes begun. */
function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

function headOf(event: string): Buffer {
  return Buffer.from(`{"event":"${event}","data":{"data":{"buffer":"`, 'latin1');
}

/** Key order as in the documented message; unknown fields of a captured participant are kept behind. */
function writableParticipant(participant: Participant): object {
  const { id, name, is_host, platform, extra_data, email, ...others } = participant;
  return { id, name, is_host, platform, extra_data, email, ...others };
}

function writableRef({ id, metadata }: ResourceRef): object {
  return { id, metadata };
}
