/** What a kind of media object is to the API: how it is answered, and which JSON documents its download URLs lead to. */
import type { z } from 'zod';
import type { ArtifactKind, ArtifactRecord, RecordingRecord } from '../store/records.ts';

export interface MediaResource {
  readonly kind: ArtifactKind;
  /** In summaries of operations. */
  readonly title: string;
  readonly schema: z.ZodType;
  /**
   * The fields that no other kind has. `link` is the download URL of a file of the recording, null while there is nothing
   * to download.
   */
  data(
    artifact: ArtifactRecord,
    recording: RecordingRecord,
    link: (file: string) => string | null,
  ): Readonly<Record<string, unknown>>;
  /** By file name. `url` is the download URL of another file of the recording. */
  readonly documents?: Readonly<
    Record<string, (recording: RecordingRecord, url: (file: string) => string) => unknown>
  >;
}
