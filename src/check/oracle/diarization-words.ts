/** What is wrong with an account of who spoke when, put into words: who is missing, and whose speech is told as whose, and when. */
import { enumerated } from '../../words.ts';
import { type DiarizationScore, type Match, scoreOf, shared } from './diarization.ts';
import { type Draft, type Finding, period, span, toFindings } from './finding.ts';
import { joined, lengthOf, type Range, within, without } from './sent.ts';

/** Shorter pieces are rounding at the ends of words: half a second. */
const MIN_PIECE = 8_000;
/** Pieces that are shorter each, and wrong so often, are no rounding. */
const MAX_DER = 0.1;
/** More names say nothing more. */
const MAX_NAMES = 5;

/** `DER 12.5 % (1.0 s missed, 0.0 s false alarm, 0.5 s confused, of 12.0 s of speech)`. */
export function scoreInWords(score: DiarizationScore): string {
  const { der, missedSeconds, falseAlarmSeconds, confusionSeconds, speechSeconds } = score;
  const parts = [
    `${missedSeconds.toFixed(1)} s missed`,
    `${falseAlarmSeconds.toFixed(1)} s false alarm`,
    `${confusionSeconds.toFixed(1)} s confused`,
    `of ${speechSeconds.toFixed(1)} s of speech`,
  ];
  const rate = der === null ? 'no DER: there is no speech that counts' : `DER ${(100 * der).toFixed(1)} %`;
  return `${rate} (${parts.join(', ')})`;
}

/** The heaviest of each person first; the persons in their order, then what is nobody's. */
export function diarizationFindings(match: Match): Finding[] {
  const { people, speakers, speakerOf, personOf } = match;
  /** Where somebody speaks and is not told, and where somebody is told who does not speak; at one time it is a confusion. */
  const untold = people.map(({ ranges }, person) =>
    without(ranges, speakers[speakerOf[person] ?? -1]?.ranges ?? []),
  );
  const wrong = speakers.map(({ ranges }, speaker) =>
    without(ranges, people[personOf[speaker] ?? -1]?.ranges ?? []),
  );
  const anyWrong = joined(wrong.flat());
  const anyUntold = joined(untold.flat());
  const findings = people.flatMap((person, index) => {
    const drafts = [...absence(match, index)];
    for (const [speaker, ranges] of wrong.entries())
      drafts.push(...confusions(match, index, speaker, shared(untold[index]!, ranges)));
    if (speakerOf[index] !== undefined)
      drafts.push(...missed(match, index, without(untold[index]!, anyWrong)));
    return toFindings(drafts, person.id);
  });
  const ofNobody = speakers.flatMap((_, speaker) =>
    invented(match, speaker, without(wrong[speaker]!, anyUntold)),
  );
  const told = [...findings, ...toFindings([...ofNobody, ...surplus(match)], null)];
  return told.length > 0 ? told : toFindings(scattered(match), null);
}

/** Of an account that is wrong all over, though nowhere for long. */
function scattered(match: Match): Draft[] {
  const { der } = scoreOf(match);
  const first = match.scored[0];
  if (der === null || der < MAX_DER || first === undefined) return [];
  const text =
    'many pieces of less than half a second are wrong: no speech is told for long, or all of it beside its time';
  return [
    {
      code: 'speech_scattered',
      severity: 'warning',
      start: first.start,
      end: match.scored.at(-1)!.end,
      text,
    },
  ];
}

/** Of somebody who has no speaker of their own. */
function absence({ people, speakerOf, scored }: Match, index: number): Draft[] {
  const { name, ranges } = people[index]!;
  const weight = lengthOf(shared(ranges, scored));
  if (speakerOf[index] !== undefined || weight === 0) return [];
  const { start } = ranges[0]!;
  const { end } = ranges.at(-1)!;
  const text = `${name} is missing: no speaker is theirs, and they speak for ${span(lengthOf(ranges))}`;
  return [{ code: 'speaker_missing', start, end, weight, text }];
}

function confusions(match: Match, person: number, speaker: number, ranges: readonly Range[]): Draft[] {
  const { name } = match.people[person]!;
  const other = nameOf(match, speaker);
  return pieces(match, ranges).map(({ start, end, weight }) => ({
    code: 'speaker_confused',
    start,
    end,
    weight,
    text: `${period(start, end)} of ${name} is told as ${other}`,
    together: `speech of ${name} is told as others' at {} places`,
  }));
}

function missed(match: Match, person: number, ranges: readonly Range[]): Draft[] {
  const { name } = match.people[person]!;
  return pieces(match, ranges).map(({ start, end, weight }) => ({
    code: 'speech_missed',
    severity: 'warning',
    start,
    end,
    weight,
    text: `${period(start, end)} of ${name} is not told`,
    together: `speech of ${name} is not told at {} places`,
  }));
}

function invented(match: Match, speaker: number, ranges: readonly Range[]): Draft[] {
  // That there is somebody too many says it all.
  if (match.personOf[speaker] === undefined) return [];
  const name = nameOf(match, speaker);
  return pieces(match, ranges).map(({ start, end, weight }) => ({
    code: 'speech_invented',
    severity: 'warning',
    start,
    end,
    weight,
    text: `${period(start, end)} is told as ${name}, who does not speak then`,
    together: 'speech is told where those do not speak at {} places',
  }));
}

/** Speakers that nobody of the meeting is. */
function surplus(match: Match): Draft[] {
  const more = match.speakers.filter(
    ({ ranges }, index) => match.personOf[index] === undefined && pieces(match, ranges).length > 0,
  );
  if (more.length === 0) return [];
  const names = more.slice(0, MAX_NAMES).map(({ name }) => name);
  if (more.length > MAX_NAMES) names.push(`${more.length - MAX_NAMES} more`);
  const what = more.length === 1 ? 'a speaker too many' : `${more.length} speakers too many`;
  const all = joined(more.flatMap(({ ranges }) => ranges));
  const end = all.at(-1)!.end;
  return [
    {
      code: 'speaker_extra',
      start: all[0]!.start,
      end,
      weight: lengthOf(all),
      text: `${what}: ${enumerated(names)}`,
    },
  ];
}

/** The person whose speaker it is, or the speaker's own name. */
function nameOf({ people, speakers, personOf }: Match, speaker: number): string {
  const person = personOf[speaker];
  return person === undefined ? `speaker ${speakers[speaker]!.name}` : people[person]!.name;
}

/** Those of which enough counts. */
function pieces({ scored }: Match, ranges: readonly Range[]): (Range & { readonly weight: number })[] {
  return ranges
    .map(({ start, end }) => ({ start, end, weight: lengthOf(within(scored, start, end)) }))
    .filter(({ weight }) => weight >= MIN_PIECE);
}
