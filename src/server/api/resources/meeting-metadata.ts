/** `meeting_metadata`: the meeting's title. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';

export const meetingMetadata: MediaResource = {
  kind: 'meeting_metadata',
  title: 'meeting metadata',
  schema: artifactSchemas.meeting_metadata,
  data: (_artifact, { content }) => ({ data: { title: content.title, zoom: null } }),
};
