/** `transcript`: what was said, as the scenario has it. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import {
  withDiarizationDefaults,
  withProviderDefaults,
} from '../../../protocol/rest/transcript-providers.ts';
import { providerWithData } from '../../bot/provider-data.ts';
import type { MediaResource } from '../media-resource.ts';

export const transcripts: MediaResource = {
  kind: 'transcript',
  title: 'transcript',
  schema: artifactSchemas.transcript,
  data: ({ id, diarization, provider }, _recording, link) => ({
    data: {
      download_url: link('transcript.json'),
      provider_data_download_url:
        providerWithData({ provider, diarization }) === undefined ? null : link(`provider_data/${id}.json`),
    },
    diarization: diarization === undefined ? null : withDiarizationDefaults(diarization),
    provider: withProviderDefaults(provider ?? {}),
  }),
  documents: { 'transcript.json': ({ content }) => content.transcript },
};
