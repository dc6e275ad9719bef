import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav } from '../../src/audio/wav.ts';
import { AudioError, InvalidInputError } from '../../src/errors.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { scenarioToYaml } from '../../src/scenario/stringify.ts';
import { validateFile } from '../../src/scenario/validate.ts';
import { scenarioArb } from '../support/scenarios.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'recall-emulator-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('input from outside', () => {
  it('reads back any scenario it has written as YAML', () => {
    fc.assert(
      fc.property(scenarioArb, (scenario) => {
        expect(parseScenario(scenarioToYaml(scenario)).scenario).toEqual(scenario);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a WAV or an AudioError for any bytes', async () => {
    const wav = await encodeWav(Int16Array.from({ length: 200 }, (_, index) => index * 31));
    const mutated = fc
      .array(fc.tuple(fc.nat({ max: wav.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
      .chain((edits) =>
        fc.nat({ max: wav.length }).map((length) => {
          const copy = Buffer.from(wav);
          for (const [at, byte] of edits) copy[at] = byte;
          return copy.subarray(0, length % 3 === 0 ? length : wav.length);
        }),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), async (bytes) => {
        try {
          expect(await decodeWav(bytes)).toBeInstanceOf(Int16Array);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives a scenario or all its problems for any text', async () => {
    const valid = scenarioToYaml({
      participants: [{ id: 1, name: 'A' }],
      timeline: [{ at: 1, participant: 1, action: 'unmute' }],
    });
    const textArb = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc
        .tuple(fc.nat({ max: valid.length }), fc.string({ maxLength: 6 }))
        .map(([at, text]) => valid.slice(0, at) + text + valid.slice(at + text.length)),
      fc.constantFrom(
        'a: &a [*a, *a]',
        'a: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b]',
        '? [',
        '{',
        '- - - -',
        '!!js/function x',
        '%YAML 9',
      ),
    );
    await fc.assert(
      fc.asyncProperty(textArb, async (text) => {
        try {
          await compileScenario(parseScenario(text, { file: 'any.yaml' }));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
          expect((error as InvalidInputError).problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a document whose aliases explode', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[index]}`).join(',')}]`),
    ].join('\n');
    expect(() => parseScenario(bomb)).toThrow(InvalidInputError);
  });

  it('gives a report for a capture of any lines', async () => {
    const file = join(dir, 'any.ndjson');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.string()), { maxLength: 5 }), async (lines) => {
        await writeFile(file, lines.join('\n'));
        const report = await validateFile(file);
        expect(report.ok).toBe(report.problemCount === 0);
      }),
      { numRuns: 200 },
    );
  });
});
