/** References to Recall's resources (bot, recording, realtime_endpoint, audio_separate, …) as they stand in events. */
import { z } from 'zod';
import type { Ids } from './ids.ts';

/** String to string ("Custom Metadata"). */
const metadataSchema = z.record(z.string(), z.string());

export const resourceRefSchema = z.looseObject({ id: z.string().min(1), metadata: metadataSchema });

export function isMetadata(value: unknown): boolean {
  return metadataSchema.safeParse(value).success;
}

export interface ResourceRef {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A resource of a seeded run: its id comes from the label. */
export function refFor(ids: Ids, label: string, metadata: ResourceRef['metadata'] = {}): ResourceRef {
  return { id: ids.uuid(label), metadata };
}

/** What every real-time event says about where it comes from. `bot` is null or absent for recordings without a bot. */
export const envelopeShape = {
  realtime_endpoint: resourceRefSchema,
  recording: resourceRefSchema,
  bot: resourceRefSchema.nullish(),
};
