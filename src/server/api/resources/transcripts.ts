/** `transcript`: what was said, as the scenario has it. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import type { MediaResource } from '../media-resource.ts';

export const transcripts: MediaResource = {
  kind: 'transcript',
  title: 'transcript',
  schema: artifactSchemas.transcript,
  data: ({ diarization, provider }, _recording, link) => ({
    data: { download_url: link('transcript.json'), provider_data_download_url: null },
    diarization: diarization ?? null,
    provider: provider ?? {},
  }),
  documents: { 'transcript.json': ({ content }) => content.transcript },
};
