/** Records as the API answers them. Download URLs are made anew for every answer, because they expire. */
import type { Bot } from '../../protocol/rest/bot.ts';
import { type CreateBot, DEFAULT_BOT_NAME } from '../../protocol/rest/bot-requests.ts';
import type { Recording } from '../../protocol/rest/recording.ts';
import { RECORDING_DEFAULTS } from '../../protocol/rest/recording-config.ts';
import type { SdkUpload } from '../../protocol/rest/sdk-upload.ts';
import type { Metadata } from '../../protocol/rest/shapes.ts';
import { withDiarizationDefaults, withProviderDefaults } from '../../protocol/rest/transcript-providers.ts';
import {
  type ArtifactKind,
  type ArtifactRecord,
  type BotRecord,
  type BotState,
  type RealtimeEndpointRecord,
  type RecordingRecord,
  statusOf,
} from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { MEDIA } from './resources/media.ts';

/** A URL that gives a file for a while: `path` below the downloads, such as `<recording>/participants.json`. */
export type MakeDownloadUrl = (path: string) => string;

export class Serializer {
  readonly #store: Store;
  readonly #downloadUrl: MakeDownloadUrl;
  readonly #nowMs: number;

  constructor(store: Store, downloadUrl: MakeDownloadUrl, nowMs: number) {
    this.#store = store;
    this.#downloadUrl = downloadUrl;
    this.#nowMs = nowMs;
  }

  bot(bot: BotRecord): Bot {
    const state = this.#store.state(bot.id)!;
    const { request } = bot;
    const echo = (value: unknown): Record<string, unknown> | null =>
      (value as Record<string, unknown> | null | undefined) ?? null;
    return {
      id: bot.id,
      meeting_url: bot.meetingUrl,
      bot_name: request.bot_name ?? DEFAULT_BOT_NAME,
      // "Once a bot has joined a call, it's join_at will be cleared" (OpenAPI document, 2026).
      join_at: statusOf(bot) === 'ready' ? (request.join_at ?? null) : null,
      recording_config: { ...RECORDING_DEFAULTS, ...withTranscriptDefaults(request.recording_config) },
      status_changes: bot.statusChanges,
      recordings: state.recordings.map((recording) => this.#embed(recording, state)),
      output_media: echo(request.output_media),
      automatic_video_output: echo(withoutFiles(request.automatic_video_output)),
      automatic_audio_output: echo(withoutFiles(request.automatic_audio_output)),
      chat: echo(request.chat),
      automatic_leave: echo(request.automatic_leave),
      variant: echo(request.variant),
      calendar_meetings: [],
      zoom: echo(request.zoom),
      google_meet: echo(request.google_meet),
      slack_team: null,
      breakout_room: echo(request.breakout_room),
      metadata: request.metadata ?? {},
    };
  }

  recording(recording: RecordingRecord): Recording {
    const state = this.#store.state(recording.botId)!;
    const maker = restRefOf({ id: state.bot.id, metadata: state.bot.request.metadata });
    return {
      ...this.#embed(recording, state),
      realtime_endpoints: state.realtimeEndpoints
        .filter(({ recordingId }) => recordingId === recording.id)
        .map(restRefOf),
      bot: state.bot.sdkUpload === undefined ? maker : null,
      desktop_sdk_upload: state.bot.sdkUpload === undefined ? null : maker,
    };
  }

  /** Of the record of an upload. */
  sdkUpload({ id, createdAt, request, recordingIds, sdkUpload }: BotRecord): SdkUpload {
    const { uploadToken, status } = sdkUpload!;
    return {
      id,
      created_at: createdAt,
      status,
      recording_id: recordingIds[0] ?? null,
      upload_token: uploadToken,
      recording_config: { ...RECORDING_DEFAULTS, ...request.recording_config },
      metadata: request.metadata ?? {},
    };
  }

  artifact(artifact: ArtifactRecord): Record<string, unknown> {
    const recording = this.#store.recording(artifact.recordingId)!;
    return { ...this.#shortcut(artifact, recording), recording: restRefOf(recording) };
  }

  endpoint(endpoint: RealtimeEndpointRecord): Record<string, unknown> {
    const { id, createdAt, status, metadata, type, url, events, recordingId } = endpoint;
    return {
      id,
      recording: restRefOf(this.#store.recording(recordingId)!),
      created_at: createdAt,
      status,
      metadata,
      type,
      url,
      events,
    };
  }

  #embed(recording: RecordingRecord, state: BotState): Bot['recordings'][number] {
    const shortcut = (kind: ArtifactKind): unknown => {
      const artifact = state.artifacts.find(({ id }) => id === recording.artifactIds[kind]);
      return artifact === undefined ? null : this.#shortcut(artifact, recording);
    };
    return {
      id: recording.id,
      created_at: recording.createdAt,
      started_at: recording.startedAt,
      completed_at: recording.completedAt,
      expires_at: recording.expiresAt,
      status: recording.status,
      media_shortcuts: {
        video_mixed: shortcut('video_mixed'),
        transcript: shortcut('transcript'),
        participant_events: shortcut('participant_events'),
        meeting_metadata: shortcut('meeting_metadata'),
        audio_mixed: shortcut('audio_mixed'),
        audio_separate: shortcut('audio_separate'),
      } as Bot['recordings'][number]['media_shortcuts'],
      metadata: { ...recording.metadata },
    };
  }

  #shortcut(artifact: ArtifactRecord, recording: RecordingRecord): Record<string, unknown> {
    const { id, createdAt, kind, status, metadata } = artifact;
    const available = status.code === 'done' && !isExpired(recording, this.#nowMs);
    const data = MEDIA[kind].data(artifact, recording, (file) =>
      available ? this.#downloadUrl(`${recording.id}/${file}`) : null,
    );
    return { id, created_at: createdAt, status, metadata, ...data };
  }
}

/** Files go in and never come out: `b64_data` is `writeOnly` (OpenAPI document, 2026). */
function withoutFiles(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutFiles);
  const kept = Object.entries(value).filter(([key]) => key !== 'b64_data');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutFiles(inner)]));
}

function withTranscriptDefaults(config: CreateBot['recording_config']): object {
  const { transcript } = config ?? {};
  if (transcript == null) return { ...config };
  const { provider, diarization } = transcript;
  return {
    ...config,
    transcript: {
      ...transcript,
      provider: withProviderDefaults(provider),
      ...(diarization !== undefined && { diarization: withDiarizationDefaults(diarization) }),
    },
  };
}

/** Whether a recording has been kept for as long as it was to be. */
export function isExpired(recording: RecordingRecord, nowMs: number): boolean {
  return recording.expiresAt !== null && Date.parse(recording.expiresAt) <= nowMs;
}

/** As another resource names a record: with its metadata as it is, null included. */
function restRefOf({ id, metadata }: { readonly id: string; readonly metadata: Metadata | undefined }) {
  return { id, metadata: { ...metadata } };
}
