/**
 * Who speaks when, as diarizers write it: RTTM as the NIST RT-09 evaluation plan defines it. Only `SPEAKER` lines count; other
 * kinds of that format and comments are passed over.
 */
import { InvalidInputError, type Problem } from '../../errors.ts';
import { readTextFile } from '../../files.ts';
import { plainText } from '../../plain-text.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { DAY_SECONDS } from '../../range.ts';
import { joined, type Range } from './sent.ts';

/** One person's speech. */
export interface Speaker {
  /** As the file calls them. */
  readonly name: string;
  /** In samples at 16 kHz; sorted, apart. */
  readonly ranges: readonly Range[];
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_SEGMENTS = 100_000;
const MAX_SPEAKERS = 1_000;
const MAX_NAME_CHARACTERS = 200;
/** More of them say nothing new. */
const MAX_PROBLEMS = 10;
const OTHER_KINDS = new Set([
  'SEGMENT',
  'NOSCORE',
  'NO_RT_METADATA',
  'LEXEME',
  'NON-LEX',
  'NON-SPEECH',
  'FILLER',
  'EDIT',
  'IP',
  'SU',
  'CB',
  'A/P',
  'SPKR-INFO',
]);

/**
 * Throws an `InvalidInputError` (`bad_rttm`) with file and line, and a `UsageError`: `file_unreadable`, `not_a_file`,
 * `file_too_large` (more than 16 MiB).
 */
export async function readRttm(path: string): Promise<Speaker[]> {
  return parseRttm(await readTextFile(path, MAX_BYTES), path);
}

/** In order of their first segments. `file` is for errors. Throws an `InvalidInputError` (`bad_rttm`). */
export function parseRttm(text: string, file: string): Speaker[] {
  const segments = new Map<string, Range[]>();
  const recordings = new Set<string>();
  const problems: Problem[] = [];
  let count = 0;
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const [kind = '', recording = '', channel = '', onset = '', duration = '', , , name = ''] = line
      .trim()
      .split(/\s+/);
    if (kind === '' || kind.startsWith(';') || OTHER_KINDS.has(kind)) continue;
    const problem = kind === 'SPEAKER' ? wrongWith(onset, duration, name) : noSegment(line);
    if (problem !== undefined) {
      problems.push({ code: 'bad_rttm', ...problem, location: { file, line: index + 1 } });
      if (problems.length >= MAX_PROBLEMS) break;
      continue;
    }
    recordings.add(`${recording} ${channel}`);
    const range = rangeOf(Number(onset), Number(duration));
    const known = segments.get(name);
    if (known === undefined) segments.set(name, [range]);
    else known.push(range);
    count++;
    if (count > MAX_SEGMENTS || segments.size > MAX_SPEAKERS) break;
  }
  const ofAll = wrongWithAll(count, segments.size, recordings.size);
  if (ofAll !== undefined) problems.push({ code: 'bad_rttm', ...ofAll, location: { file } });
  if (problems.length > 0) throw new InvalidInputError('bad_rttm', problems);
  return [...segments].map(([name, ranges]) => ({ name, ranges: joined(ranges) }));
}

type Wrong = Pick<Problem, 'message' | 'hint'> | undefined;

const NUMBER = /^\+?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function wrongWith(onset: string, duration: string, name: string): Wrong {
  for (const [what, value] of [
    ['onset', onset],
    ['duration', duration],
  ] as const) {
    if (NUMBER.test(value) && Number(value) <= DAY_SECONDS) continue;
    return {
      message: `The ${what} is ${value === '' ? 'missing' : `\`${plainText(value, MAX_NAME_CHARACTERS)}\``}.`,
      hint: `It is a number of seconds, at most ${DAY_SECONDS}: SPEAKER <file> 1 <onset> <duration> <NA> <NA> <speaker> <NA> <NA>.`,
    };
  }
  if (name !== '' && name !== '<NA>' && name.length <= MAX_NAME_CHARACTERS) return undefined;
  const message =
    name.length > MAX_NAME_CHARACTERS ? 'The name of the speaker is too long.' : 'There is no speaker.';
  return { message, hint: 'The speaker is the eighth field.' };
}

function noSegment(line: string): Wrong {
  return {
    message: `\`${plainText(line.trim(), MAX_NAME_CHARACTERS)}\` is no line of RTTM.`,
    hint: 'Segments are lines like: SPEAKER <file> 1 <onset> <duration> <NA> <NA> <speaker> <NA> <NA>.',
  };
}

function wrongWithAll(segments: number, speakers: number, recordings: number): Wrong {
  if (segments > MAX_SEGMENTS)
    return { message: `There are more than ${MAX_SEGMENTS} segments.`, hint: 'Give those of one meeting.' };
  if (speakers > MAX_SPEAKERS)
    return { message: `There are more than ${MAX_SPEAKERS} speakers.`, hint: 'Give those of one meeting.' };
  if (recordings > 1)
    return {
      message: `It has segments of ${recordings} recordings or channels.`,
      hint: 'Give those of one.',
    };
  return undefined;
}

function rangeOf(onset: number, duration: number): Range {
  return { start: Math.round(onset * SAMPLE_RATE), end: Math.round((onset + duration) * SAMPLE_RATE) };
}
