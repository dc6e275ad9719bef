/**
 * Compiles a scenario into a timeline: opens its audio, checks that everything in it can happen, and puts every sample
 * at its position. Lists all problems at once.
 */
import { resolve } from 'node:path';
import { audioBudget, openAudioFile } from '../audio/file.ts';
import type { MakeSpeech } from '../audio/shared-speech.ts';
import { loopSource, noiseFloor } from '../audio/signals.ts';
import type { AudioSource } from '../audio/source.ts';
import { speechSource, type Voice, voiceFor } from '../audio/speech.ts';
import { AudioError, type Problem } from '../errors.ts';
import { selectEvents } from '../protocol/event-selection.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEventName } from '../protocol/participant-events.ts';
import { toSamples } from './duration.ts';
import type { ScenarioFault } from './faults.ts';
import { invalidScenario, type LoadedScenario, scenarioObject } from './load.ts';
import type { Scenario, ScenarioAction, ScenarioParticipant } from './schema.ts';
import { unknownParticipant } from './shape.ts';
import { type Interval, runMeeting, type Step } from './state.ts';
import {
  inOrder,
  type Segment,
  type StreamPlan,
  type Timeline,
  type TimelineEvent,
  type Utterance,
} from './timeline.ts';
import { videoPlans } from './video.ts';

const DEFAULT_SEED = 1;

export interface CompileOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  /** What makes the speech of `speak` with a duration; default: each time anew. */
  readonly speech?: MakeSpeech | undefined;
}

/** Throws an `InvalidInputError` (`invalid_scenario`) with every problem and its place. */
export async function compileScenario(
  input: LoadedScenario | Scenario,
  options: CompileOptions = {},
): Promise<Timeline> {
  const loaded = 'locate' in input ? input : scenarioObject(input);
  const { scenario } = loaded;
  const seed = options.seed ?? scenario.seed ?? DEFAULT_SEED;
  const problems: Problem[] = [];
  const indexOf = indexParticipants(loaded, problems);
  const { speech = speechSource } = options;
  const sources = await openSources(loaded, { seed, speech }, indexOf, problems);

  const steps = scenario.timeline
    .map((action, index): Step => {
      const sample = toSamples(action.at);
      const source = sources.get(index);
      return { index, sample, action, endSample: source === undefined ? undefined : sample + source.samples };
    })
    .sort((a, b) => a.sample - b.sample || a.index - b.index);
  const endSample = scenario.duration === undefined ? undefined : toSamples(scenario.duration);
  const meeting = runMeeting(steps, indexOf, endSample);
  for (const { step, field, problem } of meeting.problems) {
    problems.push({ ...problem, location: loaded.locate(['timeline', step.index, field]) });
  }
  const faults = placeFaults(loaded, indexOf, problems);
  if (problems.length > 0) throw invalidScenario(problems);

  const participants = scenario.participants.map(toParticipant);
  const events = toEvents(meeting, steps, participants, indexOf);
  return {
    title: scenario.title,
    ...(scenario.events === undefined ? {} : { sends: selectEvents(scenario.events) }),
    seed,
    durationSamples: meeting.endSample,
    participants,
    streams: meeting.intervals.map((interval) => toStream(interval, scenario, seed, sources)).sort(inOrder),
    videos: videoPlans(events, meeting.endSample),
    events,
    utterances: meeting.intervals
      .flatMap(({ participant, speaks }) => speaks.map((step) => toUtterance(participant, step)))
      .sort(inOrder),
    ...(faults.length > 0 && { faults }),
  };
}

/** Each with the places of its fields. Whom it befalls must be in the meeting. */
function placeFaults(
  loaded: LoadedScenario,
  indexOf: ReadonlyMap<number, number>,
  problems: Problem[],
): ScenarioFault[] {
  return (loaded.scenario.faults ?? []).map((fields, index) => {
    const { participant } = fields;
    if (participant !== undefined && !indexOf.has(participant))
      problems.push(
        unknownParticipant(participant, [...indexOf.keys()], loaded.locate(['faults', index, 'participant'])),
      );
    const places = Object.keys(fields).map((key) => [key, loaded.locate(['faults', index, key])]);
    return { fields, places: Object.fromEntries(places) };
  });
}

function indexParticipants(loaded: LoadedScenario, problems: Problem[]): Map<number, number> {
  const indexOf = new Map<number, number>();
  for (const [index, { id }] of loaded.scenario.participants.entries()) {
    if (indexOf.has(id)) {
      problems.push({
        code: 'duplicate_participant',
        message: `Participant ${id} is there twice.`,
        hint: 'Give each an id of its own.',
        location: loaded.locate(['participants', index, 'id']),
      });
    } else indexOf.set(id, index);
  }
  return indexOf;
}

/** The audio of each `speak`, by its index in the timeline. A file that is used often is opened once. */
async function openSources(
  loaded: LoadedScenario,
  { seed, speech }: { readonly seed: number; readonly speech: MakeSpeech },
  indexOf: ReadonlyMap<number, number>,
  problems: Problem[],
): Promise<Map<number, AudioSource>> {
  const sources = new Map<number, AudioSource>();
  const files = new Map<string, Promise<AudioSource>>();
  const budget = audioBudget();
  const { participants, timeline } = loaded.scenario;
  for (const [index, action] of timeline.entries()) {
    if (action.action !== 'speak') continue;
    const participant = indexOf.get(action.participant);
    if (action.audio === undefined) {
      const voice = voiceOf(participants[participant ?? 0]!, seed, participant ?? 0);
      sources.set(
        index,
        speech({ seed: derive(seed, index), samples: toSamples(action.duration ?? 0), voice }),
      );
      continue;
    }
    const path = resolve(loaded.baseDir, action.audio);
    const file = files.get(path) ?? openAudioFile(path, budget);
    files.set(path, file);
    try {
      sources.set(index, await file);
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      problems.push({
        code: error.code,
        message: error.message,
        hint: error.hint,
        location: loaded.locate(['timeline', index, 'audio']),
      });
    }
  }
  return sources;
}

function voiceOf(participant: ScenarioParticipant, seed: number, index: number): Voice {
  const { pitch_hz, formant_scale, rate, level } = participant.voice ?? {};
  const voice = voiceFor(seed, index);
  return {
    pitchHz: pitch_hz ?? voice.pitchHz,
    formantScale: formant_scale ?? voice.formantScale,
    rate: rate ?? voice.rate,
    level: level ?? voice.level,
  };
}

/** A seed of its own for each thing of a scenario that has chance in it. */
function derive(seed: number, index: number): number {
  return (Math.imul(seed, 1_000_003) + index) | 0;
}

function toParticipant(participant: ScenarioParticipant): Participant {
  const { id, name = null, is_host = false, platform = 'desktop', extra_data = {}, email } = participant;
  return { id, name, is_host, platform, extra_data, ...(email === undefined ? {} : { email }) };
}

function toStream(
  { participant, startSample, endSample, speaks }: Interval,
  scenario: Scenario,
  seed: number,
  sources: ReadonlyMap<number, AudioSource>,
): StreamPlan {
  const segments: Segment[] = [];
  const gap = (scenario.participants[participant]!.silence ?? scenario.silence) === 'gap';
  const fillSilence = (from: number, to: number): void => {
    if (gap || to <= from) return;
    const source = loopSource(noiseFloor(derive(seed, participant)), to - from);
    segments.push({ startSample: from, endSample: to, kind: 'silence', source });
  };
  let position = startSample;
  for (const { index, sample } of speaks) {
    const source = sources.get(index)!;
    if (source.samples === 0) continue;
    fillSilence(position, sample);
    position = sample + source.samples;
    segments.push({ startSample: sample, endSample: position, kind: 'speech', source });
  }
  fillSilence(position, endSample);
  return { participant, startSample, endSample, segments, framing: 'by_duration' };
}

function toUtterance(participant: number, { action, sample, endSample }: Step): Utterance {
  return {
    participant,
    startSample: sample,
    endSample: endSample ?? sample,
    text: action.action === 'speak' ? action.text : undefined,
  };
}

/** Comings, goings, speech and the rest, in order. `email` comes with an update after the join, not with it. */
function toEvents(
  meeting: ReturnType<typeof runMeeting>,
  steps: readonly Step[],
  participants: readonly Participant[],
  indexOf: ReadonlyMap<number, number>,
): readonly TimelineEvent[] {
  const events: TimelineEvent[] = [];
  const add = (
    sample: number,
    name: string,
    participant: number,
    snapshot: Participant,
    data: TimelineEvent['data'] = null,
  ): void => {
    events.push({
      sample,
      event: `participant_events.${name}` as ParticipantEventName,
      participant,
      snapshot,
      data,
    });
  };
  const snapshots = new Snapshots(participants, steps, indexOf);
  for (const { participant, sample } of meeting.joins) {
    const joining = snapshots.before(participant, sample);
    const { email, ...withoutEmail } = joining;
    add(sample, 'join', participant, withoutEmail);
    if (email != null) add(sample, 'update', participant, joining);
  }
  for (const { participant, speaks } of meeting.intervals) {
    for (const { sample, endSample = sample } of speaks) {
      add(sample, 'speech_on', participant, snapshots.at(participant, sample));
      add(endSample, 'speech_off', participant, snapshots.at(participant, endSample));
    }
  }
  const now = [...participants];
  for (const { action, sample } of steps) {
    const participant = indexOf.get(action.participant)!;
    if (action.action === 'update') now[participant] = { ...now[participant]!, ...updateOf(action) };
    if (action.action === 'chat_message') {
      add(sample, 'chat_message', participant, now[participant]!, {
        text: action.text,
        to: action.to ?? 'everyone',
      });
    } else if (/^(webcam|screenshare)_|^update$/.test(action.action)) {
      add(sample, action.action, participant, now[participant]!);
    }
  }
  for (const { participant, sample } of meeting.leaves)
    add(sample, 'leave', participant, snapshots.at(participant, sample));
  return events.sort((a, b) => a.sample - b.sample);
}

/** Participants as they are at a time: updates change names and emails. */
class Snapshots {
  readonly #participants: readonly Participant[];
  /** By participant, in order of time. */
  readonly #changes = new Map<number, { readonly sample: number; readonly snapshot: Participant }[]>();

  constructor(
    participants: readonly Participant[],
    steps: readonly Step[],
    indexOf: ReadonlyMap<number, number>,
  ) {
    this.#participants = participants;
    for (const { action, sample } of steps) {
      if (action.action !== 'update') continue;
      const participant = indexOf.get(action.participant)!;
      const changes = this.#changes.get(participant) ?? [];
      const last = changes.at(-1)?.snapshot ?? participants[participant]!;
      changes.push({ sample, snapshot: { ...last, ...updateOf(action) } });
      this.#changes.set(participant, changes);
    }
  }

  /** With what has changed by then, or changes at this very sample. */
  at(participant: number, sample: number): Participant {
    return this.before(participant, sample + 1);
  }

  /** With what has changed earlier. */
  before(participant: number, sample: number): Participant {
    const change = this.#changes.get(participant)?.findLast((each) => each.sample < sample);
    return change?.snapshot ?? this.#participants[participant]!;
  }
}

function updateOf(action: Extract<ScenarioAction, { action: 'update' }>): Partial<Participant> {
  return {
    ...(action.name === undefined ? {} : { name: action.name }),
    ...(action.email === undefined ? {} : { email: action.email }),
  };
}
