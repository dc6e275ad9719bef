/** What cases came to, and questions that causes ask of it. Pure. */
import type { CaseResult, MeetingReport } from './report.ts';

type Topology = CaseResult['connections'];
type Line = CaseResult['lines'][number];

/** The cases in which nothing is special: whoever fails them fails everywhere, and no other case says why. */
const PLAIN = ['basic.one_speaker', 'basic.three_at_once'];

/** Findings that say that audio is not there. */
export const LOSSES = ['missing', 'truncated', 'no_file', 'damaged', 'empty', 'silent', 'unreadable'];

export class Results {
  readonly all: readonly CaseResult[];
  /** What causes have explained that stand before the one that asks. */
  readonly #explained: ReadonlySet<CaseResult>;

  constructor(all: readonly CaseResult[], explained: ReadonlySet<CaseResult> = new Set()) {
    this.all = all;
    this.#explained = explained;
  }

  get wrong(): CaseResult[] {
    return this.all.filter(isWrong);
  }

  get meetings(): MeetingReport[] {
    return this.all.flatMap(({ meetings }) => meetings);
  }

  /** In each topology in which it was played. */
  of(id: string): CaseResult[] {
    return this.all.filter((result) => result.id === id);
  }

  /** Whether it was played and nothing was wrong; undefined when it was not played. */
  passes(id: string, topology?: Topology): boolean | undefined {
    const played = this.of(id).filter(
      ({ connections }) => topology === undefined || connections === topology,
    );
    return played.length === 0 ? undefined : !played.some(isWrong);
  }

  /** Whether what has nothing special passes there; undefined when none of it was played. */
  plainPasses(topology: Topology): boolean | undefined {
    const played = PLAIN.map((id) => this.passes(id, topology)).filter((passes) => passes !== undefined);
    return played.length === 0 ? undefined : played.every(Boolean);
  }

  /**
   * Of a cause that shows in one case: nothing else may have made it fail. Undefined: it may have. The end of a process stands out
   * wherever no plain case has ended it, whatever else is wrong with these.
   */
  certaintyOf(result: CaseResult): 'certain' | 'likely' | undefined {
    const { connections } = result;
    const passes = hasEnded(result) ? this.#plainSurvives(connections) : this.plainPasses(connections);
    if (passes === false) return undefined;
    return passes === true ? 'certain' : 'likely';
  }

  /** What went wrong in it, where nothing else has, or may have, made it fail. */
  telling(id: string): CaseResult[] {
    return this.of(id).filter(
      (each) => isWrong(each) && !this.#explained.has(each) && this.certaintyOf(each) !== undefined,
    );
  }

  /** Whether the process outlives what has nothing special; undefined when none of it was played. */
  #plainSurvives(topology: Topology): boolean | undefined {
    const played = PLAIN.flatMap((id) => this.of(id)).filter(({ connections }) => connections === topology);
    return played.length === 0 ? undefined : !played.some(hasEnded);
  }
}

/** Whether the receiver's process ended in it. */
function hasEnded({ lines }: CaseResult): boolean {
  return lines.some(({ code }) => code === 'process_ended');
}

export function isPlain({ id }: CaseResult): boolean {
  return PLAIN.includes(id);
}

export function isWrong({ verdict }: CaseResult): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

/** What is wrong in it, the heaviest first: no notes. */
export function wrongLines({ lines }: CaseResult): Line[] {
  return lines.filter(({ severity }) => severity !== 'note');
}

/** Whether something is wrong in it, and all of that is of these kinds. */
export function hasOnly(result: CaseResult, codes: readonly string[]): boolean {
  const wrong = wrongLines(result);
  return wrong.length > 0 && wrong.every(({ code }) => codes.includes(code));
}

/** A stretch, in seconds of the meeting. */
export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
}

/** Shorter ones are no cause of anything: lossy audio is found to within 20 ms. */
const ROUNDING_S = 0.04;

/** What is in files of this participant's audio, on the meeting's clock, in order. */
export function keptOf({ kept }: MeetingReport, participant: number): Stretch[] {
  const all = (kept ?? [])
    .flatMap(({ runs }) => runs)
    .filter((run) => run.kind === 'sent' && run.participant === participant)
    .map(({ from_s, length_s }) => ({ fromS: from_s!, toS: from_s! + length_s }))
    .sort((a, b) => a.fromS - b.fromS);
  const joined: Stretch[] = [];
  for (const each of all) {
    const last = joined.at(-1);
    if (last === undefined || each.fromS > last.toS + ROUNDING_S) joined.push(each);
    else joined[joined.length - 1] = { fromS: last.fromS, toS: Math.max(last.toS, each.toS) };
  }
  return joined;
}

/** What arrived of this participant and is in no file. */
export function lostOf(meeting: MeetingReport, participant: number): Stretch[] {
  const lane = meeting.lanes.find((each) => each.participant === participant)!;
  const gone = [
    ...keptOf(meeting, participant),
    ...lane.missing.map(({ from_s, to_s }) => ({ fromS: from_s, toS: to_s })),
  ];
  let left: Stretch[] = lane.unmuted.map(({ from_s, to_s }) => ({ fromS: from_s, toS: to_s }));
  for (const { fromS, toS } of gone)
    left = left.flatMap((each) => [
      ...(each.fromS < Math.min(fromS, each.toS)
        ? [{ fromS: each.fromS, toS: Math.min(fromS, each.toS) }]
        : []),
      ...(Math.max(toS, each.fromS) < each.toS ? [{ fromS: Math.max(toS, each.fromS), toS: each.toS }] : []),
    ]);
  return left.filter(({ fromS, toS }) => toS - fromS > ROUNDING_S);
}

/** Audio of one participant in another's file. */
export interface Stranger {
  readonly owner: MeetingReport['lanes'][number];
  readonly stranger: MeetingReport['lanes'][number];
}

/** Each pair once. */
export function strangersOf({ kept, lanes }: MeetingReport): Stranger[] {
  const laneOf = (id: number | null) => lanes.find(({ participant }) => participant === id);
  return (kept ?? []).flatMap(({ participant, runs }) => {
    const owner = laneOf(participant);
    const others = new Set(runs.flatMap((run) => (run.kind === 'sent' ? [run.participant] : [])));
    return [...others].flatMap((id) => {
      const stranger = laneOf(id);
      return owner === undefined || stranger === undefined || stranger === owner ? [] : [{ owner, stranger }];
    });
  });
}
