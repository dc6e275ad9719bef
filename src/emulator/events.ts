/**
 * The meeting's other events, of the same timeline as its streams: who comes, leaves, changes, shares and writes, who is heard
 * speaking and what they say, and the mix of it all. `play` runs them as the timeline has them; whoever takes live commands (the
 * mock API) tells them what has changed. The messages are `EventMessages`'.
 */
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEventName } from '../protocol/participant-events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { StreamPlan, Timeline, TimelineEvent } from '../scenario/timeline.ts';
import { wordsOf } from '../scenario/words.ts';
import { Attendant } from './attendant.ts';
import { EventMessages, type EventMessagesOptions } from './event-messages.ts';
import { DEFAULT_MIXED_FRAME_MS, MixedAudio } from './mix.ts';
import type { Companion, Session } from './session.ts';
import { Speech } from './speech.ts';

export interface MeetingEventsOptions extends EventMessagesOptions {
  /** Milliseconds of mixed audio per message; 200 when left out. */
  readonly mixedFrameMs?: number | undefined;
  /** The mix is made also where no message carries it. */
  readonly mixed?: boolean | undefined;
  /** Every chunk of the mix. The samples are valid during the call only. */
  readonly onMixed?: ((pcm: Int16Array) => void) | undefined;
  /** Somebody leaves as the timeline has it, and is still heard at this moment. */
  readonly onScriptedLeave?: ((index: number, sample: number) => void) | undefined;
  /** Somebody has come or left, at a position of the meeting. */
  readonly onAttendance?: ((index: number, present: boolean, sample: number) => void) | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

export class MeetingEvents implements Companion {
  /** By the index of the participant. Who is added to the session is added here, with `add`. */
  readonly attendants: readonly Attendant[];
  readonly speech: Speech;
  readonly #options: MeetingEventsOptions;
  readonly #session: Session;
  readonly #attendants: Attendant[];
  readonly #messages: EventMessages;
  readonly #mix: MixedAudio | undefined;
  readonly #cancels = new Set<() => void>();
  #paused = false;
  #ended = false;

  constructor(options: MeetingEventsOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#attendants = attendantsOf(options.session.timeline);
    this.attendants = this.#attendants;
    this.#messages = new EventMessages(options);
    this.speech = new Speech(options.session, this.#attendants, this.#messages);
    const told = options.artifacts.audio_mixed !== undefined;
    if (!told && options.mixed !== true) return;
    this.#mix = new MixedAudio({
      session: options.session,
      frameMs: options.mixedFrameMs ?? DEFAULT_MIXED_FRAME_MS,
      onChunk: (startSample, pcm) => {
        options.onMixed?.(pcm);
        if (told) this.#messages.mixedAudio(startSample, pcm);
      },
    });
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The session has begun. Before its streams are added: of what happens at one moment, events come first. */
  start(): void {
    const { timeline } = this.#session;
    this.#walk(
      timeline.events,
      ({ sample }) => sample,
      (event) => this.#onTimelineEvent(event),
    );
    this.#walk(
      timeline.utterances,
      ({ startSample }) => startSample,
      (utterance) => this.speech.say(utterance),
    );
    this.#mix?.start();
  }

  /** Every frame of every stream, for the mix. */
  onFrame(startSample: number, pcm: Int16Array): void {
    this.#mix?.add(startSample, pcm);
  }

  /** Somebody the timeline does not know. */
  add(): void {
    this.#attendants.push(new Attendant([]));
  }

  /** They come or leave. What the timeline has for them later holds again when they come back. */
  attend(index: number, sample: number, present: boolean, snapshot?: Participant): void {
    const attendant = this.#attendants[index]!;
    attendant.present = present;
    if (present && attendant.sentAway) {
      attendant.sentAway = false;
      attendant.plans = attendant.script.filter(({ startSample }) => startSample >= sample);
      if (!this.#paused) for (const plan of attendant.plans) this.#session.add(plan);
    }
    if (!this.#paused) this.#announce(index, sample, snapshot);
    this.#options.onAttendance?.(index, present, sample);
  }

  /** They do something that the timeline does not have. Nobody is told in a pause. */
  happen(
    event: ParticipantEventName,
    index: number,
    sample: number,
    data: TimelineEvent['data'] = null,
  ): void {
    this.#tell(event, index, sample, undefined, data);
  }

  /** They are somebody else from here on: told now, or after the pause. */
  change(index: number, participant: Participant, sample: number): void {
    this.#session.changeParticipant(index, participant);
    if (this.#paused) this.#attendants[index]!.changedUntold = true;
    else this.#tell('participant_events.update', index, sample);
  }

  /** Words that took so many seconds and end now, heard or not. */
  transcript(index: number, text: string, seconds: number): void {
    const endSample = Math.max(1, this.#session.nowSample);
    const startSample = Math.max(0, endSample - Math.round(seconds * SAMPLE_RATE));
    const utterance = { participant: index, startSample, endSample, text };
    const words = wordsOf(utterance, (sample) => this.#messages.absoluteOf(sample));
    this.#messages.transcript(this.#session.participants[index]!, words);
  }

  /** Nothing is sent from here on. The mix ends with `mixUntil`, when its last frames have been passed. */
  pause(sample: number): void {
    this.speech.pause(sample);
    this.#paused = true;
    this.#mix?.pause(sample);
  }

  /** Who came, went or changed in the pause is told now, and who speaks is heard from here on. */
  resume(sample: number): void {
    this.#paused = false;
    this.speech.resume();
    this.#mix?.resume(sample);
    for (const [index, attendant] of this.#attendants.entries()) {
      if (attendant.present !== attendant.announced) this.#announce(index, sample);
      else if (attendant.present && attendant.changedUntold)
        this.#tell('participant_events.update', index, sample);
      attendant.changedUntold = false;
      this.speech.hear(index, sample);
    }
  }

  /** The rest of the mix: every frame before this position has been passed. */
  mixUntil(sample: number): void {
    this.#mix?.mixUntil(sample);
  }

  /** The meeting is over: nothing happens any more, and what is being said ends here. */
  end(sample: number): void {
    this.speech.end(sample);
    this.#ended = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#mix?.stop();
  }

  /** The last frame has been passed, and the timeline is over. */
  finish(): void {
    const { durationSamples } = this.#session.timeline;
    this.end(durationSamples);
    this.mixUntil(durationSamples);
    this.tellLeftOut();
  }

  /** Seconds of audio that are missing in the mix, because they came too late for it. */
  get leftOutOfMixSeconds(): number {
    return (this.#mix?.leftOutSamples ?? 0) / SAMPLE_RATE;
  }

  /** Warns if any audio is missing in the mix. */
  tellLeftOut(): void {
    const seconds = this.leftOutOfMixSeconds;
    if (seconds === 0) return;
    this.#options.onWarning?.(
      `${seconds.toFixed(2)} s of audio came too late for the mix and are missing in it: this machine did not keep up`,
    );
  }

  #onTimelineEvent(event: TimelineEvent): void {
    const { participant, snapshot, sample } = event;
    const attendant = this.#attendants[participant]!;
    switch (event.event) {
      case 'participant_events.join':
        if (!attendant.present) this.attend(participant, sample, true, snapshot);
        break;
      case 'participant_events.leave':
        if (attendant.present) this.#leaveByTimeline(participant, sample);
        break;
      case 'participant_events.speech_on':
      case 'participant_events.speech_off':
        this.speech.scripted(participant, sample, event.event === 'participant_events.speech_on');
        break;
      default:
        if (!attendant.present) break;
        if (event.event === 'participant_events.update') {
          this.#session.changeParticipant(participant, snapshot);
          if (this.#paused) attendant.changedUntold = true;
        }
        this.#tell(event.event, participant, sample, snapshot, event.data);
    }
  }

  #leaveByTimeline(index: number, sample: number): void {
    this.speech.silence(index, sample);
    this.#attendants[index]!.said.length = 0;
    this.#options.onScriptedLeave?.(index, sample);
    this.attend(index, sample, false);
  }

  #announce(index: number, sample: number, snapshot?: Participant): void {
    const attendant = this.#attendants[index]!;
    attendant.announced = attendant.present;
    if (!attendant.present) this.#tell('participant_events.leave', index, sample);
    else if (snapshot !== undefined) this.#tell('participant_events.join', index, sample, snapshot);
    else {
      // Emails do not come with the join, but with an update after it ("Participant Events", 2026).
      const { email, ...withoutEmail } = this.#session.participants[index]!;
      this.#tell('participant_events.join', index, sample, withoutEmail);
      if (email != null) this.#tell('participant_events.update', index, sample);
    }
  }

  #tell(
    event: ParticipantEventName,
    index: number,
    sample: number,
    participant: Participant = this.#session.participants[index]!,
    data: TimelineEvent['data'] = null,
  ): void {
    if (!this.#paused) this.#messages.participant(event, participant, sample, data);
  }

  /** Calls back for each item when its position comes, in their order. */
  #walk<Item>(
    items: readonly Item[],
    sampleOf: (item: Item) => number,
    callback: (item: Item) => void,
  ): void {
    let next = 0;
    const dueMs = (): number | undefined =>
      items[next] === undefined ? undefined : this.#session.timeOfSample(sampleOf(items[next]!));
    const first = dueMs();
    if (first === undefined) return;
    const cancel = this.#session.tasks.add(first, {
      run: () => {
        if (!this.#ended) callback(items[next]!);
        next++;
        return dueMs();
      },
    });
    this.#cancels.add(cancel);
  }
}

/** Whoever is in a timeline without joining in it is there from the start: a capture may begin in the middle of a call. */
function attendantsOf({ participants, streams, events, utterances }: Timeline): Attendant[] {
  const scripts = participants.map((): StreamPlan[] => []);
  for (const plan of streams) scripts[plan.participant]!.push(plan);
  const attendants = scripts.map((script) => new Attendant(script));
  const joining = new Set<number>();
  for (const { event, participant } of events.toReversed()) {
    if (event === 'participant_events.join') joining.add(participant);
    if (event === 'participant_events.leave') joining.delete(participant);
  }
  for (const { participant } of [...streams, ...events, ...utterances]) {
    if (joining.has(participant)) continue;
    attendants[participant]!.present = true;
    attendants[participant]!.announced = true;
  }
  return attendants;
}
