import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_NAMES, webhook } from '../../src/protocol/index.ts';
import { withOverrides } from '../../src/protocol/override.ts';

/** Every path of a value that has a value of its own at its end. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[...path]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((node, key) => (node as Record<string, unknown>)[key], value);

describe('withOverrides', () => {
  it('changes what the path leads to and keeps everything else, the original included', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WEBHOOK_NAMES), fc.nat(), fc.jsonValue(), (name, pick, value) => {
        const message = { ...webhook(name), list: [{ a: 1 }, { a: 2 }] };
        const before = JSON.stringify(message);
        const paths = leaves(message);
        const path = paths[pick % paths.length]!;
        const changed = withOverrides(message, { [path.join('.')]: value });
        expect(at(changed, path)).toEqual(value);
        for (const other of paths.filter((each) => each !== path))
          expect(at(changed, other)).toEqual(at(message, other));
        expect(JSON.stringify(message)).toBe(before);
      }),
    );
  });

  it('makes what the path leads through', () => {
    expect(withOverrides({ a: null }, { 'a.b.c': 1, d: 2 })).toEqual({ a: { b: { c: 1 } }, d: 2 });
    expect(withOverrides({ a: [1] }, { 'a.1': 2 })).toEqual({ a: [1, 2] });
  });

  it('makes a field of every name, and changes no prototype', () => {
    const changed = withOverrides({}, { '__proto__.polluted': true }) as object;
    expect(Object.keys(changed)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['', 'a..b', '.a', 'text.a', 'list.x', 'list.7', 'list.-1', Array(200).fill('a').join('.')])(
    'refuses the path %j',
    (path) => {
      expect(() => withOverrides({ text: 'x', list: [1] }, { [path]: 1 })).toThrow(
        expect.objectContaining({ code: 'invalid_override' }),
      );
    },
  );
});
