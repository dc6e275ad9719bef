/**
 * The messages of every event but separate audio ("Real-Time Event Payloads"): writes them and sends them to all endpoints of a
 * session. When something happens is decided elsewhere.
 */

import { eventEntry } from '../protocol/events.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEventName } from '../protocol/participant-events.ts';
import { base64Of } from '../protocol/pcm.ts';
import { realtimeMessage } from '../protocol/realtime-message.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import { formatAbsolute, relativeSeconds, sampleToMicros, type Timestamp } from '../protocol/timestamp.ts';
import type { TranscriptWord } from '../protocol/transcript.ts';
import type { TimelineEvent } from '../scenario/timeline.ts';
import type { Session } from './session.ts';

export interface EventMessagesOptions {
  readonly session: Session;
  /** The media objects that messages name, by `EventArtifact.ref`. Events of others are not sent. */
  readonly artifacts: Readonly<Record<string, ResourceRef | undefined>>;
  /** Sends an event to endpoints that are no WebSockets. */
  readonly sendElsewhere?: ((event: string, message: (endpoint: ResourceRef) => unknown) => void) | undefined;
  /** Something has happened, whether or not anybody is sent it. */
  readonly onParticipantEvent?:
    | ((
        event: ParticipantEventName,
        participant: Participant,
        timestamp: Timestamp,
        data: TimelineEvent['data'],
      ) => void)
    | undefined;
  /** What the provider of the transcript sent for the words that were said last; undefined for nothing. */
  readonly providerData?: (() => object | undefined) | undefined;
  readonly onTranscript?: ((participant: Participant, words: readonly TranscriptWord[]) => void) | undefined;
}

export class EventMessages {
  readonly #options: EventMessagesOptions;

  constructor(options: EventMessagesOptions) {
    this.#options = options;
  }

  /** The ISO 8601 time of a position. */
  absoluteOf(sample: number): string {
    const { session } = this.#options;
    return formatAbsolute(session.startMicros + sampleToMicros(sample), session.options.absoluteFormat);
  }

  participant(
    event: ParticipantEventName,
    participant: Participant,
    sample: number,
    data: TimelineEvent['data'],
  ): void {
    const timestamp = this.#timestamp(sample);
    this.#options.onParticipantEvent?.(event, participant, timestamp, data);
    this.#send(event, { participant, timestamp, data });
  }

  /** Words so far. */
  partialTranscript(participant: Participant, words: readonly TranscriptWord[]): void {
    this.#send('transcript.partial_data', { words, participant });
  }

  transcript(participant: Participant, words: readonly TranscriptWord[]): void {
    this.#options.onTranscript?.(participant, words);
    const provided = this.#options.providerData?.();
    if (provided !== undefined) this.#send('transcript.provider_data', provided);
    this.#send('transcript.data', { words, participant });
  }

  mixedAudio(startSample: number, pcm: Int16Array): void {
    const buffer = base64Of(pcm);
    this.#send('audio_mixed_raw.data', { buffer, timestamp: this.#timestamp(startSample) });
  }

  #send(event: string, body: object): void {
    const { session, artifacts, sendElsewhere } = this.#options;
    const entry = eventEntry(event)!;
    const artifact = artifacts[entry.artifact.ref];
    if (artifact === undefined) return;
    const { recording, bot } = session.options;
    const message = (realtimeEndpoint: ResourceRef): unknown =>
      realtimeMessage(entry, body, { realtimeEndpoint, artifact, recording, bot });
    session.send(event, message);
    sendElsewhere?.(event, message);
  }

  #timestamp(sample: number): Timestamp {
    return { relative: relativeSeconds(sample), absolute: this.absoluteOf(sample) };
  }
}
