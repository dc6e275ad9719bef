/**
 * Each case of how messages come, at receivers over real sockets: the right one passes all, and each mistake costs its own case.
 * Here it is played at all cases of its group, and at some of the others; at all of them with `RECALL_EMULATOR_ALL_CASES=1`, which
 * takes some minutes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../../../src/check/case.ts';
import { CASES } from '../../../../src/check/cases/index.ts';
import { Collector } from '../../../../src/check/collect.ts';
import { directPlayer } from '../../../../src/check/player.ts';
import type { CaseResult } from '../../../../src/check/report.ts';
import { planCase, runCases, settingsOf } from '../../../../src/check/run.ts';
import type { CaseMeeting } from '../../../../src/check/seen.ts';
import type { KeptWitness } from '../../../../src/check/witnesses/kept.ts';
import { inLanes, isOfMoments, isTold, type Work } from '../work.ts';
import { AUTH } from './mistakes/auth.ts';
import { CONNECTIONS } from './mistakes/connections.ts';
import { EVENTS } from './mistakes/events.ts';
import { LOAD } from './mistakes/load.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { NETWORK } from './mistakes/network.ts';
import { ROBUST } from './mistakes/robust.ts';
import { listen, Receiver, SECRET } from './receiver.ts';

const MISTAKES: readonly Mistake[] = [...CONNECTIONS, ...NETWORK, ...EVENTS, ...ROBUST, ...AUTH, ...LOAD];
const OURS = CASES.filter(({ id }) => /^(connections|network|events|robust|auth|load)\./.test(id));
/** These need a process of the receiver's: they have tests of their own. */
const OF_PROCESSES = ['load.memory', 'load.pings'];
const ARE_ALL = process.env.RECALL_EMULATOR_ALL_CASES === '1';
/** Of the cases of other groups so many are played at each mistake: together they see each of them. */
const OTHERS = 3;

function inMemory(receiver: Receiver): KeptWitness {
  return {
    option: 'files',
    prepare: () => Promise.resolve(),
    state: () => Promise.resolve(String(receiver.tracks.size)),
    look: ({ recordingId }) => Promise.resolve(receiver.files(recordingId)),
    close: () => Promise.resolve(),
  };
}

/** One case at a receiver of its own, in one topology or in all. */
async function playAt(
  kind: new () => Receiver,
  what: Case,
  { all = false, alone = false }: { readonly all?: boolean; readonly alone?: boolean } = {},
): Promise<CaseResult[]> {
  const { signal } = new AbortController();
  const results: CaseResult[] = [];
  const needsSignature = what.id.startsWith('auth.');
  const secret = needsSignature ? SECRET : undefined;
  const settings = settingsOf(what, ['per-participant', 'per-endpoint'], secret);
  for (const setting of all ? settings : settings.slice(0, 1)) {
    const receiver = new kind();
    receiver.needsSignature = needsSignature;
    await using at = await listen(receiver);
    const place = {
      url: at.url,
      headers: {},
      secret,
      insecure: false,
      tolerateInvalidFrames: false,
      botMetadata: {},
    };
    const pace = isOfMoments(what) ? 'real' : alone ? (what.pace ?? 'fast') : 'fast';
    results.push(
      ...(await runCases({
        planned: [planCase(quiet({ ...what, pace }), setting)],
        player: directPlayer(() => place),
        collector: new Collector({
          kept: [inMemory(receiver)],
          whole: [],
          process: undefined,
          waitMs: 0,
          signal,
        }),
        process: undefined,
        restart: 'never',
        seed: 1,
        signal,
      })),
    );
  }
  return results;
}

/** Nobody talks, which takes long to make: what an open microphone sends can be told apart as well. */
function quiet(what: Case): Case {
  const silenced = ({ scenario, ...meeting }: CaseMeeting): CaseMeeting => ({
    ...meeting,
    scenario: {
      ...scenario,
      timeline: scenario.timeline.filter(({ action, ...rest }) => action !== 'speak' || 'text' in rest),
    },
  });
  return { ...what, rounds: (setting) => what.rounds(setting).map((round) => round.map(silenced)) };
}

function groupOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

/** All of its group, and some of the others: other ones for each mistake. */
function casesFor({ costs, alone }: Mistake, index: number): Case[] {
  if (alone === true) return OURS.filter(({ id }) => costs.includes(id));
  const own = OURS.filter(({ id }) => groupOf(id) === groupOf(costs[0]!));
  // Fifty connections at each of so many receivers are too much for the machine.
  const others = CASES.filter((what) => !own.includes(what) && what.id !== 'load.fifty_connections');
  const quick = others.filter(isQuick);
  const some = Array.from(
    { length: OTHERS },
    (_, number) => quick[(index * OTHERS + number) % quick.length]!,
  );
  return [...own, ...(ARE_ALL ? others : some)].filter(({ id }) => !OF_PROCESSES.includes(id));
}

/** Whether it is over in a moment where nobody needs real time. */
function isQuick(what: Case): boolean {
  return !isOfMoments(what) && what.tier !== 'full' && what.id !== 'mute.all_muted';
}

/** One case to be played at one receiver, and where its results go. */
interface Played extends Work {
  readonly kind: new () => Receiver;
  readonly how: NonNullable<Parameters<typeof playAt>[2]>;
  readonly results: CaseResult[];
}

describe('cases of how messages come', () => {
  const right: CaseResult[] = [];
  const flawed = new Map<Mistake, CaseResult[]>(MISTAKES.map((mistake) => [mistake, []]));

  beforeAll(async () => {
    const work: Played[] = [
      ...MISTAKES.flatMap((mistake, index) =>
        casesFor(mistake, index).map((what) => ({
          what,
          kind: mistake.receiver,
          how: { alone: mistake.alone === true },
          results: flawed.get(mistake)!,
        })),
      ),
      // Nobody has a process here.
      ...OURS.filter(({ id }) => id !== 'load.memory').map((what) => ({
        what,
        kind: Receiver,
        how: { all: true },
        results: right,
      })),
    ];
    const play = async ({ what, kind, how, results }: Played): Promise<void> => {
      results.push(...(await playAt(kind, what, how)));
    };
    // Nobody else may keep the machine busy while fifty are let in.
    const isCrowd = ({ what }: Played): boolean => what.id === 'load.fifty_connections';
    for (const each of work.filter(isCrowd)) await play(each);
    await inLanes(
      work.filter((each) => !isCrowd(each)),
      play,
    );
  }, 1_800_000);

  it('are passed by the right receiver', () => {
    expect(
      right
        .filter(({ verdict }) => isTold(verdict))
        .map(({ id, connections, lines }) => ({ id, connections, lines })),
    ).toEqual([]);
    expect(right.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(40);
  });

  it.each(MISTAKES.map((mistake) => [mistake.what, mistake] as const))(
    'tell a receiver that %s',
    (_, mistake) => {
      const { costs, mayCost = [], says, verdict = 'fail' } = mistake;
      const results = flawed.get(mistake)!;
      const told = results.filter((each) => isTold(each.verdict) && !mayCost.includes(each.id));
      const played = results.filter(({ verdict }) => verdict !== 'not_seen').map(({ id }) => id);
      expect(told.map(({ id }) => id).sort()).toEqual(costs.filter((id) => played.includes(id)).sort());
      const own = told.filter(({ id }) => groupOf(id) === groupOf(costs[0]!));
      for (const each of own) {
        expect(each.headline).toMatch(says);
        if (each.id === costs[0]) expect(each.verdict).toBe(verdict);
      }
    },
  );

  it('have a mistake each', () => {
    const costs = MISTAKES.flatMap((mistake) => mistake.costs);
    expect(OURS.map(({ id }) => id).filter((id) => !costs.includes(id))).toEqual([
      'load.pings',
      'load.memory',
    ]);
  });
});
