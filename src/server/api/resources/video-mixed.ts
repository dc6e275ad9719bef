/** `video_mixed`: the meeting as a film, which is a still picture with everybody's audio. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';

export const videoMixed: MediaResource = {
  kind: 'video_mixed',
  title: 'mixed video',
  schema: artifactSchemas.video_mixed,
  data: (_artifact, _recording, link) => ({ data: { download_url: link('video_mixed.mp4') }, format: 'mp4' }),
};
