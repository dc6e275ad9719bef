/** The records of a recording that begins: itself, its real-time endpoints and its media objects. */

import type { ResourceRef } from '../../protocol/resource.ts';
import type { RecordingConfig } from '../../protocol/rest/recording-config.ts';
import type { Metadata } from '../../protocol/rest/shapes.ts';
import {
  type ArtifactKind,
  type ArtifactRecord,
  type BotRecord,
  emptyContent,
  eventRefOf,
  type RealtimeEndpointRecord,
  type RecordingRecord,
} from '../store/records.ts';
import type { BotContext } from './context.ts';

const HOUR_MS = 3_600_000;
/** "Data retention": a week unless asked for otherwise. */
const DEFAULT_RETENTION_HOURS = 168;

export interface RecordingRecords {
  readonly record: RecordingRecord;
  readonly endpoints: readonly RealtimeEndpointRecord[];
  readonly artifacts: Partial<Record<ArtifactKind, ArtifactRecord>>;
}

/** `number` counts the recordings of the bot from 0. */
export function recordsOf(
  { ids, calendar }: BotContext,
  bot: BotRecord,
  number: number,
  title: string | undefined,
): RecordingRecords {
  const config: RecordingConfig = bot.request.recording_config ?? {};
  const id = ids.uuid(`recording ${bot.id} ${number}`);
  const startMs = calendar.nowMs();
  const now = calendar.now();
  const endpoints = (config.realtime_endpoints ?? []).map(
    (endpoint, index): RealtimeEndpointRecord => ({
      id: ids.uuid(`realtime_endpoint ${id} ${index}`),
      recordingId: id,
      createdAt: now,
      type: endpoint.type,
      url: endpoint.url ?? '',
      events: endpoint.events ?? [],
      metadata: endpoint.metadata ?? {},
      status: { code: 'running', sub_code: null, updated_at: now },
    }),
  );
  const artifacts = artifactsOf(config, (kind, asked, more) => ({
    id: ids.uuid(`${kind} ${id}`),
    kind,
    recordingId: id,
    createdAt: now,
    status: { code: 'processing', sub_code: null, updated_at: now },
    metadata: asked.metadata ?? {},
    ...more,
  }));
  const record: RecordingRecord = {
    id,
    botId: bot.id,
    createdAt: now,
    startedAt: now,
    startMicros: Math.round(startMs * 1_000),
    completedAt: null,
    expiresAt: expiry(config, startMs),
    status: { code: 'processing', sub_code: null, updated_at: now },
    metadata: config.metadata ?? {},
    realtimeEndpointIds: endpoints.map((endpoint) => endpoint.id),
    artifactIds: Object.fromEntries(Object.values(artifacts).map((artifact) => [artifact.kind, artifact.id])),
    content: emptyContent(title ?? null),
  };
  return { record, endpoints, artifacts };
}

function artifactsOf(
  config: RecordingConfig,
  record: (
    kind: ArtifactKind,
    asked: { readonly metadata?: Metadata | undefined },
    more: Partial<ArtifactRecord>,
  ) => ArtifactRecord,
): Partial<Record<ArtifactKind, ArtifactRecord>> {
  const artifacts: Partial<Record<ArtifactKind, ArtifactRecord>> = {};
  const make = (
    kind: ArtifactKind,
    asked: { readonly metadata?: Metadata | undefined } | null | undefined,
    more: Partial<ArtifactRecord> = {},
  ): void => {
    if (asked != null) artifacts[kind] = record(kind, asked, more);
  };
  make('audio_separate', config.audio_separate_raw);
  make('audio_mixed', config.audio_mixed_raw ?? config.audio_mixed_mp3, {
    format: config.audio_mixed_mp3 == null ? 'raw' : 'mp3',
  });
  make('video_separate', config.video_separate_mp4);
  // These three are made unless a bot does not want them: null is not the same as left out.
  make('participant_events', config.participant_events === undefined ? {} : config.participant_events);
  make('meeting_metadata', config.meeting_metadata === undefined ? {} : config.meeting_metadata);
  make('video_mixed', config.video_mixed_mp4 === undefined ? {} : config.video_mixed_mp4);
  make('transcript', config.transcript, {
    provider: config.transcript?.provider,
    diarization: config.transcript?.diarization,
  });
  return artifacts;
}

/**
 * Whether the sound of `video_mixed` is mixed while it is spoken. Where it is only recorded by default, and separate audio is kept
 * anyway, it is mixed of that, when somebody looks at it: most never do.
 */
export function filmKeepsMix(
  { request }: BotRecord,
  artifacts: RecordingRecords['artifacts'],
  separate: boolean,
): boolean {
  const asked = request.recording_config?.video_mixed_mp4 !== undefined;
  return artifacts.video_mixed !== undefined && (asked || !separate);
}

/** What pictures say they are part of: the media object of that id, if there is one. */
export function picturesRef(
  { ids }: BotContext,
  { request }: BotRecord,
  { id }: RecordingRecord,
): ResourceRef {
  const metadata = request.recording_config?.video_separate_png?.metadata;
  return eventRefOf({ id: ids.uuid(`video_separate ${id}`), metadata });
}

/** When the media goes; null for never. A bot that wants no retention keeps nothing to download. */
function expiry({ retention }: RecordingConfig, startMs: number): string | null {
  if (retention === null) return new Date(startMs).toISOString();
  if (retention?.type === 'forever') return null;
  const hours =
    retention?.type === 'timed' ? (retention.hours ?? DEFAULT_RETENTION_HOURS) : DEFAULT_RETENTION_HOURS;
  return new Date(Math.min(8.64e15, startMs + hours * HOUR_MS)).toISOString();
}
