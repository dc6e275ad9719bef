/**
 * Receives Recall.ai's separate real-time audio: one WAV per participant, in which everything stands where its timestamp says.
 * Nothing is remembered between two messages, so that it does not matter over how many connections the audio comes, in which
 * order, how often, or which connection is lost; and a day of meetings needs no more memory than one.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HEADER_BYTES, wavHeader } from './wav.ts';

export const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
/** Positions beyond this are a mistake, not a meeting. */
const MAX_SECONDS = 12 * 3_600;

interface Audio {
  readonly recordingId: string;
  readonly participantId: number;
  readonly startSample: number;
  /** S16LE, of any length. */
  readonly pcm: Buffer;
}

export class Receiver {
  readonly #folder: string;
  /** Messages that were not what they should be. */
  rejected = 0;

  /** Writes `{folder}/{recording id}/{participant id}.wav`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A connection has opened: who handles it. */
  connect(): { message(text: string): void; close(code: number): void } {
    return {
      message: (text) => this.#onMessage(text),
      // A close ends a connection, not a track: the same participant may come back, and others are still there.
      close: () => {},
    };
  }

  /** S16LE from the start of the recording to the participant's last sample; undefined for whom nobody has heard. */
  audio(participantId: number, recordingId: string): Buffer | undefined {
    try {
      return readFileSync(this.#file(recordingId, participantId)).subarray(HEADER_BYTES);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Throws what the disk says. */
  #onMessage(text: string): void {
    const audio = readAudio(text);
    if (audio === 'unusable') this.rejected++;
    else if (audio !== 'other') write(this.#file(audio.recordingId, audio.participantId), audio);
  }

  /** By id: names may be the same, null, or change, and they are no names of files. */
  #file(recordingId: string, participantId: number): string {
    return join(this.#folder, recordingId, `${participantId}.wav`);
  }
}

/** What anybody may have sent: everything is looked at before it is used. */
interface Message {
  readonly event?: unknown;
  readonly data?: {
    readonly data?: {
      readonly buffer?: unknown;
      readonly timestamp?: { readonly relative?: unknown } | null;
      readonly participant?: { readonly id?: unknown } | null;
    } | null;
    readonly recording?: { readonly id?: unknown } | null;
  } | null;
}

/** `other`: an event that is not ours, also one that nobody knows yet. */
function readAudio(text: string): Audio | 'other' | 'unusable' {
  let message: Message | null;
  try {
    message = JSON.parse(text);
  } catch {
    return 'unusable';
  }
  if (typeof message?.event !== 'string') return 'unusable';
  if (message.event !== 'audio_separate_raw.data') return 'other';
  const media = message.data?.data;
  const recordingId = message.data?.recording?.id;
  const participantId = media?.participant?.id;
  const seconds = media?.timestamp?.relative;
  const pcm = pcmOf(media?.buffer);
  // Both ids become a path. Those of participants are whole numbers of up to 53 bits.
  if (typeof recordingId !== 'string' || !/^[\w-]{1,64}$/.test(recordingId)) return 'unusable';
  if (typeof participantId !== 'number' || !Number.isSafeInteger(participantId) || participantId < 0)
    return 'unusable';
  if (typeof seconds !== 'number' || seconds < 0 || seconds >= MAX_SECONDS || pcm === undefined)
    return 'unusable';
  return { recordingId, participantId, startSample: Math.round(seconds * SAMPLE_RATE), pcm };
}

function pcmOf(base64: unknown): Buffer | undefined {
  // Buffer.from takes anything and leaves out what is not base64.
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    return undefined;
  const pcm = Buffer.from(base64, 'base64');
  return pcm.length % BYTES_PER_SAMPLE === 0 ? pcm : undefined;
}

/**
 * The timestamp is that of the first sample. What lies before it and was never written is read as zeros: the silence of a
 * mute. A message that comes twice writes the same bytes to the same place. The file is complete after each.
 */
function write(file: string, { startSample, pcm }: Audio): void {
  mkdirSync(dirname(file), { recursive: true });
  // No flag of fopen means "for writing, as it is, made if it is not there".
  const handle = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o644);
  try {
    writeSync(handle, pcm, 0, pcm.length, HEADER_BYTES + startSample * BYTES_PER_SAMPLE);
    const dataBytes = fstatSync(handle).size - HEADER_BYTES;
    writeSync(handle, wavHeader(dataBytes, SAMPLE_RATE), 0, HEADER_BYTES, 0);
  } finally {
    closeSync(handle);
  }
}
