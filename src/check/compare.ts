/**
 * Two recordings, or a folder of what was kept and the meeting that was played: what differs, in the oracle's words. Reads
 * files, plays nothing.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { AUDIO_EXTENSIONS } from '../audio/decode/format.ts';
import { nativePcm } from '../audio/wav.ts';
import { UsageError } from '../errors.ts';
import { refusalOf } from '../files.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { openMeeting } from '../scenario/open.ts';
import { toTruth } from '../scenario/truth.ts';
import type { Layout } from './oracle/content.ts';
import {
  type DiarizationScore,
  matchSpeakers,
  referenceOf,
  referenceOfSpeakers,
  scoreOf,
} from './oracle/diarization.ts';
import { diarizationFindings, scoreInWords } from './oracle/diarization-words.ts';
import { type Finding, seconds, toFindings } from './oracle/finding.ts';
import type { Kept } from './oracle/form.ts';
import { isOk, judge, type KeptFile } from './oracle/judge.ts';
import { readKept, readOrSay } from './oracle/kept-file.ts';
import { locator } from './oracle/locate.ts';
import { judgeMix } from './oracle/mix.ts';
import { readRttm } from './oracle/rttm.ts';
import { type Sent, sentAsOne, sentOf } from './oracle/sent.ts';

export interface Comparison {
  /** Whether there is nothing but notes. */
  readonly ok: boolean;
  /** Whether silence stands where nothing was sent. */
  readonly layout: Layout;
  /** Of RTTM files. */
  readonly diarization?: DiarizationScore | undefined;
  /** The heaviest first. */
  readonly findings: readonly (Finding & { readonly name: string | null })[];
  /** What was compared, one line. */
  readonly summary: string;
}

const MAX_FILES = 1_000;
const MAX_DEPTH = 3;

/**
 * `kept`: a file or a folder. `sent`: for an audio file another one; for a folder a scenario, a capture or a built-in name; for
 * an RTTM file any of these three or another one. Throws a `UsageError` (`not_comparable`, `too_many_files`, and those of
 * scenarios), an `InvalidInputError` (`bad_rttm`) and an `AudioError`.
 */
export async function compare(kept: string, sent: string): Promise<Comparison> {
  if (isRttm(kept)) return compareAccounts(kept, sent);
  const isFolder = (await stat(kept).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? compareFolder(kept, sent) : compareFiles(kept, sent);
}

async function compareFiles(kept: string, sent: string): Promise<Comparison> {
  if (!isAudio(sent)) {
    throw new UsageError('not_comparable', `${sent} is no audio file, and ${kept} is no folder.`, {
      hint: 'Compare two audio files, or a folder with a scenario.',
    });
  }
  const [expected, actual] = [await readKept(sent), await readKept(kept)];
  const isSameForm = expected.sampleRate === actual.sampleRate && expected.channels === actual.channels;
  const reference = await native(expected, sent);
  // Two of one rate are compared sample by sample, whatever it is: both are made native.
  const audio = isSameForm
    ? { ...actual, samples: await native(actual, kept), sampleRate: SAMPLE_RATE, channels: 1 }
    : actual;
  const all = sentAsOne(reference, basename(sent));
  const { findings, ok, layout } = judge([{ file: basename(kept), participant: 0, audio }], locator(all));
  return {
    ok,
    layout,
    findings: findings.map((finding) => ({ ...finding, participant: null, name: null })),
    summary: `${kept} and ${sent} (${seconds(reference.length)} s)`,
  };
}

/** Who spoke when. */
async function compareAccounts(kept: string, sent: string): Promise<Comparison> {
  const reference = isRttm(sent)
    ? referenceOfSpeakers(await readRttm(sent))
    : referenceOf(toTruth((await openMeeting(sent)).timeline));
  const match = matchSpeakers(await readRttm(kept), reference);
  const diarization = scoreOf(match);
  const findings = diarizationFindings(match);
  const nameOf = new Map(reference.people.map(({ id, name }) => [id, name]));
  return {
    ok: isOk(findings),
    layout: 'either',
    diarization,
    findings: findings.map((finding) => ({
      ...finding,
      name: finding.participant === null ? null : (nameOf.get(finding.participant) ?? null),
    })),
    summary: `${kept} and ${sent}: ${scoreInWords(diarization)}`,
  };
}

/** One channel at 16 kHz. */
async function native({ samples, sampleRate, channels }: Kept, path: string): Promise<Int16Array> {
  if ((sampleRate === SAMPLE_RATE && channels === 1) || samples.length < channels) return samples;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const format = { encoding: 'int', bitsPerSample: 16, sampleRate, channels } as const;
  const layout = { ...format, dataOffset: 0, dataBytes: bytes.length };
  return nativePcm(layout, (at, length) => bytes.subarray(at, at + length), path);
}

async function compareFolder(folder: string, scenario: string): Promise<Comparison> {
  const { timeline } = await openMeeting(scenario);
  const sent = sentOf(timeline);
  const paths = await audioFiles(folder);
  const folders = new Set(paths.map((path) => join(path, '..')));
  if (folders.size > 1) {
    throw new UsageError('not_comparable', `${folder} has audio in ${folders.size} folders.`, {
      hint: `Name the folder of one recording, for example ${[...folders][0]}.`,
    });
  }
  const mixes = paths.filter((path) => /^mix/i.test(basename(path)));
  const files: KeptFile[] = [];
  for (const path of paths.filter((each) => !mixes.includes(each)))
    files.push({
      file: basename(path),
      participant: idIn(basename(path), sent),
      audio: await readOrSay(path),
    });
  const { findings, layout } = judge(files, locator(sent));
  const all = [...findings];
  for (const path of mixes) {
    const audio = await readOrSay(path);
    all.push(...('problem' in audio ? unreadableFindings(audio.problem) : judgeMix(audio, sent)));
  }
  const nameOf = new Map(sent.tracks.map(({ id, name }) => [id, name]));
  return {
    ok: isOk(all),
    layout,
    findings: all.map((finding) => ({
      ...finding,
      name: nameOf.get(finding.participant ?? Number.NaN) ?? null,
    })),
    summary: `${paths.length} file${paths.length === 1 ? '' : 's'} in ${[...folders][0] ?? folder} and ${scenario}`,
  };
}

function unreadableFindings(text: string): Finding[] {
  return toFindings([{ code: 'unreadable', start: 0, end: 0, weight: 0, text }], null);
}

/** `participant-100.wav`, `100.pcm`, `Ada_100.wav`: the number that is somebody's id, or else the one that is called an id. */
function idIn(file: string, { tracks }: Sent): number | undefined {
  const numbers = [...file.matchAll(/\d{1,16}/g)].map(([digits]) => Number(digits));
  const known = numbers.find((number) => tracks.some(({ id }) => id === number));
  const named = /participant[-_]?(\d{1,16})/i.exec(file)?.[1];
  return known ?? (named === undefined ? undefined : Number(named));
}

async function audioFiles(folder: string, depth = 0): Promise<string[]> {
  let entries: Awaited<ReturnType<typeof list>>;
  try {
    entries = await list(folder);
  } catch (error) {
    throw new UsageError('file_unreadable', `${folder} cannot be read: ${refusalOf(error) ?? error}.`, {
      hint: 'Check the path.',
    });
  }
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH && !entry.name.startsWith('.'))
      files.push(...(await audioFiles(path, depth + 1)));
    else if (entry.isFile() && isAudio(entry.name)) files.push(path);
    if (files.length > MAX_FILES) {
      throw new UsageError('too_many_files', `${folder} has more than ${MAX_FILES} audio files.`, {
        hint: 'Name the folder of one recording.',
      });
    }
  }
  return files;
}

function isRttm(path: string): boolean {
  return extname(path).toLowerCase() === '.rttm';
}

function isAudio(path: string): boolean {
  return AUDIO_EXTENSIONS.includes(extname(path).toLowerCase());
}

function list(folder: string) {
  return readdir(folder, { withFileTypes: true });
}
