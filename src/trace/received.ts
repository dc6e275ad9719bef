/** What a receiver got, as a trace keeps it: a meeting for each recording, on the clock of its timestamps. */
import { lengthOfBase64 } from '../protocol/base64.ts';
import { isAudioSeparate, isVideoSeparate, type RealtimeEvent } from '../protocol/events.ts';
import type { Participant } from '../protocol/participant.ts';
import { BYTES_PER_SAMPLE, SAMPLE_RATE, sampleView } from '../protocol/pcm.ts';
import { type AbsoluteFormat, parseAbsolute } from '../protocol/timestamp.ts';
import { PICTURES_PER_SECOND } from '../protocol/video-separate-png.ts';
import type { TraceFile } from './file.ts';
import type { TraceConnection, TraceMeeting } from './format.ts';
import { MeetingTrace } from './meeting.ts';
import { shortened } from './shortened.ts';

/** A longer pause between two frames of a participant is a mute. */
const MUTE_GAP_SAMPLES = SAMPLE_RATE / 20;
/** As the embedded receiver has it: bounds what one sender can make us remember. */
const MAX_PARTICIPANTS = 1_000;
const MAX_RECORDINGS = 1_000;
/** Later audio is a wrong timestamp. */
const MAX_SAMPLE = 24 * 3_600 * SAMPLE_RATE;

/** A connection of a receiver. */
export interface ReceivedConnection {
  readonly number: number;
  /** Seconds on the receiver's clock. */
  readonly openedSeconds: number;
  closedSeconds: number | null;
  closeCode: number | null;
}

interface Stream {
  readonly index: number;
  as: Participant;
  asText: string;
  endSample: number;
  unmuted: boolean;
}

export class ReceivedTrace {
  readonly #file: TraceFile;
  readonly #subtitle: string;
  readonly #recordings = new Map<string, ReceivedRecording>();

  constructor(file: TraceFile, subtitle: string) {
    this.#file = file;
    this.#subtitle = subtitle;
  }

  /** A valid event has come. `atSeconds`: when, on the receiver's clock; undefined where nobody knows. */
  event(event: RealtimeEvent, connection?: ReceivedConnection, atSeconds?: number): void {
    const { id } = event.data.recording;
    let recording = this.#recordings.get(id);
    if (recording === undefined) {
      if (this.#recordings.size >= MAX_RECORDINGS) return;
      recording = new ReceivedRecording(this.#file, headOf(event, this.#subtitle));
      this.#recordings.set(id, recording);
    }
    recording.add(event, connection, atSeconds);
  }

  closed(connection: ReceivedConnection): void {
    for (const recording of this.#recordings.values()) recording.closed(connection);
  }

  /** Nothing more comes. Returns how many recordings there are. */
  close(): number {
    for (const recording of this.#recordings.values()) recording.close();
    this.#file.close();
    return this.#recordings.size;
  }
}

class ReceivedRecording {
  readonly #meeting: MeetingTrace;
  readonly #streams = new Map<number, Stream>();
  readonly #accounts = new Map<string, number>();
  readonly #connections = new Set<ReceivedConnection>();
  /** The receiver's clock at the recording's second 0, if its first frame came in time. */
  #originSeconds: number | undefined;
  #endSample = 0;
  #frames = 0;

  constructor(file: TraceFile, head: TraceMeeting) {
    this.#meeting = new MeetingTrace(file, head);
  }

  add(event: RealtimeEvent, connection: ReceivedConnection | undefined, atSeconds: number | undefined): void {
    const sample = sampleOf(event) ?? this.#endSample;
    if (sample > MAX_SAMPLE) return;
    if (atSeconds !== undefined) this.#originSeconds ??= atSeconds - this.#endOf(event, sample);
    const at = atSeconds === undefined ? this.#endOf(event, sample) : atSeconds - this.#originSeconds!;
    if (connection !== undefined && !this.#connections.has(connection)) {
      this.#connections.add(connection);
      this.#writeConnection(connection);
    }
    const { data } = event.data;
    const stream = 'participant' in data ? this.#streamOf(data.participant) : undefined;
    if (isAudioSeparate(event)) {
      if (stream !== undefined) this.#addAudio(event.data.data.buffer, stream, sample, at, connection);
    } else if (isVideoSeparate(event)) {
      const account = this.#account(stream?.index ?? -1, connection, event.data.data.type);
      this.#meeting.frame(account, sample, SAMPLE_RATE / PICTURES_PER_SECOND, 'sent', at);
    } else this.#addEvent(event, sample, at, connection);
  }

  closed(connection: ReceivedConnection): void {
    if (this.#connections.delete(connection)) this.#writeConnection(connection);
  }

  close(): void {
    for (const connection of this.#connections) this.#writeConnection(connection);
    for (const stream of this.#streams.values()) this.#mute(stream);
    this.#meeting.finishSound();
    const { soundEndSample } = this.#meeting;
    this.#meeting.row({
      kind: 'end',
      at: this.#endSample / SAMPLE_RATE,
      ok: null,
      verdict: '',
      frames: { scheduled: this.#frames, sent: this.#frames, dropped: 0 },
      diagnoses: [],
      soundUntil: soundEndSample === undefined ? null : soundEndSample / SAMPLE_RATE,
    });
    this.#meeting.flush();
  }

  #addAudio(
    buffer: string,
    stream: Stream,
    startSample: number,
    at: number,
    connection: ReceivedConnection | undefined,
  ): void {
    const pcm = sampleView(Buffer.from(buffer, 'base64'));
    const endSample = startSample + pcm.length;
    if (stream.unmuted && startSample - stream.endSample > MUTE_GAP_SAMPLES) this.#mute(stream);
    if (!stream.unmuted) {
      const { index: participant, as } = stream;
      stream.unmuted = true;
      this.#meeting.row({ kind: 'stream', at: startSample / SAMPLE_RATE, participant, as });
    }
    stream.endSample = Math.max(stream.endSample, endSample);
    this.#endSample = Math.max(this.#endSample, endSample);
    this.#frames++;
    this.#meeting.audio(stream.index, startSample, pcm);
    this.#meeting.frame(
      this.#account(stream.index, connection, 'audio'),
      startSample,
      pcm.length,
      'sent',
      at,
    );
  }

  #addEvent(
    event: RealtimeEvent,
    sample: number,
    at: number,
    connection: ReceivedConnection | undefined,
  ): void {
    this.#endSample = Math.max(this.#endSample, sample);
    this.#meeting.row({
      kind: 'event',
      at: sample / SAMPLE_RATE,
      event: event.event,
      connection: connection?.number ?? 0,
      json: shortened(event),
    });
    this.#meeting.frame(this.#account(-1, connection, 'event'), sample, 0, 'sent', at);
  }

  #mute(stream: Stream): void {
    if (!stream.unmuted) return;
    stream.unmuted = false;
    this.#meeting.silence(stream.index);
    this.#meeting.row({ kind: 'mute', at: stream.endSample / SAMPLE_RATE, participant: stream.index });
  }

  /** Undefined when there are too many. Another name is another stream. */
  #streamOf(as: Participant): Stream | undefined {
    const asText = JSON.stringify(as);
    const known = this.#streams.get(as.id);
    if (known !== undefined) {
      if (known.asText !== asText) {
        this.#mute(known);
        Object.assign(known, { as, asText });
      }
      return known;
    }
    if (this.#streams.size >= MAX_PARTICIPANTS) return undefined;
    const stream = { index: this.#streams.size, as, asText, endSample: 0, unmuted: false };
    this.#streams.set(as.id, stream);
    return stream;
  }

  #account(participant: number, connection: ReceivedConnection | undefined, medium: string): number {
    const key = `${participant} ${connection?.number ?? 0} ${medium}`;
    let number = this.#accounts.get(key);
    if (number === undefined) {
      number = this.#meeting.account({ participant, connection: connection?.number ?? 0, medium });
      this.#accounts.set(key, number);
    }
    return number;
  }

  #writeConnection({ number, openedSeconds, closedSeconds, closeCode }: ReceivedConnection): void {
    const origin = this.#originSeconds ?? 0;
    const row: TraceConnection = {
      number,
      endpoint: 0,
      opened: openedSeconds - origin,
      closed: closedSeconds === null ? null : closedSeconds - origin,
      code: closeCode,
      reason: null,
      endedBy: null,
      error: null,
      refused: [],
    };
    this.#meeting.row({ kind: 'connection', ...row });
  }

  /** Seconds into the recording at which a message can have been sent: a frame when its last sample had been spoken. */
  #endOf(event: RealtimeEvent, sample: number): number {
    if (!isAudioSeparate(event)) return sample / SAMPLE_RATE;
    const samples = Math.floor(lengthOfBase64(event.data.data.buffer) / BYTES_PER_SAMPLE);
    return (sample + samples) / SAMPLE_RATE;
  }
}

function sampleOf({ data: { data } }: RealtimeEvent): number | undefined {
  if ('timestamp' in data) return Math.round(data.timestamp.relative * SAMPLE_RATE);
  const first = data.words[0]?.start_timestamp.relative;
  return first === undefined ? undefined : Math.round(first * SAMPLE_RATE);
}

function headOf(event: RealtimeEvent, subtitle: string): TraceMeeting {
  const { data } = event;
  const timestamp = 'timestamp' in data.data ? data.data.timestamp : undefined;
  const absoluteMicros = timestamp === undefined ? undefined : parseAbsolute(timestamp.absolute);
  return {
    title: `Recording ${data.recording.id}`,
    subtitle,
    kind: 'received',
    mode: null,
    recording: data.recording,
    audioSeparate: 'audio_separate' in data ? data.audio_separate : null,
    bot: data.bot,
    startMicros:
      absoluteMicros === undefined ? 0 : absoluteMicros - Math.round(timestamp!.relative * 1_000_000),
    absoluteFormat: formatOf(timestamp?.absolute ?? ''),
    endpoints: [{ url: '', resource: data.realtime_endpoint, events: [] }],
  };
}

function formatOf(absolute: string): AbsoluteFormat {
  if (!absolute.endsWith('Z')) return 'micros-offset';
  return /\.\d{3}Z$/.test(absolute) ? 'z-millis' : 'z-micros';
}
