import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixedOf, type KnownFailure, openKnown, withKnown } from '../../src/check/known.ts';
import { withFolder } from '../support/cli.ts';
import { caseResult } from './reports/sample.ts';

const IDS = ['names.equal', 'names.null', 'mute.off_and_on'];

function read(text: string): Promise<readonly KnownFailure[]> {
  return withFolder((dir) => {
    const file = join(dir, 'check.known.yaml');
    writeFileSync(file, text);
    return openKnown(file, IDS);
  });
}

describe('the list of known failures', () => {
  it('has ids, patterns, topologies and reasons', async () => {
    const text =
      '# later\n- names.*\n- { case: mute.off_and_on, connections: per-endpoint, reason: is being rewritten }\n';
    expect(await read(text)).toEqual([
      { case: 'names.*' },
      { case: 'mute.off_and_on', connections: 'per-endpoint', reason: 'is being rewritten' },
    ]);
    expect(await read('# nothing\n')).toEqual([]);
    expect(await openKnown(undefined, IDS)).toEqual([]);
  });

  it.each([
    ['- names.equal\n- names.eqal\n', /known.yaml:2:3 .*No case is called names.eqal/],
    ['- { case: names.equal, topology: both }\n', /known.yaml:1:\d+ .*"topology" is not a field/],
    ['- { case: names.equal, connections: both }\n', /known.yaml:1:\d+ .*both/],
    ['- 7\n', /known.yaml:1:3 /],
    ['names.equal: true\n', /known.yaml:1:1/],
    ['- [a\n', /known.yaml:2:1: Not valid YAML/],
    ['- &a [*a]\n', /known.yaml:1:\d+: The alias/],
  ])('is refused with the line of what is wrong: %j', async (text, told) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'InvalidInputError', code: 'invalid_known' });
    await expect(read(text)).rejects.toThrow(told);
  });

  it('is refused when it is not there, or names no case', async () => {
    await expect(openKnown('nowhere.yaml', IDS)).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(openKnown([{ case: 'a.b' }], IDS)).rejects.toMatchObject({ code: 'unknown_case' });
  });
});

describe('a failure that is known', () => {
  const failed = caseResult({ verdict: 'fail', headline: 'no file' });

  it('is one only where it was expected, and says why', () => {
    const known = [{ case: 'names.*', connections: 'per-endpoint' as const, reason: 'later' }];
    expect(withKnown(failed, known).known).toBe(false);
    const expected = withKnown({ ...failed, connections: 'per-endpoint' }, known);
    expect(expected).toMatchObject({ known: true, verdict: 'fail' });
    expect(expected.lines.at(-1)).toMatchObject({ severity: 'note', text: 'expected to fail: later' });
    const passed = caseResult({ connections: 'per-endpoint' });
    expect(withKnown(passed, known)).toEqual(passed);
  });

  it('is fixed when all that it means was played and passed', () => {
    const known = [
      { case: 'names.*' },
      { case: 'mute.*' },
      { case: 'names.equal', connections: 'per-endpoint' as const },
    ];
    const fixed = caseResult({ connections: 'per-endpoint' });
    expect(fixedOf([failed, fixed], known)).toEqual(['names.equal (per-endpoint)']);
    expect(fixedOf([fixed, caseResult({ id: 'names.null' })], known)).toEqual([
      'names.*',
      'names.equal (per-endpoint)',
    ]);
    expect(fixedOf([caseResult({ verdict: 'not_seen' })], known)).toEqual([]);
  });
});
