/** Reads what tests hold in their hands (messages as text or parsed, single or many) as audio frames. */
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { SAMPLE_RATE, samplesOf } from '../protocol/pcm.ts';

/** One frame of audio as a receiver sees it. */
export interface ReceivedFrame {
  readonly recordingId: string;
  readonly participantId: number;
  readonly name: string | null;
  /** Seconds since the recording started. */
  readonly relative: number;
  readonly startSample: number;
  readonly pcm: Int16Array;
  /** Number of the connection it came over, where that is known. */
  readonly connection: number | undefined;
}

/** The frame of an `audio_separate_raw.data` event; undefined for any other value. */
export function frameOf(value: unknown, connection?: number): ReceivedFrame | undefined {
  const event = (typeof value === 'string' ? parsed(value) : value) as AudioSeparateRawData | undefined;
  if (event?.event !== 'audio_separate_raw.data') return undefined;
  const { buffer, timestamp, participant } = event.data.data;
  return {
    recordingId: event.data.recording.id,
    participantId: participant.id,
    name: participant.name,
    relative: timestamp.relative,
    startSample: Math.round(timestamp.relative * SAMPLE_RATE),
    pcm: samplesOf(Buffer.from(buffer, 'base64')),
    connection,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
