/** The ffmpeg of this machine, for tests of formats that only it reads; they are skipped where there is none. */
import { spawnSync } from 'node:child_process';

export const HAS_FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

/** Writes `output`, in the format of its name. Throws when ffmpeg does not. */
export function encodeByFfmpeg(input: string, output: string, ...options: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', input, ...options, output]);
  if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
}
