/**
 * Receives Recall.ai's separate real-time audio: one PCM track per participant, in which everything stands where its
 * timestamp says. State is kept by recording and participant and never by socket, so that it does not matter over how many
 * connections the audio comes, or which of them is lost.
 */

export const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
/** Positions beyond this are a mistake, not a meeting. */
const MAX_SECONDS = 12 * 3_600;

/** A participant's audio: S16LE bytes from the start of the recording on. */
interface Track {
  name: string | null;
  bytes: Buffer;
  /** How much of `bytes` is in use. */
  length: number;
}

interface AudioMessage {
  event: string;
  data: {
    data: {
      buffer: string;
      timestamp: { relative: number };
      participant: { id: number; name: string | null };
    };
    recording: { id: string };
  };
}

export class Receiver {
  readonly #recordings = new Map<string, Map<number, Track>>();
  /** Messages that were not what they should be. */
  rejected = 0;

  /** A connection has opened: who handles it. */
  connect(): { message(text: string): void; close(code: number): void } {
    return {
      message: (text) => this.#onMessage(text),
      // A close ends a connection, not a track: the same participant may come back, and others are still there.
      close: () => {},
    };
  }

  /** S16LE from the start of the recording to the participant's last sample. */
  audio(participantId: number, recordingId: string): Buffer | undefined {
    const track = this.#recordings.get(recordingId)?.get(participantId);
    return track?.bytes.subarray(0, track.length);
  }

  /** Everybody who has been heard in a recording. */
  participants(recordingId: string): { id: number; name: string | null }[] {
    return [...(this.#recordings.get(recordingId) ?? [])].map(([id, { name }]) => ({ id, name }));
  }

  recordingIds(): string[] {
    return [...this.#recordings.keys()];
  }

  #onMessage(text: string): void {
    const message = parse(text);
    if (message === undefined) {
      this.rejected++;
      return;
    }
    if (message.event !== 'audio_separate_raw.data') return;
    const { buffer, timestamp, participant } = message.data.data;
    const track = this.#track(message.data.recording.id, participant.id);
    track.name = participant.name;
    const pcm = Buffer.from(buffer, 'base64');
    // The timestamp is that of the first sample. What lies between the end of the track and it was a mute: the buffer is
    // made of zeros, which is silence. A message that comes twice writes the same bytes to the same place.
    const start = Math.round(timestamp.relative * SAMPLE_RATE) * BYTES_PER_SAMPLE;
    const end = start + pcm.length;
    if (end > track.bytes.length) track.bytes = grown(track.bytes, end);
    pcm.copy(track.bytes, start);
    track.length = Math.max(track.length, end);
  }

  #track(recordingId: string, participantId: number): Track {
    let tracks = this.#recordings.get(recordingId);
    if (tracks === undefined) {
      tracks = new Map();
      this.#recordings.set(recordingId, tracks);
    }
    // By id: names may be the same, null, or change.
    let track = tracks.get(participantId);
    if (track === undefined) {
      track = { name: null, bytes: Buffer.alloc(64 * 1024), length: 0 };
      tracks.set(participantId, track);
    }
    return track;
  }
}

/** A message that can be used, or undefined. */
function parse(text: string): AudioMessage | undefined {
  let message: AudioMessage;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message?.event !== 'string') return undefined;
  if (message.event !== 'audio_separate_raw.data') return message;
  const { buffer, timestamp, participant } = message.data?.data ?? {};
  const valid =
    typeof buffer === 'string' &&
    /^[A-Za-z0-9+/]*={0,2}$/.test(buffer) &&
    typeof timestamp?.relative === 'number' &&
    timestamp.relative >= 0 &&
    timestamp.relative < MAX_SECONDS &&
    typeof participant?.id === 'number' &&
    typeof message.data.recording?.id === 'string';
  return valid ? message : undefined;
}

function grown(bytes: Buffer, needed: number): Buffer {
  const larger = Buffer.alloc(Math.max(needed, bytes.length * 2));
  bytes.copy(larger);
  return larger;
}
