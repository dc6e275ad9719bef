/** What is made of a bot whose process has ended, or that comes out of a snapshot, while it was in its call. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BYTES_PER_SAMPLE } from '../../protocol/pcm.ts';
import { MIXED_FILE } from './recording-files.ts';
import { type BotState, type SdkUploadRecord, statusOf } from './records.ts';

/** The process ended in mid-call. What was recorded by then is whole; the bot is not. */
export function recover(
  state: BotState,
  now: string,
  dirOf: (botId: string, recordingId: string) => string,
): void {
  const { bot } = state;
  if (bot.sdkUpload !== undefined) recoverUpload(bot.sdkUpload, now);
  else if (
    statusOf(bot) !== 'ready' ||
    bot.statusChanges.length === 0 ||
    !isInFuture(bot.request.join_at, now)
  ) {
    bot.statusChanges.push({
      code: 'fatal',
      message: 'The emulator ended while the bot was in its call.',
      created_at: now,
      sub_code: 'emulator_restarted',
    });
  }
  for (const recording of state.recordings) {
    if (recording.status.code !== 'processing' && recording.status.code !== 'paused') continue;
    const status = { code: 'done' as const, sub_code: 'emulator_restarted', updated_at: now };
    recording.status = status;
    recording.completedAt ??= now;
    for (const artifact of state.artifacts)
      if (artifact.recordingId === recording.id && artifact.status.code === 'processing')
        artifact.status = status;
    for (const endpoint of state.realtimeEndpoints)
      if (endpoint.recordingId === recording.id && endpoint.status.code === 'running')
        endpoint.status = { ...status, code: 'failed' };
    const { content } = recording;
    const dir = dirOf(bot.id, recording.id);
    // What counts is what the disk has, in whole samples.
    for (const part of content.audioParts) part.samples = samplesIn(join(dir, part.file));
    content.audioParts = content.audioParts.filter(({ samples }) => samples > 0);
    content.mixedSamples = samplesIn(join(dir, MIXED_FILE));
  }
}

/** One that waits can still be recorded for. */
function recoverUpload(upload: SdkUploadRecord, now: string): void {
  if (upload.status.code !== 'pending')
    upload.status = { code: 'failed', sub_code: 'emulator_restarted', updated_at: now };
}

function samplesIn(path: string): number {
  try {
    return Math.floor(statSync(path).size / BYTES_PER_SAMPLE);
  } catch {
    return 0;
  }
}

function isInFuture(joinAt: string | null | undefined, now: string): boolean {
  return joinAt != null && Date.parse(joinAt) > Date.parse(now);
}
