/** What the mock knows, as plain data: it is what a data folder holds. Times are ISO 8601 text. */
import type { Participant } from '../../protocol/participant.ts';
import type { ResourceRef } from '../../protocol/resource.ts';
import type { Bot } from '../../protocol/rest/bot.ts';
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import type { BotStatus } from '../../protocol/rest/bot-status.ts';
import { artifactSchemas, type MEDIA_STATUSES } from '../../protocol/rest/media.ts';
import type { MeetingUrl } from '../../protocol/rest/meeting-url.ts';
import type { RealtimeEndpoint } from '../../protocol/rest/realtime-endpoint.ts';
import type { Recording } from '../../protocol/rest/recording.ts';
import type { SdkUploadCode } from '../../protocol/rest/sdk-upload.ts';
import type { Metadata } from '../../protocol/rest/shapes.ts';
import type { Timestamp } from '../../protocol/timestamp.ts';
import type { TranscriptWord } from '../../protocol/transcript.ts';

export interface BotRecord {
  readonly id: string;
  readonly createdAt: string;
  /** The workspace that sees it; undefined while it is nobody's. */
  workspace?: string | undefined;
  meetingUrl: MeetingUrl;
  /** The request as it came, and later changes: echoed in answers. */
  request: CreateBot;
  statusChanges: Readonly<Bot['status_changes'][number]>[];
  readonly recordingIds: string[];
  /** Which meeting it plays: a file, `generated` or `capture`. */
  scenario: string;
  /** Of a Desktop SDK upload: it records in a bot's place, and is none to the bots' operations. */
  readonly sdkUpload?: SdkUploadRecord | undefined;
}

export interface SdkUploadRecord {
  readonly uploadToken: string;
  status: Status<SdkUploadCode>;
}

export type RecordingStatus = Recording['status']['code'];
export type ArtifactStatus = (typeof MEDIA_STATUSES)[number];

interface Status<Code extends string> {
  readonly code: Code;
  readonly sub_code: string | null;
  readonly updated_at: string;
}

export const ARTIFACT_KINDS = Object.keys(artifactSchemas) as (keyof typeof artifactSchemas)[];
export type ArtifactKind = keyof typeof artifactSchemas;

export interface ArtifactRecord {
  readonly id: string;
  readonly kind: ArtifactKind;
  readonly recordingId: string;
  readonly createdAt: string;
  status: Status<ArtifactStatus>;
  metadata: Metadata;
  /** Of a transcript: as it was asked for. */
  readonly provider?: Readonly<Record<string, unknown>> | undefined;
  readonly diarization?: Readonly<Record<string, unknown>> | undefined;
  /** Of mixed audio; `raw` when it is left out, as in what was kept by earlier versions. */
  readonly format?: 'mp3' | 'raw' | undefined;
}

export interface RealtimeEndpointRecord {
  readonly id: string;
  readonly recordingId: string;
  readonly createdAt: string;
  readonly type: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly metadata: Metadata;
  status: Status<RealtimeEndpoint['status']['code']>;
}

/** A stretch of one participant's audio without a gap: one raw file. */
export interface AudioPart {
  readonly id: string;
  readonly participant: Participant;
  readonly startSample: number;
  samples: number;
  /** File name in the recording's folder. */
  readonly file: string;
}

/** What a recording holds: the downloads are made of it. */
export interface RecordingContent {
  participants: Participant[];
  participantEvents: {
    readonly id: string;
    readonly action: string;
    readonly participant: Participant;
    readonly timestamp: Timestamp;
    readonly data: { readonly text: string; readonly to: string } | null;
  }[];
  speakerTimeline: {
    readonly participant: Participant;
    readonly start_timestamp: Timestamp;
    end_timestamp: Timestamp | null;
  }[];
  transcript: { readonly participant: Participant; readonly words: readonly TranscriptWord[] }[];
  audioParts: AudioPart[];
  /** Samples in `mixed.raw`. */
  mixedSamples: number;
  title: string | null;
}

export interface RecordingRecord {
  readonly id: string;
  readonly botId: string;
  readonly createdAt: string;
  readonly startedAt: string;
  /** Microseconds since the epoch of position 0. */
  readonly startMicros: number;
  completedAt: string | null;
  /** Null: kept for ever. */
  readonly expiresAt: string | null;
  status: Status<RecordingStatus>;
  metadata: Metadata;
  readonly realtimeEndpointIds: string[];
  readonly artifactIds: Partial<Record<ArtifactKind, string>>;
  /** Once the recording is over it is replaced as a whole, and not changed. */
  content: RecordingContent;
}

/** Everything of one bot: the unit in which state is kept. */
export interface BotState {
  readonly bot: BotRecord;
  readonly recordings: RecordingRecord[];
  readonly artifacts: ArtifactRecord[];
  readonly realtimeEndpoints: RealtimeEndpointRecord[];
}

export function emptyContent(title: string | null): RecordingContent {
  return {
    participants: [],
    participantEvents: [],
    speakerTimeline: [],
    transcript: [],
    audioParts: [],
    mixedSamples: 0,
    title,
  };
}

/** The bot's last status; `ready` before the first. */
export function statusOf(bot: BotRecord): BotStatus {
  return bot.statusChanges.at(-1)?.code ?? 'ready';
}

export function hasEnded(bot: BotRecord): boolean {
  const upload = bot.sdkUpload?.status.code;
  if (upload !== undefined) return upload === 'complete' || upload === 'failed';
  const status = statusOf(bot);
  return status === 'done' || status === 'fatal';
}

/** As events carry it: string to string. */
function eventMetadata(metadata: Metadata | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** As events and webhooks name a record; answers of the API keep metadata that is null. */
export function eventRefOf(record: {
  readonly id: string;
  readonly metadata: Metadata | undefined;
}): ResourceRef {
  return { id: record.id, metadata: eventMetadata(record.metadata) };
}
