/** `audio_separate`: each participant's audio, in parts without a gap. */
import { artifactSchemas } from '../../../protocol/rest/media.ts';
import {
  formatAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
} from '../../../protocol/timestamp.ts';
import type { RecordingRecord } from '../../store/records.ts';
import type { MediaResource } from '../media-resource.ts';

export const audioSeparate: MediaResource = {
  kind: 'audio_separate',
  title: 'separate audio',
  schema: artifactSchemas.audio_separate,
  data: (_artifact, _recording, link) => ({
    data: { download_url: link('audio_separate.json') },
    format: 'raw',
  }),
  documents: {
    'audio_separate.json': (recording, url) =>
      recording.content.audioParts.map((part) => ({
        id: part.id,
        participant: part.participant,
        start_timestamp: timestampOf(recording, part.startSample),
        duration: relativeSeconds(part.samples),
        download_url: url(`audio_separate/${part.id}.raw`),
      })),
  },
};

function timestampOf(recording: RecordingRecord, sample: number): Timestamp {
  return {
    relative: relativeSeconds(sample),
    absolute: formatAbsolute(recording.startMicros + sampleToMicros(sample)),
  };
}
