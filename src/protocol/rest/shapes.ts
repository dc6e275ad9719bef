/** What all resources of the REST API are made of. */
import { z } from 'zod';

/** Custom metadata of requests and answers. Values may be null here; in events they are left out, where metadata is string to string. */
export const metadataSchema = z.record(z.string(), z.string().nullable());
export type Metadata = Readonly<z.infer<typeof metadataSchema>>;

/** `PATCH` of everything that is not a bot. */
export const updateMetadataSchema = z.looseObject({ metadata: metadataSchema.optional() });
export type UpdateMetadata = z.infer<typeof updateMetadataSchema>;

/** ISO 8601. */
export const dateSchema = z.iso.datetime();

/** A resource inside another one. */
export const refSchema = z.object({ id: z.uuid(), metadata: metadataSchema });

/** Null while there is nothing to download. */
export const downloadUrlSchema = z.string().nullable();

export function statusSchema<const Codes extends readonly [string, ...string[]]>(codes: Codes) {
  return z.object({ code: z.enum(codes), sub_code: z.string().nullable(), updated_at: dateSchema });
}
