import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutLabel, label } from '../../src/cli/label.ts';
import { cut, definitions, pad, table, widthOf, wrap } from '../../src/cli/layout.ts';

describe('text in columns', () => {
  it.each([
    ['Ada', 5, 'Ada  '],
    ['Ada Moreno', 5, 'Ada …'],
    ['王小明', 6, '王小明'],
    ['王小明', 5, '王小…'],
    // Half of a wide character cannot be shown.
    ['王小明', 4, '王… '],
    ['👩‍👩‍👧‍👦 Ada', 4, '👩‍👩‍👧‍👦 …'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['Ada', 0, ''],
  ])('shows %s in %i columns', (text, width, shown) => {
    expect(pad(text, width)).toBe(shown);
    expect(widthOf(pad(text, width))).toBe(width);
  });

  it('takes every character to be as wide as the library says, with or without having to ask it', () => {
    const characters = Array.from({ length: 0x3_0000 }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code));
    const wrong = characters.filter((text) => widthOf(text) !== stringWidth(text));
    expect(wrong).toEqual([]);
  });

  it('breaks lines between words and keeps long words whole', () => {
    expect(wrap('  one two three-and-a-half four', 9, 4)).toEqual([
      '  one two',
      '    three-and-a-half',
      '    four',
    ]);
    expect(wrap('', 10)).toEqual(['']);
    expect(cut('short', 10)).toBe('short');
  });

  it('lets the first column of a table give way, down to a limit', () => {
    const columns = [{ head: 'name' }, { head: 'n', align: 'right' }] as const;
    const rows = [
      ['王小明 and others', '1'],
      ['Bo', '200'],
    ];
    expect(table(columns, rows, 15, 5)).toEqual(['name          n', '王小明 an…    1', 'Bo          200']);
    expect(table(columns, rows, 9, 5)).toBeUndefined();
  });

  it('puts long values below themselves, and below their names where there is no room', () => {
    const entries = [['name', 'one two three four five six seven eight']] as const;
    expect(definitions(entries, 30)).toEqual(['name  one two three four five', '      six seven eight']);
    expect(definitions(entries, 20)).toEqual(['name', '  one two three four', '  five six seven', '  eight']);
  });
});

describe('the label of a participant', () => {
  it('has no control characters, and an end', () => {
    expect(label({ id: 1, name: 'Ada\u001b[2J\r\n✔ fine\u202e' })).toBe(
      'Ada\\u001b[2J\\r\\n✔ fine\\u202e #1',
    );
    expect(label({ id: 2, name: null })).toBe('(no name) #2');
    expect(label({ id: 3, name: 'x'.repeat(5_000) }).length).toBeLessThan(150);
  });

  it('loses of its name and keeps its id when it is cut', () => {
    expect(cutLabel('Ada Moreno #100', 10)).toBe('Ada … #100');
    expect(cutLabel('Ada #100', 10)).toBe('Ada #100');
    expect(widthOf(cutLabel('Ada #1000000', 4))).toBeLessThanOrEqual(4);
  });
});
