/**
 * Makes random meetings from a seed: names, turn-taking with overlaps and backchannels, mute toggles. The same seed gives
 * the same meeting, byte for byte.
 */
import { join, resolve } from 'node:path';
import { createRandom, type Random } from '../audio/random.ts';
import { openWavWriter } from '../audio/wav-writer.ts';
import { makeOutputFolder, writeError } from '../files.ts';
import { OutputFiles } from '../output-files.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { checkRange, MEETING_SECONDS, PEOPLE } from '../range.ts';
import { compileScenario } from './compile.ts';
import { toSamples } from './duration.ts';
import type { Scenario, ScenarioAction } from './schema.ts';
import { scenarioToYaml } from './stringify.ts';
import type { Timeline } from './timeline.ts';
import { toRttm, toTruth } from './truth.ts';

export interface GenerateOptions {
  /** 1 to 1000. */
  readonly participants: number;
  /** 1 to 86,400. */
  readonly durationSeconds: number;
  readonly seed: number;
}

/** English conversation runs at about this pace. */
const WORDS_PER_SECOND = 2.5;
const FIRST_ID = 100;
const ID_STEP = 100;

/** A turn of one speaker, in seconds. */
interface Turn {
  readonly participant: number;
  readonly start: number;
  readonly end: number;
}

/** A random meeting with generated voices. Throws a `UsageError` for numbers out of range. */
export async function generateMeeting(options: GenerateOptions): Promise<Scenario> {
  const { participants, durationSeconds, seed } = options;
  checkRange('invalid_participants', 'participants', participants, PEOPLE);
  checkRange('invalid_duration', 'durationSeconds', durationSeconds, MEETING_SECONDS);
  // A whole locale is large; it is loaded only for this.
  const { Faker, en, base } = await import('@faker-js/faker');
  const faker = new Faker({ locale: [en, base], seed });
  const random = createRandom(seed, 5);
  const people = Array.from({ length: participants }, (_, index) => ({
    id: FIRST_ID + ID_STEP * index,
    name: faker.person.fullName(),
    is_host: index === 0,
    platform: 'desktop',
  }));
  const sentence = (seconds: number): string => {
    const words = faker.lorem.words(Math.max(1, Math.round(seconds * WORDS_PER_SECOND)));
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  };

  const timeline: ScenarioAction[] = [];
  const turns = takeTurns(random, participants, durationSeconds);
  for (const [index, { id }] of people.entries()) {
    const own = turns.filter(({ participant }) => participant === index);
    timeline.push(...microphone(random, id, own, durationSeconds));
    for (const { start, end } of own) {
      const duration = rounded(end - start);
      timeline.push({ at: start, participant: id, action: 'speak', duration, text: sentence(duration) });
    }
  }
  const order = { unmute: 0, speak: 1, mute: 2 } as Readonly<Record<string, number>>;
  timeline.sort(
    (a, b) =>
      Number(a.at) - Number(b.at) || a.participant - b.participant || order[a.action]! - order[b.action]!,
  );
  return {
    title: `Generated meeting, seed ${seed}`,
    seed,
    duration: durationSeconds,
    participants: people,
    timeline,
  };
}

/** Who speaks when: turns after another with short pauses, some begun before the last has ended, and backchannels. */
function takeTurns(random: Random, participants: number, durationSeconds: number): Turn[] {
  const turns: Turn[] = [];
  const freeFrom = new Array<number>(participants).fill(0);
  const add = (participant: number, start: number, length: number): void => {
    const from = rounded(Math.max(start, freeFrom[participant]! + 0.2));
    const end = rounded(Math.min(from + length, durationSeconds - 0.1));
    if (end - from < 0.3) return;
    turns.push({ participant, start: from, end });
    freeFrom[participant] = end;
  };
  let clock = random.between(0.3, 1);
  let speaker = 0;
  while (clock < durationSeconds - 1) {
    // Turn lengths fall off exponentially, within what people can say and listen to.
    const length = Math.min(12, 1.5 - Math.log(1 - random.next()) * 3);
    add(speaker, clock, length);
    if (participants > 1 && length > 3 && random.next() < 0.3) {
      const listener = (speaker + random.integer(1, participants - 1)) % participants;
      add(listener, clock + random.between(1, length - 1), random.between(0.4, 0.9));
    }
    clock += length + (random.next() < 0.25 ? -random.between(0.2, 0.8) : random.between(0.1, 1.2));
    if (participants > 1) speaker = (speaker + random.integer(1, participants - 1)) % participants;
  }
  return turns.sort((a, b) => a.start - b.start);
}

/** Some keep their microphone open, the others open it to speak and close it when they will not speak for a while. */
function microphone(
  random: Random,
  id: number,
  turns: readonly Turn[],
  durationSeconds: number,
): ScenarioAction[] {
  const first = turns[0];
  if (first === undefined) return [];
  if (random.next() < 0.25) return [{ at: 0, participant: id, action: 'unmute' }];
  const actions: ScenarioAction[] = [];
  const patience = random.between(2, 8);
  let openedAt = rounded(Math.max(0, first.start - random.between(0.2, 0.8)));
  for (const [index, { end }] of turns.entries()) {
    const next = turns[index + 1];
    if (next !== undefined && next.start - end < patience) continue;
    const closeAt = rounded(end + random.between(0.1, 0.8));
    actions.push({ at: openedAt, participant: id, action: 'unmute' });
    if (closeAt < durationSeconds) actions.push({ at: closeAt, participant: id, action: 'mute' });
    if (next !== undefined)
      openedAt = rounded(Math.max(closeAt + 0.1, next.start - random.between(0.2, 0.8)));
  }
  return actions;
}

/** What `writeMeeting` wrote: absolute paths. */
export interface WrittenMeeting {
  readonly scenario: string;
  readonly rttm: string;
  readonly truth: string;
  readonly wavFiles: number;
  readonly timeline: Timeline;
}

/**
 * Writes a meeting into a folder: `scenario.yaml`, `audio/<participant>-<n>.wav` for every utterance, and the ground
 * truth as `truth.rttm` and `truth.json`. One utterance is in memory at a time. Throws a `UsageError` for a folder that
 * cannot be one, and a `WriteError` for what the disk refuses.
 */
export async function writeMeeting(
  dir: string,
  scenario: Scenario,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<WrittenMeeting> {
  const generated = await compileScenario(scenario);
  makeOutputFolder(dir);
  makeOutputFolder(join(dir, 'audio'));
  try {
    const files = await writeUtterances(dir, generated, onProgress);
    return {
      scenario: writeText(dir, 'scenario.yaml', scenarioToYaml(withAudio(scenario, generated, files))),
      rttm: writeText(dir, 'truth.rttm', toRttm(generated, `meeting-seed-${generated.seed}`)),
      truth: writeText(dir, 'truth.json', `${JSON.stringify(toTruth(generated), null, 2)}\n`),
      wavFiles: files.size,
      timeline: generated,
    };
  } catch (error) {
    throw writeError(error, dir);
  }
}

function writeText(dir: string, name: string, text: string): string {
  const path = resolve(dir, name);
  const file = new OutputFiles(1).create(path, { replace: true });
  try {
    file.write(Buffer.from(text), 0);
  } finally {
    file.release();
  }
  return path;
}

/** The scenario with the written files in place of generated speech. What has no sound has no file, and stays as it is. */
function withAudio(scenario: Scenario, timeline: Timeline, files: ReadonlyMap<string, string>): Scenario {
  const indexOf = new Map(timeline.participants.map(({ id }, index) => [id, index]));
  return {
    ...scenario,
    timeline: scenario.timeline.map((action) => {
      if (action.action !== 'speak') return action;
      const { at, participant, text } = action;
      const audio = files.get(utteranceKey(indexOf.get(participant)!, toSamples(at)));
      if (audio === undefined) return action;
      return { at, participant, action: 'speak' as const, audio, ...(text === undefined ? {} : { text }) };
    }),
  };
}

/** Nobody says two things at the same time. */
function utteranceKey(participant: number, startSample: number): string {
  return `${participant} ${startSample}`;
}

const CHUNK_SAMPLES = SAMPLE_RATE;

/** File names, relative to the scenario, by utterance. */
async function writeUtterances(
  dir: string,
  timeline: Timeline,
  onProgress: (done: number, total: number) => void,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const counts = new Map<number, number>();
  for (const stream of timeline.streams) {
    const { id } = timeline.participants[stream.participant]!;
    for (const { kind, source, startSample } of stream.segments) {
      if (kind !== 'speech') continue;
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      const name = `audio/${id}-${String(count).padStart(3, '0')}.wav`;
      const writer = await openWavWriter(join(dir, name));
      const reader = source.open();
      try {
        for (let position = 0; position < source.samples; position += CHUNK_SAMPLES) {
          const chunk = new Int16Array(Math.min(CHUNK_SAMPLES, source.samples - position));
          reader.read(chunk);
          writer.write(position, chunk);
        }
      } finally {
        reader.close();
        writer.close();
      }
      files.set(utteranceKey(stream.participant, startSample), name);
      onProgress(files.size, timeline.utterances.length);
    }
  }
  return files;
}

/** Tenths of a second: short to read, and whole samples. */
function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
