/** `audio_mixed`: everybody's audio in one file. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';

export const audioMixed: MediaResource = {
  kind: 'audio_mixed',
  title: 'mixed audio',
  schema: artifactSchemas.audio_mixed,
  data: ({ format = 'raw' }, _recording, link) => ({
    data: { download_url: link(`audio_mixed.${format}`) },
    format,
  }),
};
