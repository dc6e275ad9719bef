import { SPOILED_PATHS, spoilerOf } from '../../emulator/spoilers.ts';
import { type BadMessage, endedBy, meetingWithBad, ROBUST } from '../bad-messages.ts';
import type { Case } from '../case.ts';

/** What stands in the place of fields, by turns. */
const WRONG_VALUES: readonly unknown[] = [7, [], 'text', true, null];

export const robustNotJson = robust('not_json', 'messages come that are not JSON, or no object', [
  spoiled('not_json'),
  () => '',
  () => 'hello',
  () => '[]',
  () => 'null',
]);

export const robustMissingFields = robust(
  'missing_fields',
  'messages come in which a field is missing',
  SPOILED_PATHS.map((path) => spoiled('missing_field', path)),
);

export const robustWrongTypes = robust(
  'wrong_types',
  'messages come in which a field has another type',
  SPOILED_PATHS.map((path, index) => spoiled('wrong_type', path, WRONG_VALUES[index % WRONG_VALUES.length])),
);

export const robustBadBase64 = robust('bad_base64', 'messages come whose buffer is not base64', [
  spoiled('bad_base64'),
  spoiled('wrong_type', 'data.data.buffer', 'not base64 at all!'),
]);

export const robustOddBytes = robust('odd_bytes', 'a message comes whose buffer ends within a sample', [
  spoiled('odd_byte_count'),
]);

/** No sample, and no text either. */
const BYTES = Buffer.from([0, 0xff, 0x80, 0xc3, 0x28, 1, 2, 3]);

export const robustBinary = robust('binary', 'a binary message comes between those of text', [() => BYTES]);

function spoiled(defect: Parameters<typeof spoilerOf>[0], path = '', wrong: unknown = ''): BadMessage {
  return (good) => spoilerOf(defect, path, wrong).spoil(good).at(-1)!;
}

function robust(name: string, title: string, bad: readonly BadMessage[]): Case {
  return {
    ...ROBUST,
    id: `robust.${name}`,
    title,
    rounds: () => [[meetingWithBad(bad)]],
    look: endedBy,
  };
}
