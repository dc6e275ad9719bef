/** What the API answers in place of a resource. */
import { z } from 'zod';

export const validationErrorSchema = z
  .looseObject({})
  .describe('By field, nested as the request is: lists of messages');

export const errorSchema = z.looseObject({ code: z.string().optional(), detail: z.string() });
