/** Each case of what is sent, at receivers over real sockets: the right ones pass all, and each mistake costs its own case. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Case } from '../../../src/check/case.ts';
import { CASES } from '../../../src/check/cases/index.ts';
import { check, plannedCases } from '../../../src/check/check.ts';
import { Collector } from '../../../src/check/collect.ts';
import type { CheckOptions } from '../../../src/check/options.ts';
import { judge, type KeptFile } from '../../../src/check/oracle/judge.ts';
import { locator } from '../../../src/check/oracle/locate.ts';
import { directPlayer } from '../../../src/check/player.ts';
import { planCase, runCases, settingsOf } from '../../../src/check/run.ts';
import type { CaseSeen } from '../../../src/check/seen.ts';
import { judgeCase, type Outcome } from '../../../src/check/verdict.ts';
import { MISTAKES } from './mistakes/index.ts';
import { RIGHT } from './mistakes/right.ts';
import { startStage } from './stage.ts';

/** What is said about them holds of all other cases: whoever fails here fails everywhere. Or it is another case, only longer. */
const NOT_ALONE = ['frames.100_ms', 'frames.absolute_micros_offset', 'mute.all_muted_for_a_minute'];
const OURS = CASES.filter(({ id }) => /^(basic|mute|names|frames)\./.test(id));
const RECEIVERS = [...RIGHT, ...MISTAKES.map(({ steps }) => steps)];
/** So many cases are played at a time. */
const LANES = 4;

interface Result extends Outcome {
  readonly id: string;
  /** Index of the receiver. */
  readonly receiver: number;
}

/** A case that was played, and what each receiver has kept of it. */
interface Played {
  readonly what: Case;
  readonly seen: CaseSeen;
  readonly kept: (receiver: number) => KeptFile[];
}

function judged({ what, seen, kept }: Played): Result[] {
  const locators = seen.meetings.map(({ sent }) => locator(sent));
  return RECEIVERS.map((_, receiver) => {
    const files = kept(receiver);
    const meetings = seen.meetings.map((meeting, index) => ({
      ...meeting,
      kept: { files, judgement: judge(files, locators[index]!) },
    }));
    return { id: what.id, receiver, ...judgeCase(what, { ...seen, meetings }) };
  });
}

async function play(cases: readonly Case[]): Promise<Played[]> {
  const stage = await startStage(RECEIVERS);
  const { signal } = new AbortController();
  const played: Played[] = [];
  let kept: Played['kept'] = () => [];
  try {
    await runCases({
      // Receivers in memory have no timers: nothing has to be played in real time.
      planned: cases.flatMap((each) =>
        settingsOf(each, ['per-participant', 'per-endpoint'], undefined).map((setting) =>
          planCase({ ...each, pace: 'fast' }, setting),
        ),
      ),
      player: directPlayer(() => ({
        url: stage.url,
        headers: {},
        secret: undefined,
        insecure: false,
        tolerateInvalidFrames: false,
        botMetadata: {},
      })),
      collector: new Collector({ kept: [], whole: [], process: undefined, waitMs: 0, signal }),
      process: undefined,
      restart: 'never',
      seed: 1,
      signal,
      onStart: () => {
        kept = stage.begin();
      },
      onResult: ({ id }, seen) => played.push({ what: cases.find((each) => each.id === id)!, seen, kept }),
    });
  } finally {
    await stage.close();
  }
  return played;
}

describe('cases of what is sent', () => {
  let results: Result[] = [];

  beforeAll(async () => {
    const played = OURS.filter(({ id }) => id !== 'mute.all_muted_for_a_minute');
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      played.filter((_, index) => index % LANES === lane),
    );
    // Judged when all is played: it would hold up the sockets.
    results = (await Promise.all(lanes.map(play))).flat().flatMap(judged);
  }, 120_000);

  it('are passed by right receivers, whether they restore silence or not', () => {
    const wrong = results.filter(({ receiver, verdict }) => receiver < RIGHT.length && verdict !== 'pass');
    expect(wrong).toEqual([]);
  });

  it.each(MISTAKES.map((mistake, index) => [mistake.what, mistake, index] as const))(
    'tell a receiver that %s',
    (_, { costs, says, verdict = 'fail' }, index) => {
      const own = results.filter(
        ({ receiver, verdict: told }) => receiver === RIGHT.length + index && told !== 'pass',
      );
      expect([...new Set(own.map(({ id }) => id))].sort()).toEqual([...costs].sort());
      for (const { verdict: told, lines } of own) {
        expect(told).toBe(verdict);
        expect(lines[0]!.text).toMatch(says);
        expect(lines[0]!.text.length).toBeLessThan(200);
      }
    },
  );

  it('are played once where the topology makes no difference', () => {
    const modesOf = (options: Partial<CheckOptions>): string[] =>
      plannedCases({ url: 'ws://127.0.0.1:1/', cases: ['names.null'], ...options }).map(
        ({ setting }) => setting.connections,
      );
    expect(modesOf({})).toEqual(['per-participant']);
    expect(modesOf({ connections: 'per-endpoint' })).toEqual(['per-endpoint']);
    expect(modesOf({ cases: ['names.equal'] })).toEqual(['per-participant', 'per-endpoint']);
  });

  it('tell a receiver that lets nobody stay who says nothing', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (socket) => socket.close(1008, 'nothing came'));
    try {
      const report = await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        cases: ['basic.connection_without_frame'],
        connections: 'per-endpoint',
      });
      expect(report.cases[0]).toMatchObject({ verdict: 'fail', headline: expect.stringMatching(/close/) });
    } finally {
      server.close();
    }
  });

  it('have a mistake each that they alone tell', () => {
    const alone = MISTAKES.filter(({ costs }) => costs.length === 1).flatMap(({ costs }) => costs);
    const without = OURS.map(({ id }) => id).filter((id) => !alone.includes(id) && !NOT_ALONE.includes(id));
    // Each of these has one beside it that goes further, and that the same mistake costs.
    expect(without.sort()).toEqual(['frames.20_ms', 'mute.off_and_on', 'names.equal']);
  });
});
