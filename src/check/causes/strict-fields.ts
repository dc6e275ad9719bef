import type { KeptCause } from '../cause.ts';

/** Fields that are not known, and fields that are null. */
const CASES = ['frames.unknown_fields', 'frames.nulls'];

/** A schema that was made of one example. */
export const strictFields: KeptCause = {
  code: 'strict_fields',
  title: 'Takes messages only with just the fields that it knows',
  shows:
    'It fails both at fields that it does not know and at fields that are null, and at no message without either.',
  remedy:
    'Let the schema of messages pass what it does not know, and allow null wherever nothing is needed: read only the event, the ids, the timestamp and the buffer.',
  look(results) {
    const explains = CASES.flatMap((id) => results.telling(id));
    const areAll = CASES.every((id) => results.telling(id).length > 0);
    const certainty = areAll ? results.certaintyOf(explains[0]!) : undefined;
    return (
      certainty && {
        certainty,
        text: 'The receiver takes messages only with just the fields that it knows, none of them null',
        explains,
      }
    );
  },
};
