/** The cases that look at the receiver's process, or need it to be another one than ours. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMemory } from '../../../../src/check/cases/load-memory.ts';
import { check } from '../../../../src/check/check.ts';
import type { CaseSeen } from '../../../../src/check/seen.ts';
import { judgeCase } from '../../../../src/check/verdict.ts';
import { freePort } from '../../witnesses/checked.ts';

const MIB = 1024 ** 2;
const SETTING = { connections: 'per-participant', secret: undefined } as const;
const ROUNDS = loadMemory.rounds(SETTING).length;

/** As it would be seen of a process that takes so much when so many meetings are over, of 2 MiB each. */
function seenWith(mibAfter: (meetings: number) => number, dropped = 0, rounds = 3 * ROUNDS): CaseSeen {
  const meeting = {
    plan: {},
    timeline: { durationSamples: 64_000 },
    session: { ledger: { connections: [{ bytesWritten: 2 * MIB }] } },
    report: { ok: true, dropped: { total: dropped } },
    diagnoses: [],
    kept: { judgement: { findings: [] } },
  };
  return {
    id: loadMemory.id,
    setting: SETTING,
    meetings: Array.from({ length: ROUNDS }, () => meeting) as unknown as CaseSeen['meetings'],
    exit: undefined,
    process: Array.from({ length: rounds }, (_, index) => ({
      atSeconds: index,
      roundsOver: index + 1,
      rssBytes: mibAfter(index + 1) * MIB,
      cpuPercent: null,
      descriptors: null,
    })),
  };
}

describe('load.memory', () => {
  it('fails where the audio of each meeting is kept for ever', () => {
    const { verdict, lines } = judgeCase(
      loadMemory,
      seenWith((meetings) => 60 + meetings * 1.3),
    );
    expect(verdict).toBe('fail');
    expect(lines[0]!.text).toContain('grows by 1.3 MiB with each meeting, of which 2.0 MiB were sent');
  });

  it('is not sure of it before there were many meetings', () => {
    const { verdict, lines, unseen } = judgeCase(
      loadMemory,
      seenWith((meetings) => 60 + meetings * 1.3, 0, ROUNDS),
    );
    expect({ verdict, lines }).toEqual({ verdict: 'not_seen', lines: [] });
    expect(unseen).toEqual([
      'whether the process keeps what it is sent: it grew by 1.3 MiB with each of 12 meetings, which may be garbage that is not collected yet',
    ]);
  });

  it.each([
    ['a process that has settled', (meetings: number) => (meetings < 4 ? 40 + meetings * 10 : 80)],
    ['what a garbage collector does', (meetings: number) => 60 + (meetings % 4) * 8],
    ['one step', (meetings: number) => (meetings < 9 ? 60 : 76)],
    ['one late collection', (meetings: number) => (meetings < 30 ? 60 + meetings * 3 : 62)],
    ['what is put off over all of them', (meetings: number) => 235 + meetings * 0.9],
    ['garbage of 64 MiB', (meetings: number) => 60 + (meetings % 15) * 4.4],
    ['a runtime that takes its time', (meetings: number) => Math.min(110, 75 + meetings * 8)],
  ])('takes no offence at %s', (_, mibAfter) => {
    expect(judgeCase(loadMemory, seenWith(mibAfter)).verdict).toBe('pass');
  });

  it('says nothing of a receiver that does not take what it is sent', () => {
    expect(
      judgeCase(
        loadMemory,
        seenWith((meetings) => 60 + meetings * 1.3, 1),
      ).lines,
    ).toEqual([]);
  });

  it('says so when it could not be measured', () => {
    const seen = seenWith(() => 60);
    expect(judgeCase(loadMemory, { ...seen, process: seen.process!.slice(1) }).verdict).toBe('not_seen');
    expect(judgeCase(loadMemory, { ...seen, process: undefined }).unseen.join()).toContain(
      'give the command',
    );
  });
});

describe('load.pings', () => {
  it('tells a receiver that it blocks its event loop', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'pings-'));
    const port = await freePort();
    const receiver = new URL('../../receivers/receiver.mjs', import.meta.url).pathname;
    try {
      const report = await check({
        url: `ws://127.0.0.1:${port}/`,
        command: [process.execPath, receiver, '--port', String(port), '--out', dir, '--mistake', 'blocks'],
        cases: ['load.pings'],
        seed: 1,
      });
      expect(report.verdict).toMatch(/^1 of 1 failed\. The receiver blocks its event loop/);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
