/**
 * Readers are tolerant and writers strict, from one definition: `strict` makes of a tolerant schema one that refuses
 * unknown fields, at every depth.
 */
import { z } from 'zod';

/** A copy of a schema made of objects, arrays, nullables and optionals in which every object refuses unknown fields. */
export function strict(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = {};
    for (const [key, value] of Object.entries(schema.shape)) shape[key] = strict(value as z.ZodType);
    return z.strictObject(shape);
  }
  if (schema instanceof z.ZodArray) return z.array(strict(schema.element as z.ZodType));
  if (schema instanceof z.ZodOptional) return strict(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodNullable) return strict(schema.unwrap() as z.ZodType).nullable();
  return schema;
}
