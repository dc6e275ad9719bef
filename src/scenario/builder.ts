/** The typed builder: a scenario written in TypeScript instead of YAML. Makes the same document; checks nothing itself. */
import type { Scenario, ScenarioAction, ScenarioParticipant } from './schema.ts';

type Time = ScenarioAction['at'];
type Speech =
  | { readonly audio: string; readonly text?: string }
  | { readonly duration: Time; readonly text?: string };

/** What one participant does. Times are seconds or text such as `1m20s`. */
export interface ParticipantTimeline {
  join(at: Time): this;
  leave(at: Time): this;
  unmute(at: Time): this;
  mute(at: Time): this;
  speak(at: Time, speech: Speech): this;
  chat(at: Time, text: string, to?: 'everyone' | 'only_bot'): this;
  update(at: Time, change: { readonly name?: string | null; readonly email?: string | null }): this;
  webcam(at: Time, on: boolean): this;
  screenshare(at: Time, on: boolean): this;
}

export interface MeetingBuilder {
  participant(participant: ScenarioParticipant, does?: (timeline: ParticipantTimeline) => unknown): this;
  /** The scenario, for `play`, `compileScenario` or `scenarioToYaml`. */
  build(): Scenario;
}

/** Begins a meeting: `meeting().participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(1, { duration: 2 })).build()`. */
export function meeting(options: Omit<Scenario, 'participants' | 'timeline'> = {}): MeetingBuilder {
  const participants: ScenarioParticipant[] = [];
  const timeline: ScenarioAction[] = [];
  const builder: MeetingBuilder = {
    participant(participant, does) {
      participants.push(participant);
      does?.(timelineOf(participant.id, timeline));
      return builder;
    },
    build: () => structuredClone({ ...options, participants, timeline }),
  };
  return builder;
}

function timelineOf(participant: number, timeline: ScenarioAction[]): ParticipantTimeline {
  const add = (action: ScenarioAction): ParticipantTimeline => {
    timeline.push(action);
    return self;
  };
  const self: ParticipantTimeline = {
    join: (at) => add({ at, participant, action: 'join' }),
    leave: (at) => add({ at, participant, action: 'leave' }),
    unmute: (at) => add({ at, participant, action: 'unmute' }),
    mute: (at) => add({ at, participant, action: 'mute' }),
    speak: (at, speech) => add({ at, participant, action: 'speak', ...speech }),
    chat: (at, text, to) =>
      add({ at, participant, action: 'chat_message', text, ...(to === undefined ? {} : { to }) }),
    update: (at, change) => add({ at, participant, action: 'update', ...change }),
    webcam: (at, on) => add({ at, participant, action: on ? 'webcam_on' : 'webcam_off' }),
    screenshare: (at, on) => add({ at, participant, action: on ? 'screenshare_on' : 'screenshare_off' }),
  };
  return self;
}
