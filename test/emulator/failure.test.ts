import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, failure, isOnDemand } from '../../src/emulator/failure.ts';

describe('failures', () => {
  it('are all in docs/errors.md, and nothing else is there', () => {
    const text = readFileSync('docs/errors.md', 'utf8');
    const table = text.slice(text.indexOf('## Connections'), text.indexOf('## Ours among'));
    const documented = table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, code]) => code));
    expect(documented.sort()).toEqual([...FAILURE_CODES].sort());
  });

  it('never carry control characters from outside', () => {
    const text = 'close code 1011 "\u001b]0;owned\u0007\r\n\u2714 all fine"';
    expect(failure('closed_by_receiver', text).text).toBe(
      'close code 1011 "\\u001b]0;owned\\u0007\\r\\n\u2714 all fine"',
    );
  });

  it("that were asked for are nobody's fault", () => {
    expect(FAILURE_CODES.filter((code) => isOnDemand(failure(code, '')))).toEqual([
      'dropped_on_demand',
      'refused_on_demand',
      'fault',
    ]);
  });
});
