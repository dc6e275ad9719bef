import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RECEIVER_PROPERTIES, withNeeded } from '../../src/check/properties/index.ts';

/** Beside the properties themselves. */
const OTHERS = ['index.ts', 'property.ts'];

describe('the properties of a receiver', () => {
  it('come in an order in which whatever one needs comes before it', () => {
    const properties = withNeeded(RECEIVER_PROPERTIES);
    expect(properties.map(({ name }) => name)).toEqual(RECEIVER_PROPERTIES);
    for (const [index, { name, needs }] of properties.entries()) {
      const before = RECEIVER_PROPERTIES.slice(0, index);
      for (const need of needs) expect(before, `needed for: ${name}`).toContain(need);
    }
  });

  it('are one file each, and all of them stand in the docs, in their order', () => {
    const files = readdirSync('src/check/properties').filter((file) => !OTHERS.includes(file));
    expect(files).toHaveLength(RECEIVER_PROPERTIES.length);
    const listed = readFileSync('docs/testing.md', 'utf8').match(/^\d+\. .*$/gm);
    expect(listed).toEqual(RECEIVER_PROPERTIES.map((name, index) => `${index + 1}. ${name}`));
  });

  it('bring what they need when they are asked for by name, and nothing more', () => {
    const names = (wanted: Parameters<typeof withNeeded>[0]): string[] =>
      withNeeded(wanted).map(({ name }) => name);
    expect(names(['people of the same name are told apart'])).toEqual([
      "one participant's audio is kept",
      'participants are kept apart',
      'people of the same name are told apart',
    ]);
    expect(names([])).toEqual([]);
  });
});
