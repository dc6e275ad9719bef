/** The benches are no part of the build and have no types: this runs each sender for a moment, so that none of them rots. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_RATE } from '../src/protocol/pcm.ts';

const SENDERS = [
  'sender-load',
  'sender-ours',
  'sender-plain',
  'sender-ceiling',
  'floor-node',
  'floor-c',
] as const;
const folder = mkdtempSync(join(tmpdir(), 'recall-emulator-bench-'));
const audio = join(folder, 'second.raw');

beforeAll(() => writeFileSync(audio, Buffer.alloc(2 * SAMPLE_RATE, 1)));
afterAll(() => rmSync(folder, { recursive: true }));

/** Its first message, or an error with what it printed. */
async function said(child: ChildProcess): Promise<unknown> {
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`it ended with code ${code} and said nothing: ${printed}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
  ended.catch(() => {});
  return message;
}

function start(name: string, options: unknown): ChildProcess {
  return fork(`bench/${name}.mjs`, [JSON.stringify(options)], { silent: true });
}

describe('the benches', () => {
  it.each(SENDERS)('%s sends at the sink and tells how it went', async (name) => {
    const sink = start('sink', {});
    try {
      const { port } = (await said(sink)) as { port: number };
      const url = `ws://127.0.0.1:${port}/audio`;
      const options = {
        url,
        streams: 4,
        frameMs: 100,
        seconds: 1,
        rampSeconds: 0.1,
        audio,
        text: 'x'.repeat(500),
      };
      const sender = start(name, options);
      try {
        expect(await said(sender)).toEqual(expect.objectContaining({}));
      } finally {
        sender.kill('SIGKILL');
      }
    } finally {
      sink.kill('SIGKILL');
    }
  });
});

/** Of the work of a row; the load of ten thousand streams becomes one of four hundred. */
const SHARE = 0.04;

/** As in bench/costs/rows.mjs. */
interface Row {
  readonly name: string;
  args(root: string, size: number, dir: string): string[];
  of(report: unknown): number;
}

const { measure, ROWS } = (await import(new URL('../bench/costs/rows.mjs', import.meta.url).href)) as {
  readonly ROWS: readonly Row[];
  measure(row: Row, root: string, dir: string, size?: number): Promise<{ value?: number; error?: string }>;
};

describe('the table of what users wait for', () => {
  it.each<Row>(ROWS)('has a figure for $name', async (row) => {
    expect(await measure(row, process.cwd(), join(folder, 'out'), SHARE)).toEqual({
      value: expect.any(Number),
    });
  });

  it('says why there is no figure', async () => {
    const row = { name: '', args: () => ['-e', 'throw new Error("no such thing")'], of: () => 1 };
    const { error } = await measure(row, process.cwd(), folder);
    expect(error).toBeTypeOf('string');
  });
});
