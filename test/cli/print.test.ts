import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { printWrapped } from '../../src/cli/print.ts';

const { stdout } = process;
const before = { isTTY: stdout.isTTY, columns: stdout.columns };
let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(stdout, before);
});

const VERDICT = '✘ 3 of 5 frames delivered: nobody listens there; is it a WebSocket server?';

describe('a long line', () => {
  it('fits the terminal', () => {
    Object.assign(stdout, { isTTY: true, columns: 40 });
    printWrapped(VERDICT);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(VERDICT);
  });

  it('is one line in a pipe', () => {
    Object.assign(stdout, { isTTY: false, columns: undefined });
    printWrapped(VERDICT);
    expect(lines).toEqual([VERDICT]);
  });
});
