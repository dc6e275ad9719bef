/**
 * A snapshot: bots with their recordings and audio in one JSON document, for a server that begins with them. Plain data, as a data
 * folder has it, and the audio as base64.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { plainText } from '../../plain-text.ts';
import type { Folder } from './data-folder.ts';
import { MIXED_FILE } from './recording-files.ts';
import { type BotState, hasEnded, type RecordingRecord } from './records.ts';
import { recover } from './recover.ts';
import { checkState } from './state-file.ts';

/** A snapshot is held in memory as a whole. */
export const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024;
/** Files are named by us; a snapshot may be written by anybody. */
const FILE_NAME = /^[\w-]{1,200}\.raw$/;

interface SnapshotAudio {
  readonly recording_id: string;
  readonly file: string;
  readonly base64: string;
}

export interface Snapshot {
  readonly version: 1;
  readonly bots: readonly { readonly state: BotState; readonly audio: readonly SnapshotAudio[] }[];
}

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  bots: z.array(
    z.strictObject({
      state: z.unknown(),
      audio: z.array(
        z.strictObject({ recording_id: z.uuid(), file: z.string().regex(FILE_NAME), base64: z.base64() }),
      ),
    }),
  ),
});

/** Throws a `UsageError` (`snapshot_too_large`). */
export function takeSnapshot(
  states: readonly BotState[],
  dirOf: (botId: string, recordingId: string) => string,
): Snapshot {
  let bytes = 0;
  const bots = states.map((state) => ({
    state,
    audio: state.recordings.flatMap((recording) =>
      filesOf(recording).flatMap((file) => {
        const path = join(dirOf(state.bot.id, recording.id), file);
        if (!existsSync(path)) return [];
        const base64 = readFileSync(path).toString('base64');
        bytes += base64.length;
        if (bytes > MAX_SNAPSHOT_BYTES / 2) {
          throw new UsageError('snapshot_too_large', 'The audio of these bots is too much for a snapshot.', {
            hint: 'Play shorter meetings, or keep a data folder instead.',
          });
        }
        return [{ recording_id: recording.id, file, base64 }];
      }),
    ),
  }));
  return { version: 1, bots };
}

/**
 * Puts the bots of a snapshot, the text of the file at `path`, into a folder, and returns them, but for those that are known there. Who was in a call comes back as `fatal`. Throws a `UsageError`
 * (`snapshot_invalid`).
 */
export function importSnapshot(
  path: string,
  text: string,
  folder: Folder,
  now: string,
  known: readonly BotState[],
): BotState[] {
  const parsed = parseJson(text);
  if (!parsed.ok) throw invalid(path, parsed.problem.message);
  const result = snapshotSchema.safeParse(parsed.value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(path, `${issue?.path.map(String).join('.')}: ${issue?.message}.`);
  }
  const ids = new Set(known.map(({ bot }) => bot.id));
  return result.data.bots.flatMap(({ state: value, audio }, index) => {
    const state = checkState(value);
    if ('problem' in state) throw invalid(path, `bots.${index}.state ${state.problem}.`);
    if (ids.has(state.bot.id)) return [];
    ids.add(state.bot.id);
    const dirOf = (botId: string, recordingId: string): string => folder.recordingDir(botId, recordingId);
    for (const { recording_id, file, base64 } of audio) {
      if (!state.recordings.some(({ id }) => id === recording_id))
        throw invalid(path, `bots.${index}.audio is of a recording that the bot does not have.`);
      const dir = dirOf(state.bot.id, recording_id);
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      writeFileSync(join(dir, file), Buffer.from(base64, 'base64'), { mode: 0o600 });
    }
    if (!hasEnded(state.bot)) recover(state, now, dirOf);
    folder.keep(state);
    return [state];
  });
}

function filesOf({ content }: RecordingRecord): string[] {
  return [...content.audioParts.map(({ file }) => file), ...(content.mixedSamples > 0 ? [MIXED_FILE] : [])];
}

function invalid(path: string, why: string): UsageError {
  return new UsageError('snapshot_invalid', `${plainText(path)} is no snapshot: ${plainText(why)}`, {
    hint: 'Save what GET /_emulator/export of this version answers.',
  });
}
