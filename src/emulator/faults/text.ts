/** Faults as people write them on one line: `NAME=VALUE,KEY=VALUE…` in its parts, whatever they are faults of. */
import type { z } from 'zod';
import type { UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';

type Pair = readonly [key: string, value: string | undefined];

/** The fault's own name and value first. */
export function pairsOf(text: string): readonly [Pair, ...Pair[]] {
  const [first = '', ...others] = text.split(',');
  const pairOf = (part: string): Pair => splitOnce(part.trim(), '=');
  return [pairOf(first), ...others.map(pairOf)];
}

/** What stands before a mark, and what stands behind it, if it is there. */
export function splitOnce(text: string, mark: string): Pair {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Fields that a schema takes. Throws the error that `refusal` makes of the first thing that is wrong with them. */
export function checkedFault<T>(
  schema: z.ZodType<T>,
  fields: unknown,
  refusal: (what: string) => UsageError,
): T {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  const { path = [], message = '' } = result.error.issues[0] ?? {};
  const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  throw refusal(plainText(where + message));
}
