/** What can be done with recordings that are over: made transcripts of, and deleted. Refuses what is not done yet. */
import { rm } from 'node:fs/promises';
import type { CreateTranscript } from '../../protocol/rest/media.ts';
import {
  type ArtifactRecord,
  type BotRecord,
  emptyContent,
  hasEnded,
  type RecordingRecord,
} from '../store/records.ts';
import type { BotContext } from './context.ts';
import { RecordingNews } from './recording-news.ts';
import { refused } from './refusal.ts';

/** Of a recording, beside that of its bot ("Asynchronous Transcription", 2026). */
const MAX_TRANSCRIPTS = 10;

export class Media {
  readonly #context: BotContext;

  constructor(context: BotContext) {
    this.#context = context;
  }

  /** Everything that a bot has recorded. Throws a `Refusal` before the bot has ended. */
  async deleteAll(bot: BotRecord): Promise<void> {
    if (!hasEnded(bot))
      throw refused(400, 'cannot_delete_media', 'The media of a bot can be deleted once the bot is done.');
    for (const recording of this.#context.store.state(bot.id)!.recordings)
      await this.deleteRecording(recording);
  }

  /** Throws a `Refusal` while it runs. */
  async deleteRecording(recording: RecordingRecord): Promise<void> {
    const { store, dirOf } = this.#context;
    if (recording.status.code === 'deleted') return;
    if (recording.status.code === 'processing' || recording.status.code === 'paused')
      throw refused(400, 'recording_in_progress', 'The recording is not done yet.');
    const state = store.state(recording.botId)!;
    for (const artifact of state.artifacts)
      if (artifact.recordingId === recording.id) this.#markDeleted(artifact, recording);
    recording.status = this.#deletedNow();
    recording.content = emptyContent(recording.content.title);
    this.#newsOf(recording).recording();
    await rm(dirOf(recording.botId, recording.id), { recursive: true, force: true });
    store.changed(recording.botId);
  }

  /** One media object of a recording. Throws a `Refusal` before it is done. */
  deleteArtifact(artifact: ArtifactRecord): void {
    const { store } = this.#context;
    if (artifact.status.code === 'processing')
      throw refused(400, 'media_in_progress', 'The media object is not done yet.');
    const recording = store.recording(artifact.recordingId)!;
    this.#markDeleted(artifact, recording);
    store.changed(recording.botId);
  }

  /** A transcript, made of what the scenario says was said. Throws a `Refusal` before the recording is done. */
  createTranscript(recording: RecordingRecord, asked: CreateTranscript): ArtifactRecord {
    const { calendar, ids, store } = this.#context;
    if (recording.status.code !== 'done')
      throw refused(400, 'recording_not_done', 'A transcript can be made of a recording that is done.');
    const state = store.state(recording.botId)!;
    if (this.#madeLater(recording).length >= MAX_TRANSCRIPTS) {
      const detail = `${MAX_TRANSCRIPTS} transcripts have been made of the recording: delete one first.`;
      throw refused(400, 'too_many_transcripts', detail);
    }
    const artifact: ArtifactRecord = {
      id: ids.uuid(`transcript ${recording.id} ${state.artifacts.length}`),
      kind: 'transcript',
      recordingId: recording.id,
      createdAt: calendar.now(),
      status: { code: 'processing', sub_code: null, updated_at: calendar.now() },
      metadata: asked.metadata ?? {},
      provider: asked.provider,
      diarization: asked.diarization,
    };
    state.artifacts.push(artifact);
    recording.artifactIds.transcript = artifact.id;
    const news = this.#newsOf(recording);
    news.artifact(artifact);
    artifact.status = { ...artifact.status, code: 'done' };
    news.artifact(artifact);
    return artifact;
  }

  /** The transcripts that were made of a recording after it, and are still there. */
  #madeLater({ id: recordingId }: RecordingRecord): ArtifactRecord[] {
    const { ids, store } = this.#context;
    const own = ids.uuid(`transcript ${recordingId}`);
    return store
      .artifacts('transcript')
      .filter(
        (each) => each.recordingId === recordingId && each.id !== own && each.status.code !== 'deleted',
      );
  }

  #markDeleted(artifact: ArtifactRecord, recording: RecordingRecord): void {
    if (artifact.status.code === 'deleted') return;
    artifact.status = this.#deletedNow();
    this.#newsOf(recording).artifact(artifact);
  }

  #deletedNow() {
    return { code: 'deleted' as const, sub_code: null, updated_at: this.#context.calendar.now() };
  }

  #newsOf(recording: RecordingRecord): RecordingNews {
    return new RecordingNews(this.#context, this.#context.store.state(recording.botId)!.bot, recording);
  }
}
