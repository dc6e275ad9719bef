/** A recording as an import reads it: what the downloads of Recall say, whatever else they say. */
import { z } from 'zod';

const timestamp = z.looseObject({ relative: z.number() });
const participant = z.looseObject({
  id: z.int().min(0),
  name: z.string().nullish(),
  is_host: z.boolean().nullish(),
  platform: z.string().nullish(),
  email: z.string().nullish(),
  extra_data: z.record(z.string(), z.unknown()).nullish(),
});
export type ImportedParticipant = z.infer<typeof participant>;

const download = z.looseObject({ data: z.looseObject({ download_url: z.string().nullish() }) }).nullish();

/** Of `GET /api/v1/bot/{id}/`, the recordings. */
export const importedBotSchema = z.looseObject({
  recordings: z.array(
    z.looseObject({
      id: z.string(),
      started_at: z.string().nullish(),
      completed_at: z.string().nullish(),
      media_shortcuts: z.looseObject({
        transcript: download,
        participant_events: z
          .looseObject({
            data: z.looseObject({
              participants_download_url: z.string().nullish(),
              participant_events_download_url: z.string().nullish(),
            }),
          })
          .nullish(),
        meeting_metadata: z.looseObject({ data: z.looseObject({ title: z.string().nullish() }) }).nullish(),
        audio_separate: download,
      }),
    }),
  ),
});
export type ImportedRecording = z.infer<typeof importedBotSchema>['recordings'][number];

export const participantsSchema = z.array(participant);
export const eventsSchema = z.array(
  z.looseObject({
    action: z.string(),
    participant,
    timestamp,
    data: z.looseObject({ text: z.string().optional(), to: z.string().optional() }).nullish(),
  }),
);
export type ImportedEvent = z.infer<typeof eventsSchema>[number];
export const transcriptSchema = z.array(
  z.looseObject({
    participant,
    words: z.array(z.looseObject({ text: z.string(), start_timestamp: timestamp })),
  }),
);
export type ImportedLine = z.infer<typeof transcriptSchema>[number];
export const partsSchema = z.array(
  z.looseObject({
    participant,
    start_timestamp: timestamp,
    duration: z.number().min(0),
    download_url: z.string(),
  }),
);
export type ImportedPart = z.infer<typeof partsSchema>[number];
