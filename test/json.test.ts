/** How deep JSON from outside may be. */
import { expect, it } from 'vitest';
import { MAX_JSON_DEPTH, parseJson, tooDeep } from '../src/json.ts';

const nested = (levels: number, inner: string): string =>
  '[{"a":'.repeat(levels / 2) + inner + '}]'.repeat(levels / 2);

it.each([
  [MAX_JSON_DEPTH, '1', true],
  [MAX_JSON_DEPTH, '[]', true],
  [MAX_JSON_DEPTH, '[{}]', false],
  [MAX_JSON_DEPTH, '[1, [[]], {}]', false],
  [MAX_JSON_DEPTH + 2, '1', false],
  [100_000, '1', false],
])('takes %i levels around %s: %s', (levels, inner, taken) => {
  const text = nested(levels, inner);
  const parsed = parseJson(text);
  expect(parsed.ok).toBe(taken);
  expect(tooDeep(JSON.parse(text)) === undefined).toBe(taken);
  if (!parsed.ok) expect(parsed.problem).toMatchObject({ code: 'too_deep' });
});

it('says of a text that is no JSON why', () => {
  expect(parseJson('{"a":')).toMatchObject({ ok: false, problem: { code: 'invalid_json' } });
});
