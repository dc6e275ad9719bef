/** Keeps what happens in a recording's meeting: the downloads are made of it. Sends nothing. */
import type { Ids } from '../../protocol/ids.ts';
import type { Participant } from '../../protocol/participant.ts';
import type { ParticipantEventName } from '../../protocol/participant-events.ts';
import type { Timestamp } from '../../protocol/timestamp.ts';
import type { TranscriptWord } from '../../protocol/transcript.ts';
import type { TimelineEvent } from '../../scenario/timeline.ts';
import type { RecordingContent } from '../store/records.ts';

export class ContentKeeper {
  readonly #content: RecordingContent;
  readonly #idOf: (count: number) => string;
  #count = 0;

  constructor(content: RecordingContent, ids: Ids, recordingId: string) {
    this.#content = content;
    this.#idOf = (count) => ids.uuid(`participant_event ${recordingId} ${count}`);
  }

  participantEvent(
    event: ParticipantEventName,
    participant: Participant,
    timestamp: Timestamp,
    data: TimelineEvent['data'],
  ): void {
    this.#content.participantEvents.push({
      id: this.#idOf(this.#count++),
      action: event.slice('participant_events.'.length),
      participant,
      timestamp,
      data,
    });
    this.#list(event, participant);
    if (event === 'participant_events.speech_on' || event === 'participant_events.speech_off')
      this.#keepSpeech(participant, timestamp, event === 'participant_events.speech_on');
  }

  transcript(participant: Participant, words: readonly TranscriptWord[]): void {
    this.#content.transcript.push({ participant, words });
  }

  /** Emails come later than people: the list of participants has the last state of each. */
  #list(event: ParticipantEventName, participant: Participant): void {
    const { participants } = this.#content;
    const listed = participants.findIndex(({ id }) => id === participant.id);
    if (listed === -1 && event === 'participant_events.join') participants.push(participant);
    if (listed !== -1 && event === 'participant_events.update') participants[listed] = participant;
  }

  #keepSpeech(participant: Participant, timestamp: Timestamp, on: boolean): void {
    const { speakerTimeline } = this.#content;
    if (on) {
      speakerTimeline.push({ participant, start_timestamp: timestamp, end_timestamp: null });
      return;
    }
    const open = speakerTimeline.findLast(
      (entry) => entry.participant.id === participant.id && entry.end_timestamp === null,
    );
    if (open !== undefined) open.end_timestamp = timestamp;
  }
}
