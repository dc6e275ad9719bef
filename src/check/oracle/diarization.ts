/**
 * Who spoke when, by somebody's account, against who did: the diarization error rate as the NIST RT-09 evaluation plan defines it
 * and its md-eval computes it, overlapping speech included. What is wrong in words is in diarization-words.ts.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { Truth } from '../../scenario/truth.ts';
import { bestAssignment } from './assignment.ts';
import type { Speaker } from './rttm.ts';
import { joined, lengthOf, type Range, within, without } from './sent.ts';

interface Person extends Speaker {
  /** The participant's; null when the truth is an RTTM file. */
  readonly id: number | null;
}

/** Who speaks when, for certain. */
export interface Reference {
  readonly people: readonly Person[];
  /** All that is judged. */
  readonly durationSamples: number;
}

/** Times in seconds, without those around the ends of true segments. */
export interface DiarizationScore {
  /** Missed, false alarm and confusion, by true speech: 0 is perfect, and more than 1 is possible. Null when no speech counts. */
  readonly der: number | null;
  readonly missedSeconds: number;
  readonly falseAlarmSeconds: number;
  readonly confusionSeconds: number;
  /** What was to be found; that of two who speak at once counts twice. */
  readonly speechSeconds: number;
  /** For each person, in their order, the speaker that fits best; null for nobody. */
  readonly mapping: readonly {
    readonly participant: number | null;
    readonly name: string;
    readonly speaker: string | null;
  }[];
}

/** What is compared, and what of it counts. */
export interface Match {
  readonly people: readonly Person[];
  readonly speakers: readonly Speaker[];
  /** By index: for each person the speaker, and the other way round. */
  readonly speakerOf: readonly (number | undefined)[];
  readonly personOf: readonly (number | undefined)[];
  /** Sorted, apart. */
  readonly scored: readonly Range[];
}

/** On each side of an end of a true segment: nobody can say it more exactly. */
const DEFAULT_COLLAR_SECONDS = 0.25;

export function referenceOf({ participants, duration_s }: Truth): Reference {
  return {
    durationSamples: Math.round(duration_s * SAMPLE_RATE),
    people: participants.map(({ id, name, utterances }) => ({
      id,
      name: name === null || name.trim() === '' ? `participant ${id}` : name,
      ranges: joined(
        utterances.map(({ start_sample, end_sample }) => ({ start: start_sample, end: end_sample })),
      ),
    })),
  };
}

/** One account as the truth of another. */
export function referenceOfSpeakers(speakers: readonly Speaker[]): Reference {
  const durationSamples = Math.max(0, ...speakers.map(({ ranges }) => ranges.at(-1)?.end ?? 0));
  return { durationSamples, people: speakers.map((speaker) => ({ ...speaker, id: null })) };
}

/** Finds out who is who. */
export function matchSpeakers(
  speakers: readonly Speaker[],
  { people, durationSamples }: Reference,
  collarSeconds = DEFAULT_COLLAR_SECONDS,
): Match {
  const whole = { start: 0, end: durationSamples };
  const heard = speakers.map(({ name, ranges }) => ({
    name,
    ranges: within(ranges, whole.start, whole.end),
  }));
  const speakerOf = bestAssignment(
    people.map((person) => heard.map((speaker) => lengthOf(shared(person.ranges, speaker.ranges)))),
  );
  const personOf = heard.map((_, index) => {
    const person = speakerOf.indexOf(index);
    return person === -1 ? undefined : person;
  });
  const collar = Math.round(collarSeconds * SAMPLE_RATE);
  const ends = people.flatMap(({ ranges }) => ranges.flatMap(({ start, end }) => [start, end]));
  const around = joined(ends.map((end) => ({ start: end - collar, end: end + collar })));
  return { people, speakers: heard, speakerOf, personOf, scored: without(joined([whole]), around) };
}

/** `speech` of `other` at the same time; both sorted and apart. */
export function shared(speech: readonly Range[], other: readonly Range[]): Range[] {
  return speech.flatMap(({ start, end }) => within(other, start, end));
}

interface Edge {
  readonly at: number;
  readonly step: 1 | -1;
  readonly of: 'scored' | 'person' | 'speaker';
  readonly index: number;
}

function edgesOf(of: Edge['of'], ranges: readonly Range[], index: number): Edge[] {
  return ranges.flatMap(({ start, end }): Edge[] => [
    { at: start, step: 1, of, index },
    { at: end, step: -1, of, index },
  ]);
}

/** Goes through the meeting from one change to the next. */
export function scoreOf({ people, speakers, speakerOf, personOf, scored }: Match): DiarizationScore {
  const edges = [
    ...edgesOf('scored', scored, 0),
    ...people.flatMap(({ ranges }, index) => edgesOf('person', ranges, index)),
    ...speakers.flatMap(({ ranges }, index) => edgesOf('speaker', ranges, index)),
  ].sort((a, b) => a.at - b.at);
  const isActive = { person: new Set<number>(), speaker: new Set<number>() };
  const samples = { missed: 0, falseAlarm: 0, confusion: 0, speech: 0 };
  let isScored = false;
  let right = 0;
  let position = 0;
  for (const { at, step, of, index } of edges) {
    const [spoken, told] = [isActive.person.size, isActive.speaker.size];
    const length = isScored ? at - position : 0;
    samples.speech += length * spoken;
    samples.missed += length * Math.max(0, spoken - told);
    samples.falseAlarm += length * Math.max(0, told - spoken);
    samples.confusion += length * (Math.min(spoken, told) - right);
    position = at;
    if (of === 'scored') {
      isScored = step === 1;
      continue;
    }
    const partner = of === 'person' ? speakerOf[index] : personOf[index];
    if (partner !== undefined && isActive[of === 'person' ? 'speaker' : 'person'].has(partner)) right += step;
    if (step === 1) isActive[of].add(index);
    else isActive[of].delete(index);
  }
  const wrong = samples.missed + samples.falseAlarm + samples.confusion;
  return {
    der: samples.speech === 0 ? null : wrong / samples.speech,
    missedSeconds: samples.missed / SAMPLE_RATE,
    falseAlarmSeconds: samples.falseAlarm / SAMPLE_RATE,
    confusionSeconds: samples.confusion / SAMPLE_RATE,
    speechSeconds: samples.speech / SAMPLE_RATE,
    mapping: people.map(({ id, name }, index) => ({
      participant: id,
      name,
      speaker: speakers[speakerOf[index] ?? -1]?.name ?? null,
    })),
  };
}
