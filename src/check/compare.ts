/**
 * Two recordings, or a folder of what was kept and the meeting that was played: what differs, in the oracle's words. Reads
 * files, plays nothing.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { openAudioFile } from '../audio/file.ts';
import { readAll } from '../audio/source.ts';
import { EmulatorError, UsageError } from '../errors.ts';
import { refusalOf } from '../files.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { openMeeting } from '../scenario/open.ts';
import type { Layout } from './oracle/content.ts';
import { type Finding, seconds } from './oracle/finding.ts';
import { isOk, judge, type KeptFile } from './oracle/judge.ts';
import { AUDIO_EXTENSIONS, readKept } from './oracle/kept-file.ts';
import { locator } from './oracle/locate.ts';
import { judgeMix } from './oracle/mix.ts';
import { type Sent, sentAsOne, sentOf } from './oracle/sent.ts';

export interface Comparison {
  /** Whether there is nothing but notes. */
  readonly ok: boolean;
  /** Whether silence stands where nothing was sent. */
  readonly layout: Layout;
  /** The heaviest first. */
  readonly findings: readonly (Finding & { readonly name: string | null })[];
  /** What was compared, one line. */
  readonly summary: string;
}

const MAX_FILES = 1_000;
const MAX_DEPTH = 3;

/**
 * `kept`: a file or a folder. `sent`: for a file another file, for a folder a scenario, a capture or a built-in name. Throws a
 * `UsageError` (`not_comparable`, `too_many_files`, and those of scenarios) and an `AudioError`.
 */
export async function compare(kept: string, sent: string): Promise<Comparison> {
  const isFolder = (await stat(kept).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? compareFolder(kept, sent) : compareFiles(kept, sent);
}

async function compareFiles(kept: string, sent: string): Promise<Comparison> {
  if (!AUDIO_EXTENSIONS.includes(extname(sent).toLowerCase())) {
    throw new UsageError('not_comparable', `${sent} is no audio file, and ${kept} is no folder.`, {
      hint: 'Compare two .wav, .pcm or .raw files, or a folder with a scenario.',
    });
  }
  const [expected, actual] = [await readKept(sent), await readKept(kept)];
  const isSameForm = expected.sampleRate === actual.sampleRate && expected.channels === actual.channels;
  // Two of one rate are compared sample by sample, whatever it is: both are made native.
  const native = async (path: string): Promise<Int16Array> => readAll(await openAudioFile(path));
  const isNative = expected.sampleRate === SAMPLE_RATE && expected.channels === 1;
  const reference = isNative ? expected.samples : await native(sent);
  const audio =
    isSameForm && !isNative ? { samples: await native(kept), sampleRate: SAMPLE_RATE, channels: 1 } : actual;
  const all = sentAsOne(reference, basename(sent));
  const { findings, ok, layout } = judge([{ file: basename(kept), participant: 0, audio }], locator(all));
  return {
    ok,
    layout,
    findings: findings.map((finding) => ({ ...finding, participant: null, name: null })),
    summary: `${kept} and ${sent} (${seconds(reference.length)} s)`,
  };
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
  for (const path of mixes) all.push(...judgeMix(await readKept(path), sent));
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

async function readOrSay(path: string): Promise<KeptFile['audio']> {
  try {
    return await readKept(path);
  } catch (error) {
    if (error instanceof EmulatorError) return { problem: error.message };
    throw error;
  }
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
    else if (entry.isFile() && AUDIO_EXTENSIONS.includes(extname(entry.name).toLowerCase())) files.push(path);
    if (files.length > MAX_FILES) {
      throw new UsageError('too_many_files', `${folder} has more than ${MAX_FILES} audio files.`, {
        hint: 'Name the folder of one recording.',
      });
    }
  }
  return files;
}

function list(folder: string) {
  return readdir(folder, { withFileTypes: true });
}
