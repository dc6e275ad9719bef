/** Fields that nobody knows yet, on every level of the message: an API grows, and strict parsers break. */
import { z } from 'zod';
import { audioMessageOf, withText } from './audio-message.ts';
import { faultKind } from './fault.ts';
import { share } from './units.ts';

export const unknownFields = faultKind({
  name: 'unknown_fields',
  summary: 'a part of all messages has further fields, on every level',
  options: z.strictObject({ rate: share().default(1).describe('Part of all messages') }),
  value: 'rate',
  examples: ['unknown_fields', 'unknown_fields=10%'],
  begin: ({ rate }, victim) => ({
    onFrame(frame, pass) {
      const message = victim.random.next() < rate ? audioMessageOf(frame) : undefined;
      pass(message === undefined ? frame : withText(frame, JSON.stringify(grown(message))));
    },
  }),
});

/** Each object with one field more; lists and what users wrote (`metadata`, `extra_data`) stay. */
function grown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([key, field]) => [
    key,
    key === 'metadata' || key === 'extra_data' ? field : grown(field),
  ]);
  return { ...Object.fromEntries(fields), x_new_field: { since: '2027-01-01', values: [1, null, 'three'] } };
}
