/**
 * Every event of a recording but separate audio: writes the messages ("Real-Time Event Payloads"), sends them to all
 * endpoints, and keeps what the recording holds of them.
 */
import type { Session } from '../../emulator/session.ts';
import type { Ids } from '../../protocol/ids.ts';
import type { Participant } from '../../protocol/participant.ts';
import type { ParticipantEventName } from '../../protocol/participant-events.ts';
import { base64Of } from '../../protocol/pcm.ts';
import type { ResourceRef } from '../../protocol/resource.ts';
import {
  type AbsoluteFormat,
  formatAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
} from '../../protocol/timestamp.ts';
import type { TranscriptWord } from '../../protocol/transcript.ts';
import type { TimelineEvent } from '../../scenario/timeline.ts';
import type { RecordingContent } from '../store/records.ts';

export interface RecordingEventsOptions {
  readonly session: Session;
  readonly content: RecordingContent;
  readonly ids: Ids;
  readonly bot: ResourceRef;
  readonly recording: ResourceRef;
  /** Undefined: not asked for, so no such events are sent. */
  readonly participantEvents: ResourceRef | undefined;
  readonly transcript: ResourceRef | undefined;
  readonly audioMixed: ResourceRef | undefined;
  readonly startMicros: number;
  readonly absoluteFormat: AbsoluteFormat;
  /** Sends an event to endpoints that are no WebSockets. */
  send(event: string, message: (endpoint: ResourceRef) => unknown): void;
  /** Something was added to the content. */
  onChange(): void;
}

export class RecordingEvents {
  readonly #options: RecordingEventsOptions;
  #count = 0;

  constructor(options: RecordingEventsOptions) {
    this.#options = options;
  }

  /** The ISO 8601 time of a position. */
  absoluteOf(sample: number): string {
    const { startMicros, absoluteFormat } = this.#options;
    return formatAbsolute(startMicros + sampleToMicros(sample), absoluteFormat);
  }

  participant(
    event: ParticipantEventName,
    participant: Participant,
    sample: number,
    data: TimelineEvent['data'],
  ): void {
    const { participantEvents, content, recording, bot, ids, onChange } = this.#options;
    const timestamp = this.#timestamp(sample);
    content.participantEvents.push({
      id: ids.uuid(`participant_event ${recording.id} ${this.#count++}`),
      action: event.slice('participant_events.'.length),
      participant,
      timestamp,
      data,
    });
    this.#list(event, participant);
    if (event === 'participant_events.speech_on' || event === 'participant_events.speech_off')
      this.#keepSpeech(participant, timestamp, event === 'participant_events.speech_on');
    onChange();
    if (participantEvents === undefined) return;
    this.#send(event, (realtime_endpoint) => ({
      event,
      data: {
        data: { participant, timestamp, data },
        realtime_endpoint,
        participant_events: participantEvents,
        recording,
        bot,
      },
    }));
  }

  /** Words so far, which nothing is kept of. */
  partialTranscript(participant: Participant, words: readonly TranscriptWord[]): void {
    this.#sendTranscript('transcript.partial_data', participant, words);
  }

  transcript(participant: Participant, words: readonly TranscriptWord[]): void {
    this.#options.content.transcript.push({ participant, words });
    this.#options.onChange();
    this.#sendTranscript('transcript.data', participant, words);
  }

  /** To WebSockets only: webhooks carry no audio. */
  mixedAudio(startSample: number, pcm: Int16Array): void {
    const { session, audioMixed, recording, bot } = this.#options;
    const buffer = base64Of(pcm);
    const timestamp = this.#timestamp(startSample);
    session.send('audio_mixed_raw.data', (realtime_endpoint) => ({
      event: 'audio_mixed_raw.data',
      data: { data: { buffer, timestamp }, realtime_endpoint, audio_mixed: audioMixed, recording, bot },
    }));
  }

  /** Emails come later than people: the list of participants has the last state of each. */
  #list(event: ParticipantEventName, participant: Participant): void {
    const { participants } = this.#options.content;
    const listed = participants.findIndex(({ id }) => id === participant.id);
    if (listed === -1 && event === 'participant_events.join') participants.push(participant);
    if (listed !== -1 && event === 'participant_events.update') participants[listed] = participant;
  }

  #keepSpeech(participant: Participant, timestamp: Timestamp, on: boolean): void {
    const { speakerTimeline } = this.#options.content;
    if (on) {
      speakerTimeline.push({ participant, start_timestamp: timestamp, end_timestamp: null });
      return;
    }
    const open = speakerTimeline.findLast(
      (entry) => entry.participant.id === participant.id && entry.end_timestamp === null,
    );
    if (open !== undefined) open.end_timestamp = timestamp;
  }

  #sendTranscript(event: string, participant: Participant, words: readonly TranscriptWord[]): void {
    const { transcript, recording, bot } = this.#options;
    if (transcript === undefined) return;
    this.#send(event, (realtime_endpoint) => ({
      event,
      data: { data: { words, participant }, realtime_endpoint, transcript, recording, bot },
    }));
  }

  #send(event: string, message: (endpoint: ResourceRef) => unknown): void {
    this.#options.session.send(event, message);
    this.#options.send(event, message);
  }

  #timestamp(sample: number): Timestamp {
    return { relative: relativeSeconds(sample), absolute: this.absoluteOf(sample) };
  }
}
