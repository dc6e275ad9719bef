/** The first line is true: right receivers pass, and of each typical mistake it names the cause. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../examples/node-receiver/src/server.ts';
import { KEPT_CAUSES } from '../../src/check/causes.ts';
import { check } from '../../src/check/check.ts';
import type { CheckReport } from '../../src/check/report.ts';
import { withFolder } from '../support/cli.ts';
import { checkAt, PATTERN } from './receivers/check-at.ts';
import { type Language, PYTHON } from './receivers/start.ts';

/** What has nothing special: without it, nothing is certain. */
const PLAIN = ['basic.one_speaker', 'basic.three_at_once'];

/** A receiver in a process of its own, that is right and has to pass the quick suite. */
function passed(language: Language): Promise<CheckReport> {
  return checkAt(language, undefined, { suite: 'quick' });
}

/** One with a mistake, at the cases that it takes to tell. */
function failed(language: Language, mistake: string, cases: readonly string[]): Promise<CheckReport> {
  return checkAt(language, mistake, {
    cases: [...PLAIN, ...cases],
    connections: 'per-participant',
    // What is not there will not come.
    filesWaitSeconds: 1,
  });
}

/** What is wrong, for whoever reads why the test failed. */
function wrongIn({ cases }: CheckReport): string[] {
  return cases
    .filter(({ verdict }) => verdict !== 'pass')
    .map(
      ({ id, connections, lines }) => `${id} (${connections}): ${lines.map(({ text }) => text).join('; ')}`,
    );
}

/** A mistake, the cases in which it shows, its cause, and the first line. */
type Mistake = readonly [name: string, cases: readonly string[], code: string, line: RegExp];

const COMMON: readonly Mistake[] = [
  [
    'keyed_by_name',
    ['names.equal'],
    'keyed_by_name',
    /^1 of 3 failed\. The receiver keys audio by name: .*Alex/,
  ],
  [
    'closes_all',
    ['mute.one_of_three'],
    'closes_all_at_one_close',
    /^\d of 3 failed\. The receiver ends the audio of everybody when one connection closes: /,
  ],
  [
    'ignores_gaps',
    ['mute.off_and_on'],
    'ignores_gaps',
    /^1 of 3 failed\. The receiver ignores gaps in timestamps/,
  ],
  [
    'assumes_100ms',
    ['frames.changing_sizes'],
    'assumes_100_ms',
    /^1 of 3 failed\. The receiver takes every message for 100 ms of audio: silence inserted/,
  ],
  [
    'truncates_on_reconnect',
    ['mute.off_and_on'],
    'truncates_on_reconnect',
    /^1 of 3 failed\. The receiver begins a participant's file anew with each connection: only what came after/,
  ],
  [
    'null_names',
    ['names.null'],
    'null_names',
    /^1 of 3 failed\. The receiver takes every name for text, and/,
  ],
  [
    'grows',
    ['load.memory'],
    'grows',
    /^1 of 3 failed\. The receiver keeps in memory what it has been sent: .* grows/,
  ],
];
/** Told by how late its answers are: as late as this process is itself, it cannot tell. So nothing else runs in it meanwhile. */
const BLOCKS: Mistake = [
  'blocks',
  ['load.pings'],
  'blocks_event_loop',
  /^\d of 3 failed\. The receiver blocks its event loop/,
];
const IDS =
  /^1 of 3 failed\. The receiver keeps participant ids in 32 bits \(2147483648 becomes -2147483648\)/;
const MISTAKES: Readonly<Record<Language, readonly Mistake[]>> = {
  node: [...COMMON, ['ids_as_strings', ['names.large_ids'], 'ids_in_32_bits', IDS]],
  python: [
    ...COMMON,
    ['ids_in_32_bits', ['names.large_ids'], 'ids_in_32_bits', IDS],
    ['ids_as_strings', ['mute.off_and_on'], 'truncates_on_reconnect', /anew with each connection/],
  ],
};

async function expectNamed(language: Language, [mistake, cases, code, line]: Mistake): Promise<void> {
  const report = await failed(language, mistake, cases);
  expect(report.verdict).toMatch(line);
  expect(report.causes.map((each) => each.code)).toEqual([code]);
}

const LANGUAGES = [
  { language: 'node', isHere: true },
  { language: 'python', isHere: PYTHON !== undefined },
] as const;

for (const { language, isHere } of LANGUAGES) {
  describe.skipIf(!isHere).concurrent(`check at receivers in ${language}`, () => {
    it('passes a right one', async () => {
      const report = await passed(language);
      expect(wrongIn(report)).toEqual([]);
      expect(report.verdict).toBe(`all ${report.cases.length} passed`);
      expect(report.causes).toEqual([]);
    });

    it.each(MISTAKES[language])('names the cause of %s first, and no other', (...mistake) =>
      expectNamed(language, mistake),
    );
  });

  it.skipIf(!isHere)(`check at a receiver in ${language} that blocks names it`, () =>
    expectNamed(language, BLOCKS),
  );
}

describe('check', () => {
  it('passes the example in TypeScript', () =>
    withFolder(async (out) => {
      const server = await startServer(out);
      try {
        const report = await check({ url: server.url, files: [join(out, ...PATTERN)], suite: 'quick' });
        expect(wrongIn(report)).toEqual([]);
      } finally {
        await server.close();
      }
    }));
});

describe('causes', () => {
  it('have a line in the index for every file, and words for those who read a report', () => {
    const files = readdirSync('src/check/causes');
    // Two files are tables of several.
    expect(files.length).toBeLessThanOrEqual(KEPT_CAUSES.length);
    for (const { code, title, shows } of KEPT_CAUSES) {
      expect(code).toMatch(/^[a-z0-9_]+$/);
      expect(title.length).toBeGreaterThan(10);
      expect(shows).toMatch(/\.$/);
    }
  });
});
