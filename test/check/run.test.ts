/** What a run makes of a meeting, whoever played it. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/check/case.ts';
import { basicOneSpeaker } from '../../src/check/cases/basic-one-speaker.ts';
import { Collector } from '../../src/check/collect.ts';
import { sentOf } from '../../src/check/oracle/sent.ts';
import type { CaseResult } from '../../src/check/report.ts';
import { planCase, runCases } from '../../src/check/run.ts';
import type { PlayedMeeting } from '../../src/check/seen.ts';
import type { ReceiverProcess } from '../../src/check/witnesses/process.ts';
import type { Diagnosis } from '../../src/emulator/diagnosis.ts';
import { compileScenario } from '../../src/scenario/compile.ts';

const { signal } = new AbortController();
const WIRE: Case = { ...basicOneSpeaker, looksAt: 'wire' };

function diagnosis(code: string, text = `about ${code}`): Diagnosis {
  return { code, certainty: 'certain', text, evidence: [], remedy: '' };
}

/** The result of a meeting with these diagnoses, in whose course the process died or not. */
async function resultOf(
  diagnoses: readonly Diagnosis[],
  died: boolean,
  {
    what = WIRE,
    starts = () => 1,
    onPlay = () => {},
  }: { what?: Case; starts?: () => number; onPlay?: () => void } = {},
): Promise<CaseResult> {
  const planned = planCase(what, { connections: 'per-endpoint', secret: undefined });
  const plan = planned.rounds[0]![0]!;
  const timeline = await compileScenario(plan.scenario);
  const meeting: PlayedMeeting = {
    plan,
    timeline,
    recordingId: 'recording',
    botId: 'bot',
    speed: 1,
    startedMs: 1,
    session: undefined,
    report: undefined,
    script: undefined,
    sent: sentOf(timeline),
    diagnoses,
  };
  const exit = { code: 1, signal: null, atMs: 0, stderr: [] };
  const process = {
    running: !died,
    pid: globalThis.process.pid,
    get starts() {
      return starts();
    },
    died: died ? exit : undefined,
    start: async () => {},
    stop: async () => {},
    lastWords: async () => {},
  } as unknown as ReceiverProcess;
  const [result] = await runCases({
    planned: [planned],
    player: {
      play: async () => {
        onPlay();
        // The loop has to turn for its delay to be seen.
        await new Promise((resolve) => setTimeout(resolve, 100));
        return meeting;
      },
    },
    collector: new Collector({ kept: [], whole: [], process, waitMs: 0, signal }),
    process,
    restart: 'never',
    seed: 1,
    signal,
  });
  return result!;
}

const codesOf = ({ diagnoses }: CaseResult): string[] => diagnoses.map(({ code }) => code);

it('tells each diagnosis once', async () => {
  const twice = [diagnosis('slow_reader'), diagnosis('slow_reader'), diagnosis('slow_reader', 'another one')];
  expect(codesOf(await resultOf(twice, false))).toEqual(['slow_reader', 'slow_reader']);
});

it('measures a process on when a case is played again, and not another one', async () => {
  const played = async (starts: () => number): Promise<number[]> => {
    const seen: number[] = [];
    const what: Case = {
      ...WIRE,
      missed: ({ process = [] }) => {
        seen.push(process.at(-1)?.roundsOver ?? 0);
        return 'more of it';
      },
    };
    await resultOf([], false, { what, starts });
    return [...new Set(seen)];
  };
  expect(await played(() => 1)).toEqual([1, 2, 3]);
  let starts = 0;
  expect(await played(() => ++starts)).toEqual([1]);
});

it('does not say what a process that has died could not do any more', async () => {
  const all = [diagnosis('stopped_reading'), diagnosis('crash'), diagnosis('shutdown')];
  expect(codesOf(await resultOf(all, true))).toEqual(['crash', 'shutdown']);
  expect(codesOf(await resultOf(all, false))).toEqual(['stopped_reading', 'crash', 'shutdown']);
});

/** Nothing of this process runs for so long. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('when the machine stands still', () => {
  /** Played as often as it takes: what `look` finds wrong, and for how long the machine stands still, in each attempt. */
  async function playedWith(
    attempts: readonly { wrong: boolean; stillMs: number; missed?: boolean }[],
    died = false,
  ) {
    let played = 0;
    let looked = 0;
    const look: Case['look'] = () => {
      const { wrong } = attempts[looked++]!;
      return wrong
        ? [
            {
              code: 'missing',
              severity: 'error',
              text: 'missing',
              recordingId: null,
              participant: null,
              fromSeconds: null,
              toSeconds: null,
            },
          ]
        : [];
    };
    const result = await resultOf([], died, {
      what: { ...WIRE, look, missed: () => (attempts[played - 1]!.missed === true ? 'it' : undefined) },
      onPlay: () => standStill(attempts[played++]!.stillMs),
    });
    return {
      played,
      verdict: result.verdict,
      notes: result.lines.filter(({ code }) => code === 'standstill'),
    };
  }
  const DISTURBED = { wrong: true, stillMs: 1_200 };

  it('plays what is wrong again, and believes the attempt that nothing disturbed', async () => {
    expect(await playedWith([DISTURBED, { wrong: false, stillMs: 0 }])).toEqual({
      played: 2,
      verdict: 'pass',
      notes: [],
    });
    expect(await playedWith([DISTURBED, { wrong: true, stillMs: 0 }])).toMatchObject({
      played: 2,
      verdict: 'fail',
    });
  });

  it('says so when every attempt was disturbed', async () => {
    expect(await playedWith([DISTURBED, DISTURBED, DISTURBED])).toEqual({
      played: 3,
      verdict: 'fail',
      notes: [
        expect.objectContaining({
          severity: 'note',
          text: expect.stringMatching(/^this machine stood still for 1\.\d s .*, in each of 3 attempts$/),
        }),
      ],
    });
  });

  it('says no more than that when others before were not', async () => {
    const missed = { wrong: false, stillMs: 0, missed: true };
    const { played, notes } = await playedWith([missed, DISTURBED, DISTURBED]);
    expect(played).toBe(3);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^this machine stood still for 1\.\d s .*, in the last of 3 attempts$/),
    ]);
  });

  it('does not play again what passes, nor at a process that has died', async () => {
    expect(await playedWith([{ wrong: false, stillMs: 1_200 }])).toMatchObject({
      played: 1,
      verdict: 'pass',
    });
    expect(await playedWith([DISTURBED], true)).toMatchObject({ played: 1, verdict: 'fail' });
  });
});
