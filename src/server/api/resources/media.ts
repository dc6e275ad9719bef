/** Every kind of media object. Another one is a file beside these and a line here. */
import type { ArtifactKind } from '../../store/records.ts';
import type { MediaResource } from '../media-resource.ts';
import { audioMixed } from './audio-mixed.ts';
import { audioSeparate } from './audio-separate.ts';
import { meetingMetadata } from './meeting-metadata.ts';
import { participantEvents } from './participant-events.ts';
import { transcripts } from './transcripts.ts';
import { videoMixed } from './video-mixed.ts';
import { videoSeparate } from './video-separate.ts';

export const MEDIA: Readonly<Record<ArtifactKind, MediaResource>> = {
  audio_separate: audioSeparate,
  audio_mixed: audioMixed,
  participant_events: participantEvents,
  transcript: transcripts,
  meeting_metadata: meetingMetadata,
  video_mixed: videoMixed,
  video_separate: videoSeparate,
};
