/** `participant_events`: who took part, what they did, and who spoke when. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';

export const participantEvents: MediaResource = {
  kind: 'participant_events',
  title: 'participant events',
  schema: artifactSchemas.participant_events,
  data: (_artifact, _recording, link) => ({
    data: {
      participant_events_download_url: link('participant_events.json'),
      speaker_timeline_download_url: link('speaker_timeline.json'),
      participants_download_url: link('participants.json'),
    },
  }),
  documents: {
    'participants.json': ({ content }) => content.participants,
    'participant_events.json': ({ content }) => content.participantEvents,
    'speaker_timeline.json': ({ content }) => content.speakerTimeline,
  },
};
