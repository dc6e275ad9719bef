/**
 * The files that a receiver wrote, found by a pattern: `out/recording-{recording_id}/participant-{id}.wav`. `{id}`, `{name}`,
 * `{recording_id}`, `{bot_id}` and `*` stand for parts of one name.
 */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import type { KeptFile } from '../oracle/judge.ts';
import { readOrSay } from '../oracle/kept-file.ts';
import type { PlayedMeeting } from '../seen.ts';
import { escapedFiles } from './escapes.ts';
import type { KeptWitness } from './kept.ts';

const FIELDS = ['id', 'name', 'recording_id', 'bot_id'] as const;
type Field = (typeof FIELDS)[number];
/** What is looked through. */
const MAX_ENTRIES = 20_000;

interface FoundFile {
  readonly path: string;
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  /** Changes whenever the file does. */
  readonly version: string;
}

class FilePattern {
  readonly text: string;
  readonly #segments: readonly string[];
  readonly #root: string;

  /** Throws a `UsageError` (`invalid_pattern`). */
  constructor(text: string) {
    const unknown = [...text.matchAll(/\{([^}]*)\}/g)].find(([, field]) => !FIELDS.includes(field as Field));
    if (text.trim() === '' || unknown !== undefined) {
      const what = unknown === undefined ? 'is empty' : `has ${unknown[0]}, which stands for nothing`;
      throw new UsageError('invalid_pattern', `The pattern ${JSON.stringify(text)} ${what}.`, {
        hint: `It may have ${FIELDS.map((field) => `{${field}}`).join(', ')} and *.`,
      });
    }
    this.text = text;
    const segments = resolve(text).split(sep);
    const first = segments.findIndex((segment) => /[{*]/.test(segment));
    const fixed = first === -1 ? segments.length - 1 : first;
    this.#root = segments.slice(0, fixed).join(sep) || sep;
    this.#segments = segments.slice(fixed);
  }

  /** Below it is all that fits. */
  get root(): string {
    return this.#root;
  }

  /** Whether files of several meetings can be told apart. */
  get tellsMeetings(): boolean {
    return /\{(recording_id|bot_id)\}/.test(this.text);
  }

  /** Whether what fits has an id of the meeting in its name: one that is known. */
  tellsApart(known: Partial<Record<Field, string>>): boolean {
    return (['recording_id', 'bot_id'] as const).some(
      (field) => known[field] !== undefined && this.text.includes(`{${field}}`),
    );
  }

  /** All files of all meetings that fit, in the order of their names. */
  async find(known: Partial<Record<Field, string>> = {}): Promise<FoundFile[]> {
    const found: FoundFile[] = [];
    const budget = { left: MAX_ENTRIES };
    await this.#walk(this.#root, 0, {}, known, found, budget);
    return found;
  }

  async #walk(
    folder: string,
    depth: number,
    fields: Partial<Record<Field, string>>,
    known: Partial<Record<Field, string>>,
    found: FoundFile[],
    budget: { left: number },
  ): Promise<void> {
    const isLast = depth === this.#segments.length - 1;
    const pattern = expressionOf(this.#segments[depth]!, { ...known, ...fields });
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (budget.left-- <= 0) return;
      const match = pattern.exec(entry.name);
      if (match === null) continue;
      const path = join(folder, entry.name);
      const here = { ...fields, ...match.groups };
      if (!isLast) {
        if (!entry.isFile()) await this.#walk(path, depth + 1, here, known, found, budget);
        continue;
      }
      const info = await stat(path).catch(() => undefined);
      if (info?.isFile() !== true) continue;
      found.push({ path, fields: here, version: `${info.size}/${info.mtimeMs}` });
    }
  }
}

/** One path segment as an expression. What is known already stands for itself. */
function expressionOf(segment: string, known: Partial<Record<Field, string>>): RegExp {
  const seen = new Set<string>();
  const source = segment.replace(/\{(\w+)\}|\*|[^{*]+|\{/g, (part, field: Field | undefined) => {
    if (part === '*') return '[^/]*';
    if (field === undefined) return escaped(part);
    const value = known[field];
    if (value !== undefined) return escaped(value);
    if (seen.has(field)) return `\\k<${field}>`;
    seen.add(field);
    return field === 'id' ? '(?<id>-?\\d{1,20})' : `(?<${field}>[^/]*?)`;
  });
  return new RegExp(`^${source}$`, 'u');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The files of cases: what was there before a case is not of it. */
export class CaseFiles {
  readonly #patterns: readonly FilePattern[];
  readonly #stale = new Map<string, string>();

  /** Throws a `UsageError` (`invalid_pattern`). */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((text) => new FilePattern(text));
  }

  async prepare(): Promise<void> {
    this.#stale.clear();
    for (const pattern of this.#patterns)
      for (const { path, version } of await pattern.find()) this.#stale.set(path, version);
  }

  /**
   * Undefined when no pattern can tell the files of this meeting from those of others. Throws a `UsageError` (`left_over_files`)
   * for files of this meeting that were there before it began: what is added to them is no fault of the receiver's.
   */
  async of(meeting: PlayedMeeting, meetings: readonly PlayedMeeting[]): Promise<FoundFile[] | undefined> {
    const telling = this.#patterns.filter((pattern) => pattern.tellsMeetings || meetings.length === 1);
    if (telling.length === 0) return undefined;
    const { recordingId, botId, plan } = meeting;
    // Who is told of no bot calls it as they like.
    const known = { recording_id: recordingId, ...(plan.namesNoBot !== true && { bot_id: botId }) };
    const found = await Promise.all(telling.map((pattern) => pattern.find(known)));
    for (const [index, files] of found.entries()) {
      const leftOver = files.find(({ path }) => this.#stale.has(path));
      if (leftOver !== undefined && telling[index]!.tellsApart(known))
        throw leftOverError(leftOver.path, meeting);
    }
    return found.flat().filter(({ path, version }) => this.#stale.get(path) !== version);
  }

  /** Where the receiver writes, as far as that is known. */
  foldersOf(found: readonly FoundFile[]): string[] {
    const folders = [...this.#patterns.map(({ root }) => root), ...found.map(({ path }) => dirname(path))];
    return [...new Set(folders)];
  }

  async state(meeting: PlayedMeeting, meetings: readonly PlayedMeeting[]): Promise<string> {
    const files = (await this.of(meeting, meetings)) ?? [];
    return files.map(({ path, version }) => `${path} ${version}`).join('\n');
  }
}

function leftOverError(path: string, { recordingId }: PlayedMeeting): UsageError {
  const what = `${plainText(relative('.', path))} was there before its recording (${recordingId}) began.`;
  return new UsageError('left_over_files', what, {
    hint: 'With the same `seed`, recordings have the ids of an earlier run: empty the folder first, or leave out `seed`.',
  });
}

/** Kept audio in files. */
export function filesWitness(patterns: readonly string[]): KeptWitness {
  const files = new CaseFiles(patterns);
  return {
    option: 'files',
    prepare: () => files.prepare(),
    state: (meeting, meetings) => files.state(meeting, meetings),
    async look(meeting, meetings) {
      const found = await files.of(meeting, meetings);
      if (found === undefined) return undefined;
      const read = async ({ path, fields }: FoundFile): Promise<KeptFile> => ({
        file: relative('.', path),
        participant: participantOf(fields, meeting),
        audio: await readOrSay(path),
      });
      const escaped = await escapedFiles(files.foldersOf(found), meeting);
      const known = new Set(found.map(({ path }) => path));
      return [
        ...(await Promise.all(found.map(read))),
        ...escaped
          .filter(({ path }) => !known.has(path))
          .map(({ path, participant, problem }) => ({
            file: relative('.', path),
            participant,
            audio: { problem },
          })),
      ];
    },
    close: () => Promise.resolve(),
  };
}

/** Whose file it is, where its name says so without doubt. */
function participantOf(fields: FoundFile['fields'], { sent }: PlayedMeeting): number | undefined {
  if (fields.id !== undefined) return Number(fields.id);
  if (fields.name === undefined) return undefined;
  const wanted = simplified(fields.name);
  const named = sent.tracks.filter(({ name }) => simplified(name) === wanted);
  return named.length === 1 ? named[0]!.id : undefined;
}

/** As receivers make file names of people's. */
function simplified(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
