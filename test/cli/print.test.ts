import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logLine } from '../../src/cli/log-line.ts';
import { print, printWrapped, tell } from '../../src/cli/print.ts';

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

describe('options of the library', () => {
  const TEXT = 'receiver is not trusted: use `insecure`, or play with `connections: per-endpoint`';
  const SHOWN = 'receiver is not trusted: use --insecure, or play with --connections per-endpoint';

  it('are flags in sentences', () => {
    const { stderr } = process;
    vi.spyOn(console, 'error').mockImplementation((line: string) => lines.push(line));
    vi.spyOn(stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    Object.assign(stdout, { isTTY: false });
    printWrapped(TEXT);
    tell(TEXT);
    logLine(TEXT);
    expect(lines).toEqual([SHOWN, SHOWN, `${SHOWN}\n`]);
  });

  it('are flags before a sentence is broken, so that it fits', () => {
    Object.assign(stdout, { isTTY: true, columns: 33 });
    printWrapped('it sent frames that are none: `tolerateInvalidFrames` skips them');
    expect(lines).toEqual(['it sent frames that are none:', '  --tolerate-invalid-frames skips', '  them']);
  });

  it('keep their names in what is printed as it is', () => {
    print(TEXT);
    expect(lines).toEqual([TEXT]);
  });
});
