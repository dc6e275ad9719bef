/** Each case of how messages come, at receivers over real sockets: the right one passes all, and each mistake costs its own case. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../../../src/check/case.ts';
import { CASES } from '../../../../src/check/cases/index.ts';
import { Collector } from '../../../../src/check/collect.ts';
import { directPlayer } from '../../../../src/check/player.ts';
import type { CaseResult } from '../../../../src/check/report.ts';
import { planCase, runCases, settingsOf } from '../../../../src/check/run.ts';
import type { CaseMeeting } from '../../../../src/check/seen.ts';
import type { KeptWitness } from '../../../../src/check/witnesses/kept.ts';
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
/** A busy machine must not miss what happens at a moment: these are played in real time, and many of them at once. */
const OF_MOMENTS =
  /^connections\.(one_per|lost|replaced|ping_answered)|^network\.(half_open|reset)|^load\.fifty/;
/** So many receivers are played at at a time. */
const LANES = { fast: 4, real: 12 };

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

/** All of its group, or its own case where that says enough. */
function casesFor({ costs, alone }: Mistake): Case[] {
  return OURS.filter(({ id }) =>
    alone === true ? costs.includes(id) : groupOf(id) === groupOf(costs[0]!) && !OF_PROCESSES.includes(id),
  );
}

/** One case to be played at one receiver, and where its results go. */
interface Work {
  readonly what: Case;
  readonly kind: new () => Receiver;
  readonly how?: Parameters<typeof playAt>[2];
  readonly results: CaseResult[];
}

async function inLanes(work: readonly Work[], lanes: number): Promise<void> {
  const left = [...work];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      next.results.push(...(await playAt(next.kind, next.what, next.how)));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function isOfMoments({ id }: Case): boolean {
  return OF_MOMENTS.test(id);
}

/** What has not come about on a machine that is too busy is told of no receiver. */
function isTold(verdict: CaseResult['verdict']): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

describe('cases of how messages come', () => {
  const right: CaseResult[] = [];
  const flawed = new Map<Mistake, CaseResult[]>(MISTAKES.map((mistake) => [mistake, []]));

  beforeAll(async () => {
    const work: Work[] = [
      ...MISTAKES.flatMap((mistake) =>
        casesFor(mistake).map((what) => ({
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
    await Promise.all([
      inLanes(
        work.filter(({ what }) => isOfMoments(what)),
        LANES.real,
      ),
      inLanes(
        work.filter(({ what }) => !isOfMoments(what)),
        LANES.fast,
      ),
    ]);
  }, 300_000);

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
      const told = flawed.get(mistake)!.filter(({ verdict }) => isTold(verdict));
      expect(told.map(({ id }) => id).sort()).toEqual([...mistake.costs].sort());
      for (const { verdict, headline } of told) {
        expect(verdict).toBe(mistake.verdict ?? 'fail');
        expect(headline).toMatch(mistake.says);
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
