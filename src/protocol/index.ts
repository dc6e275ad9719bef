/** `recall-emulator/protocol`: schemas and types of Recall's real-time events, ids, timestamps and signing. */
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
