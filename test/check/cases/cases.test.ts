/** Each case of what is sent, at receivers over real sockets: the right ones pass all, and each mistake costs its own case of all. */
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
import type { Mistake } from './mistakes/mistake.ts';
import { RIGHT } from './mistakes/right.ts';
import { startStage } from './stage.ts';
import { SECRET } from './wire/receiver.ts';
import { inLanes, isOfMoments, isTold } from './work.ts';

const OURS = CASES.filter(({ id }) => /^(basic|mute|names|frames)\./.test(id));
/** These look at what the receiver's process takes, or how quick it is: dozens of receivers in one process are no measure. */
const OF_PROCESSES = ['load.memory', 'load.pings', 'load.speed', 'load.fifty_connections'];
const PLAYED = CASES.filter(({ id }) => !OF_PROCESSES.includes(id));
const RECEIVERS = [...RIGHT, ...MISTAKES.map(({ steps }) => steps)];

interface Result extends Outcome {
  readonly id: string;
  /** Index of the receiver. */
  readonly receiver: number;
}

function idsOf(costs: Mistake['costs']): string[] {
  if (!('allBut' in costs)) return [...costs];
  return PLAYED.map(({ id }) => id).filter((id) => !costs.allBut.includes(id));
}

/** A case that was played, and what each receiver has kept of it. */
interface Played {
  readonly what: Case;
  readonly seen: CaseSeen;
  /** Of each of its meetings. */
  readonly kept: readonly ((receiver: number) => KeptFile[])[];
}

function judged({ what, seen, kept }: Played): Result[] {
  const locators = seen.meetings.map(({ sent }) => locator(sent));
  return RECEIVERS.map((_, receiver) => {
    const meetings = seen.meetings.map((meeting, index) => {
      const files = kept[index]!(receiver);
      return { ...meeting, kept: { files, judgement: judge(files, locators[index]!) } };
    });
    return { id: what.id, receiver, ...judgeCase(what, { ...seen, meetings }) };
  });
}

/** What nobody waits for is played as fast as it goes: receivers in memory have no timers but those of the wire. */
function paced(what: Case): Case {
  if (what.id !== 'mute.all_muted_for_a_minute')
    return { ...what, pace: isOfMoments(what) ? 'real' : 'fast' };
  const rounds: Case['rounds'] = (setting) =>
    what.rounds(setting).map((round) => round.map((meeting) => ({ ...meeting, speed: 'max' })));
  return { ...what, pace: 'fast', rounds };
}

/** In all its topologies. */
async function play(what: Case): Promise<Played[]> {
  const needsSignature = what.id.startsWith('auth.');
  const secret = needsSignature ? SECRET : undefined;
  await using stage = await startStage(RECEIVERS, needsSignature);
  const { signal } = new AbortController();
  const played: Played[] = [];
  await runCases({
    planned: settingsOf(what, ['per-participant', 'per-endpoint'], secret).map((setting) =>
      planCase(paced(what), setting),
    ),
    player: directPlayer(() => ({
      url: stage.url,
      headers: {},
      secret,
      insecure: false,
      tolerateInvalidFrames: false,
      botMetadata: {},
    })),
    collector: new Collector({ kept: [], whole: [], process: undefined, waitMs: 0, signal }),
    process: undefined,
    restart: 'never',
    seed: 1,
    signal,
    onResult: (_, seen) =>
      played.push({ what, seen, kept: seen.meetings.map(({ recordingId }) => stage.keptOf(recordingId)) }),
  });
  return played;
}

describe('cases of what is sent', () => {
  let results: Result[] = [];

  beforeAll(async () => {
    const played: Played[] = [];
    await inLanes(
      PLAYED.map((what) => ({ what })),
      async ({ what }) => {
        played.push(...(await play(what)));
      },
    );
    // Judged when all is played: it would hold up the sockets.
    results = played.flatMap(judged);
  }, 120_000);

  it('are passed by right receivers, whether they restore silence or not', () => {
    const wrong = results.filter(({ receiver, verdict }) => receiver < RIGHT.length && isTold(verdict));
    expect(wrong).toEqual([]);
  });

  it.each(MISTAKES.map((mistake, index) => [mistake.what, mistake, index] as const))(
    'tell a receiver that %s',
    (_, { costs, mayCost = [], says, verdict = 'fail' }, index) => {
      const own = results.filter(
        ({ id, receiver, verdict: told }) =>
          receiver === RIGHT.length + index && isTold(told) && !mayCost.includes(id),
      );
      expect([...new Set(own.map(({ id }) => id))].sort()).toEqual(idsOf(costs).sort());
      for (const { id, verdict: told, lines } of own) {
        if (id === idsOf(costs)[0]) expect(told).toBe(verdict);
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
    const costs = MISTAKES.map((mistake) => mistake.costs);
    const alone = costs.flatMap((each) => ('allBut' in each || each.length > 1 ? [] : each));
    const without = OURS.map(({ id }) => id).filter((id) => !alone.includes(id));
    expect(without.sort()).toEqual([
      // All others have what they are about: whoever fails here fails everywhere.
      'frames.100_ms',
      'frames.20_ms',
      'frames.absolute_micros_offset',
      // Each of these has one beside it that goes further, and that the same mistake costs. So has `frames.20_ms`.
      'mute.all_muted',
      'mute.off_and_on',
      'names.equal',
    ]);
    expect(without.filter((id) => !costs.some((each) => idsOf(each).includes(id)))).toEqual([]);
  });
});
