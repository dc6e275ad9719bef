/** Why a recording could not go on: the disk, an audio file that is gone, or a defect of ours. */
import { EmulatorError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { diskFailure } from '../store/disk-errors.ts';
import type { ArtifactKind } from '../store/records.ts';

/** What carries audio to a file: these fail with the disk, everything else is in memory. */
export const AUDIO_ARTIFACTS: readonly ArtifactKind[] = ['audio_separate', 'audio_mixed', 'video_mixed'];

export interface RecordingFailure {
  /** The recording's `sub_code`. */
  readonly code: string;
  /** For people. */
  readonly text: string;
}

/** `log` is the line of the log: of a defect it has the stack. */
export function recordingFailure(error: unknown): RecordingFailure & { readonly log: string } {
  const disk = diskFailure(error);
  if (disk !== undefined) return { ...disk, log: disk.text };
  const text = plainText((error as Error).message ?? String(error));
  const log = error instanceof EmulatorError ? text : `defect: ${(error as Error).stack ?? text}`;
  return { code: 'emulator_error', text, log };
}
