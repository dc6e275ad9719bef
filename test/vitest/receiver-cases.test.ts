import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestAPI, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/receiver.ts';
import { type ReceiverCasesOptions, receiverCases } from '../../src/vitest/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'receiver-cases-'));
const files = [join(dir, 'recording-{recording_id}', 'participant-{id}.wav')];
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ dir });
});
afterAll(async () => {
  await receiver.close();
  rmSync(dir, { recursive: true });
});

describe('the cases of check at the embedded receiver', () => {
  receiverCases(test, { url: () => receiver.url, files, cases: ['basic.one_speaker'] });
});

type Run = (context: { skip(reason: string): never; signal: AbortSignal }) => Promise<void>;

/** What tests there would be, and how each ends: `passed`, `skipped: …`, or the text of its failure. */
function declared(options: Omit<ReceiverCasesOptions, 'url'>): { name: string; end(): Promise<string> }[] {
  const tests: { name: string; end(): Promise<string> }[] = [];
  const declare = (name: string, _options: object, run: Run): void => {
    const skip = (reason: string): never => {
      throw new Error(`skipped: ${reason}`);
    };
    const { signal } = new AbortController();
    tests.push({
      name,
      end: () =>
        run({ skip, signal }).then(
          () => 'passed',
          (error: Error) => error.message,
        ),
    });
  };
  receiverCases(declare as unknown as TestAPI, { ...options, url: () => receiver.url });
  return tests;
}

describe('receiverCases', () => {
  const cases = ['basic.one_speaker'];
  const connections = 'per-endpoint';

  it('has a test for each case and topology', () => {
    expect(declared({ cases }).map(({ name }) => name)).toEqual([
      'basic.one_speaker (per-participant): one person speaks',
      'basic.one_speaker (per-endpoint): one person speaks',
    ]);
    expect(() => declared({ cases: ['basic.nothing'] })).toThrow('No case is called basic.nothing');
  });

  it('fails with what is wrong, what must hold and what to do', async () => {
    const elsewhere = [join(dir, 'nowhere', '{id}.wav')];
    const [each] = declared({ cases, connections, files: elsewhere, filesWaitSeconds: 0, seed: 5 });
    expect(await each!.end()).toMatch(
      /^no file of Ada Moreno.*\n( {2}- .*\n)* {2}must hold: All of it is kept.*\n {2}what to do: Decode .*\n {2}the same again: seed: 5$/,
    );
  });

  it('skips what nobody could see, and what is known to fail', async () => {
    const [blind] = declared({ cases, connections });
    expect(await blind!.end()).toMatch(/^skipped: not seen: what the receiver kept: give `files`/);
    const known = [{ case: 'basic.*' }];
    const elsewhere = [join(dir, 'nowhere', '{id}.wav')];
    const [expected] = declared({ cases, connections, known, files: elsewhere, filesWaitSeconds: 0 });
    expect(await expected!.end()).toMatch(/^skipped: expected to fail: no file of Ada/);
  });
});
