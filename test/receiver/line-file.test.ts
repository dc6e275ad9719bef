import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputFiles } from '../../src/output-files.ts';
import { LineFile } from '../../src/receiver/line-file.ts';
import { withFolder } from '../support/cli.ts';

/** What is on disk after `use`. */
async function written(use: (lines: LineFile, onDisk: () => string) => void): Promise<string> {
  return withFolder(async (dir) => {
    const path = join(dir, 'lines.ndjson');
    const lines = new LineFile(new OutputFiles().create(path));
    const onDisk = (): string => readFileSync(path, 'utf8');
    use(lines, onDisk);
    lines.close();
    return onDisk();
  });
}

describe('a file of lines', () => {
  it('has each message on a line of its own, also one that was written over several', async () => {
    const messages = ['{\r\n  "a": "ä€😀",\n\n  "b": 1\r\n}', '[]', `"${'x'.repeat(700_000)}"`, '{\n}'];
    const text = await written((lines) => {
      for (const message of messages) lines.append(Buffer.from(message));
    });
    const parsed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(parsed).toEqual(messages.map((message) => JSON.parse(message) as unknown));
  });

  it('copies what it is given, and writes it when it is told to or has a quarter of a megabyte', async () => {
    const text = await written((lines, onDisk) => {
      const message = Buffer.from('[1]');
      lines.append(message);
      message.fill(0);
      expect(onDisk()).toBe('');
      lines.flush();
      lines.flush();
      expect(onDisk()).toBe('[1]\n');
      const long = Buffer.from(`"${'y'.repeat(1_000)}"`);
      for (let count = 0; count < 262; count++) lines.append(long);
      expect(onDisk().length).toBeGreaterThan(256 * 1_024);
      expect(onDisk()).toMatch(/"\n$/);
    });
    expect(text.split('\n')).toHaveLength(1 + 262 + 1);
  });
});
