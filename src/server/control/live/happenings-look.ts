/** Who spoke, came, left and wrote since the last look. */
import type { Recording } from '../../bot/recording.ts';
import type { MeetingNews } from './batch.ts';

/** They are a lane of their own. */
const SPEECH = ['speech_on', 'speech_off'];
/** Of one batch. */
const MAX_EVENTS = 200;

export class HappeningsLook {
  readonly #recording: Recording;
  #events = 0;
  #speeches = 0;
  /** Indices of speeches that had no end yet. */
  readonly #open = new Set<number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  isSpeaking(participantId: number): boolean {
    const { speakerTimeline } = this.#recording.record.content;
    return speakerTimeline.some(
      ({ participant, end_timestamp }) => end_timestamp === null && participant.id === participantId,
    );
  }

  news(): Pick<MeetingNews, 'events' | 'speech'> {
    const events = this.#newEvents();
    const speech = this.#newSpeech();
    return { ...(events.length > 0 && { events }), ...(speech.length > 0 && { speech }) };
  }

  #newEvents(): NonNullable<MeetingNews['events']> {
    const { participantEvents } = this.#recording.record.content;
    const fresh = participantEvents.slice(Math.max(this.#events, participantEvents.length - MAX_EVENTS));
    this.#events = participantEvents.length;
    return fresh
      .filter(({ action }) => !SPEECH.includes(action))
      .map(({ action, participant, timestamp, data }) => ({
        at_s: timestamp.relative,
        participant: participant.id,
        text: data === null ? action : `${action}: ${data.text}`,
      }));
  }

  #newSpeech(): NonNullable<MeetingNews['speech']> {
    const { speakerTimeline } = this.#recording.record.content;
    const told = [...this.#open];
    for (let index = this.#speeches; index < speakerTimeline.length; index++) told.push(index);
    const isFirst = this.#speeches;
    this.#speeches = speakerTimeline.length;
    return told.flatMap((index) => {
      const { participant, start_timestamp, end_timestamp } = speakerTimeline[index]!;
      if (end_timestamp !== null) this.#open.delete(index);
      else if (index >= isFirst) this.#open.add(index);
      // It lasts, and that has been told.
      else return [];
      return [[index, participant.id, start_timestamp.relative, end_timestamp?.relative ?? null] as const];
    });
  }
}
