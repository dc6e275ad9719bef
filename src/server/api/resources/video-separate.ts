/** `video_separate`: each participant's camera and screen, in parts from when it went on to when it went off. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';
import { videoParts } from '../video-parts.ts';

export const videoSeparate: MediaResource = {
  kind: 'video_separate',
  title: 'separate video',
  schema: artifactSchemas.video_separate,
  data: (_artifact, _recording, link) => ({
    data: { download_url: link('video_separate.json') },
    format: 'mp4',
  }),
  documents: {
    'video_separate.json': (recording, url) =>
      videoParts(recording).map(({ id, participant, type, startTimestamp, seconds }) => ({
        id,
        participant,
        type,
        start_timestamp: startTimestamp,
        duration: seconds,
        download_url: url(`video_separate/${id}.mp4`),
      })),
  },
};
