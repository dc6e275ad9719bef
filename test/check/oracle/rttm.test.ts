import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRttm, readRttm } from '../../../src/check/oracle/rttm.ts';
import { InvalidInputError } from '../../../src/errors.ts';
import { runCli } from '../../support/cli.ts';

const line = (onset: string, duration: string, name: string, file = 'a'): string =>
  `SPEAKER ${file} 1 ${onset} ${duration} <NA> <NA> ${name} <NA> <NA>`;

function problemOf(text: string): string {
  try {
    parseRttm(text, 'x.rttm');
    return 'none';
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.message;
  }
}

describe('parseRttm', () => {
  it('reads segments, and joins those of a speaker', () => {
    const text = `\ufeff;; by hand\r\nSPKR-INFO a 1 <NA> <NA> <NA> unknown x <NA>\r\n\r\n${line('1.5', '0.5', 'x')}\r\n${line('0', '1.75', 'x')}\n${line('3', '.25', 'y')}`;
    expect(parseRttm(text, 'x.rttm')).toEqual([
      { name: 'x', ranges: [{ start: 0, end: 32_000 }] },
      { name: 'y', ranges: [{ start: 48_000, end: 52_000 }] },
    ]);
    expect(parseRttm('', 'x.rttm')).toEqual([]);
  });

  it('says which line is wrong, and in what', () => {
    expect(problemOf(`${line('0', '1', 'x')}\n${line('soon', '1', 'x')}`)).toMatch(
      /^x\.rttm:2: The onset is `soon`\. It is a number of seconds/,
    );
    expect(problemOf(line('1', '-2', 'x'))).toContain('x.rttm:1: The duration is `-2`.');
    expect(problemOf(line('1', '1e99', 'x'))).toContain('The duration is `1e99`.');
    expect(problemOf('SPEAKER a 1')).toContain('The onset is missing.');
    expect(problemOf('SPEAKER a 1 0 1 <NA> <NA>')).toContain('There is no speaker.');
    expect(problemOf(line('0', '1', 'x'.repeat(201)))).toContain('The name of the speaker is too long.');
    expect(problemOf('{"speaker": "\u001b[2Jx"}')).toContain(
      '`{"speaker": "\\u001b[2Jx"}` is no line of RTTM.',
    );
  });

  it('takes one meeting, and not more than anybody has', () => {
    expect(problemOf(`${line('0', '1', 'x')}\n${line('0', '1', 'x', 'b')}`)).toContain(
      'x.rttm: It has segments of 2 recordings or channels. Give those of one.',
    );
    const many = (count: number, name: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => line('1', '1', name(index))).join('\n');
    expect(problemOf(many(1_002, (index) => `x${index}`))).toContain('There are more than 1000 speakers.');
    expect(problemOf(many(100_002, () => 'x'))).toContain('There are more than 100000 segments.');
    expect(problemOf('what\n'.repeat(10_000)).split('\n')).toHaveLength(10);
  });

  it('never fails in any other way', () => {
    const word = fc.oneof(
      fc.constantFrom('SPEAKER', 'a', '1', '0.5', '-1', 'NaN', '<NA>', '\t'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 12 })), (lines) => {
        problemOf(lines.map((words) => words.join(' ')).join('\n'));
      }),
    );
  });
});

describe('compare, of RTTM', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rttm-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('says how good an account of a meeting is, and what is wrong with it', async () => {
    const made = await runCli('generate', '--out', dir, '--seed', '3', '--duration', '30s');
    expect(made).toMatchObject({ code: 0 });
    const truth = join(dir, 'truth.rttm');
    const speakers = await readRttm(truth);
    const right = await runCli('compare', truth, join(dir, 'scenario.yaml'));
    expect(right).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^✔ .*: DER 0\.0 % \(0\.0 s missed/),
    });
    const alone = join(dir, 'alone.rttm');
    writeFileSync(alone, line('0', '0', 'x'));
    const wrong = await runCli('compare', alone, truth, '--json');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, diarization: { der: 1 } });
    expect(JSON.parse(wrong.stdout).findings).toHaveLength(speakers.length);
  });

  it('says what it cannot read, with exit code 2', async () => {
    expect(await runCli('compare', join(dir, 'none.rttm'), 'standup')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none.rttm cannot be read: it does not exist (ENOENT).'),
    });
  });
});
