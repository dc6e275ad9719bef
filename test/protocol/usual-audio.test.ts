/** The quick yes for separate audio, next to the schema that decides. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { audioSeparateRawDataSchema, readRealtimeEvent } from '../../src/protocol/index.ts';
import { isUsualAudio } from '../../src/protocol/usual-audio.ts';
import { audioSeparateRawArb } from '../../src/testing/arbitraries.ts';

type Node = Record<string, unknown>;

/** Every place in a message, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]));
  return path.length === 0 ? below : [[...path], ...below];
}

function changed(message: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(message) as Node;
  const parent = path.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, copy);
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy;
}

/** What stands where something else should: near misses, and anything. `undefined`: nothing. */
const something = fc.oneof(
  fc.constantFrom<unknown[]>(
    undefined,
    null,
    '',
    'x',
    'AAA=',
    'AAAA',
    'AB==',
    '0',
    [],
    {},
    [{}],
    true,
    0,
    -0,
    -1,
  ),
  fc.constantFrom<unknown[]>(0.5, 2 ** 53, -(2 ** 53), 1e300, { a: 1 }, { a: 'b' }, { id: '', metadata: {} }),
  fc.constantFrom(
    '2025-02-30T00:00:00Z',
    '2025-01-29 23:49:58',
    '2025-01-29T24:00:01Z',
    '2025-01-29T23:49:58+0100',
  ),
  fc.jsonValue(),
);

it('says yes to whatever the arbitraries make as Recall writes it', () => {
  fc.assert(
    fc.property(audioSeparateRawArb(), (event) => {
      expect(isUsualAudio(JSON.parse(JSON.stringify(event)))).toBe(true);
    }),
  );
});

it('says yes to nothing that the schema refuses, so that it changes no answer', () => {
  let yes = 0;
  let refused = 0;
  fc.assert(
    fc.property(audioSeparateRawArb(), fc.nat(), something, (event, place, value) => {
      const places = placesIn(event).filter((path) => path.join('.') !== 'event');
      const message = changed(event, places[place % places.length]!, value);
      const valid = audioSeparateRawDataSchema.safeParse(message).success;
      const usual = isUsualAudio(message as object);
      expect(usual && !valid).toBe(false);
      expect(readRealtimeEvent(message).kind).toBe(valid ? 'event' : 'invalid');
      if (usual) yes++;
      if (!valid) refused++;
    }),
    { numRuns: 3_000 },
  );
  // It has been asked about both.
  expect(Math.min(yes, refused)).toBeGreaterThan(100);
});
