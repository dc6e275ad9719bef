/**
 * `recall-emulator/protocol`: schemas and types of Recall's real-time events, REST API and status webhooks; ids, timestamps
 * and signing.
 */

export { asyncApiDocument } from './asyncapi.ts';
export {
  type AudioMixedRawData,
  audioMixedRawDataSchema,
  audioMixedRawDataStrictSchema,
} from './audio-mixed.ts';
export {
  type AudioSeparateRawData,
  audioSeparateRawDataSchema,
  audioSeparateRawDataStrictSchema,
} from './audio-separate.ts';
export {
  audioMixedRaw,
  audioSeparateRaw,
  type MessageOptions,
  type ParticipantMessageOptions,
  type ParticipantOption,
  type PcmOption,
  participantEvent,
  transcriptEvent,
  videoSeparatePng,
} from './builders.ts';
export type { EventArtifact, EventDefinition, EventEntry, EventTransport } from './event.ts';
export {
  REALTIME_EVENT_NAMES,
  REALTIME_EVENTS,
  type ReadResult,
  type RealtimeEvent,
  readRealtimeEvent,
  realtimeEventJsonSchema,
  realtimeEventSchema,
} from './events.ts';
export { createIds, type Ids } from './ids.ts';
export type { PartialRef } from './message-defaults.ts';
export { type Participant, participantSchema } from './participant.ts';
export {
  isParticipantEventName,
  PARTICIPANT_EVENT_NAMES,
  type ParticipantEvent,
  type ParticipantEventName,
  participantEventSchema,
  participantEventSchemas,
  participantEventStrictSchemas,
} from './participant-events.ts';
export { BYTES_PER_SAMPLE, SAMPLE_RATE } from './pcm.ts';
export { type ResourceRef, resourceRefSchema } from './resource.ts';
export { type AutomaticLeave, automaticLeaveSchema } from './rest/automatic-leave.ts';
export { type Bot, botSchema } from './rest/bot.ts';
export {
  type OutputAudio,
  outputAudioSchema,
  type SendChatMessage,
  sendChatMessageSchema,
} from './rest/bot-commands.ts';
export { type CreateBot, createBotSchema, type UpdateBot, updateBotSchema } from './rest/bot-requests.ts';
export { BOT_STATUSES, type BotStatus } from './rest/bot-status.ts';
export { downloadSchemas } from './rest/downloads.ts';
export { errorSchema, validationErrorSchema } from './rest/errors.ts';
export { cursorSchema, pageSchema } from './rest/lists.ts';
export {
  type AudioMixed,
  type AudioSeparate,
  artifactSchemas,
  type CreateTranscript,
  createTranscriptSchema,
  type MeetingMetadata,
  type ParticipantEvents,
  type Transcript,
  type VideoMixed,
  type VideoSeparate,
} from './rest/media.ts';
export {
  type BotLogWebhook,
  type BotStatusChangeWebhook,
  botLogWebhookSchema,
  botStatusChangeWebhookSchema,
  type CalendarSyncWebhook,
  type CalendarUpdateWebhook,
  calendarSyncWebhookSchema,
  calendarUpdateWebhookSchema,
  type SdkUploadWebhook,
  sdkUploadWebhookSchema,
  type Webhook,
  webhookJsonSchema,
  webhookSchema,
} from './rest/other-webhooks.ts';
export { type RealtimeEndpoint, realtimeEndpointSchema } from './rest/realtime-endpoint.ts';
export { type Recording, recordingSchema } from './rest/recording.ts';
export { type RecordingConfig, recordingConfigSchema } from './rest/recording-config.ts';
export { type Metadata, type UpdateMetadata, updateMetadataSchema } from './rest/shapes.ts';
export {
  type BotStatusWebhook,
  botStatusWebhookSchema,
  type EndpointStatusWebhook,
  endpointStatusWebhookSchema,
  type MediaStatusWebhook,
  mediaStatusWebhookSchemas,
  type RecordingStatusWebhook,
  recordingStatusWebhookSchema,
  type StatusWebhook,
  statusWebhookSchema,
} from './rest/webhooks.ts';
export {
  type SignatureHeaderStyle,
  type SignRequestOptions,
  signRequest,
  type VerifyRequestOptions,
  type VerifyResult,
  verifyRequest,
} from './signing.ts';
export {
  ABSOLUTE_FORMATS,
  type AbsoluteFormat,
  formatAbsolute,
  parseAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
  timestampSchema,
} from './timestamp.ts';
export {
  TRANSCRIPT_EVENT_NAMES,
  type TranscriptEvent,
  type TranscriptEventName,
  type TranscriptWord,
  transcriptEventSchema,
  transcriptEventStrictSchema,
  type WordTimestamp,
} from './transcript.ts';
export {
  type VideoSeparatePngData,
  type VideoType,
  videoSeparatePngDataSchema,
  videoSeparatePngDataStrictSchema,
} from './video-separate-png.ts';
export {
  isWebhookName,
  WEBHOOK_NAMES,
  type WebhookName,
  type WebhookOf,
  type WebhookOptions,
  webhook,
} from './webhook-builder.ts';
