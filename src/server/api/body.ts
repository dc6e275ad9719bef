/** Bodies of requests: JSON, of a shape that a schema has. */
import type { z } from 'zod';
import { validationErrors } from '../../protocol/rest/validation-errors.ts';
import { Refusal } from '../bot/refusal.ts';

/** An empty body is an object without fields. Throws a `Refusal` (400). */
export function parseBody<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, { detail: `JSON parse error - ${(error as Error).message}` });
  }
  return parsed(value, schema);
}

/** Throws a `Refusal` (400) with the fields that are not as the schema has them. */
export function parsed<Schema extends z.ZodType>(value: unknown, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new Refusal(400, validationErrors(result.error, value));
  return result.data;
}
