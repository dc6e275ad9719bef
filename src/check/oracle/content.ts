/**
 * One participant's file against what was sent of them, run by run: what is missing, there twice, out of place, somebody
 * else's, nobody's; and whether the silence of mutes is restored. One cause gives one finding.
 */
import { chainOf, endOf, type SentRun } from './chain.ts';
import { type Draft, period, seconds, span } from './finding.ts';
import type { Run } from './locate.ts';
import { joined, lengthOf, type Range, type Sent, type SentTrack, within, without } from './sent.ts';
import {
  foreignDraft,
  insertedDraft,
  interleavedDraft,
  lengthDraft,
  missingDraft,
  strayDraft,
  twiceDraft,
  unknownDraft,
} from './words.ts';

/**
 * `timeline`: silence stands where nothing was sent. `concatenation`: it is left out. `either`: nothing tells them apart.
 * `mixed`: some of it is there and some is not.
 */
export type Layout = 'timeline' | 'concatenation' | 'either' | 'mixed';

export interface Content {
  readonly drafts: readonly Draft[];
  readonly layout: Layout;
  /** Tracks that are interleaved in it, the owner's among them. */
  readonly interleaved: readonly number[];
}

/** A pause of what was sent that is shorter says nothing about the layout. */
const MIN_PAUSE = 320;
/** Silence of a mute may be so much shorter or longer: timestamps are rounded. */
const ROUNDING = 16;
/** So many changes of the speaker are no accident. */
const MIN_CHANGES = 6;
/** Of the audio of somebody else, to count as one of the interleaved. */
const MIN_SHARE = 0.05;

/** What stands between two stretches of the chain. */
interface Joint {
  /** On the meeting's clock. */
  readonly start: number;
  readonly end: number;
  /** In the file. */
  readonly at: number;
  readonly rest: readonly Run[];
  readonly isLast: boolean;
}

/** `tolerance` in samples: how far positions may be off. */
export function judgeContent(runs: readonly Run[], sent: Sent, track: number, tolerance: number): Content {
  const owner = sent.tracks[track]!;
  const own = runs.filter((run): run is SentRun => run.kind === 'sent' && run.track === track);
  const { chain, others } = chainOf(own);
  const covered = joined(own.map((run) => ({ start: run.from, end: endOf(run) })));
  const missing = without(owner.ranges, covered).filter(({ start, end }) => end - start > tolerance);
  const interleaved = interleavedTracks(runs, track);
  const context: Context = {
    sent,
    owner,
    missing,
    tolerance,
    drafts: [],
    pauses: [],
    isInterleaved: interleaved.length > 0,
  };
  const inOrder = joined(chain.map((run) => ({ start: run.from, end: endOf(run) })));
  for (const run of others) context.drafts.push(strayDraft(run, inOrder));
  for (const joint of jointsOf(chain, runs, sent)) judgeJoint(joint, context);
  for (const [index, run] of chain.entries()) {
    const repeated = index === 0 ? 0 : endOf(chain[index - 1]!) - run.from;
    if (repeated > tolerance) context.drafts.push(twiceDraft(run.from, run.from + repeated, run.at));
  }
  const layout = layoutOf(context);
  const drafts = truncation(context.drafts, owner, covered);
  if (interleaved.length === 0) return { drafts, layout, interleaved };
  // Silence that is interleaved, too, is a symptom; audio that is lost is not.
  const lost = drafts.filter(({ code }) => code === 'missing' || code === 'damaged' || code === 'truncated');
  return { drafts: [interleavedDraft(interleaved, runs, sent), ...lost], layout, interleaved };
}

interface Context {
  readonly sent: Sent;
  readonly owner: SentTrack;
  readonly missing: readonly Range[];
  readonly tolerance: number;
  readonly drafts: Draft[];
  /** Where nothing was sent, and whether silence stands for it. */
  readonly pauses: {
    readonly start: number;
    readonly end: number;
    readonly isRestored: boolean;
    readonly isLeading: boolean;
  }[];
  readonly isInterleaved: boolean;
}

function jointsOf(chain: readonly SentRun[], runs: readonly Run[], sent: Sent): Joint[] {
  const joints: Joint[] = [];
  let next = 0;
  let start = 0;
  let at = 0;
  for (const run of chain) {
    const first = next;
    while (runs[next] !== run) next++;
    joints.push({ start, end: Math.max(start, run.from), at, rest: runs.slice(first, next), isLast: false });
    next++;
    start = endOf(run);
    at = run.at + run.length;
  }
  joints.push({
    start,
    end: Math.max(start, sent.durationSamples),
    at,
    rest: runs.slice(next),
    isLast: true,
  });
  return joints;
}

function judgeJoint(joint: Joint, context: Context): void {
  const { owner, tolerance, drafts } = context;
  const { start, end, rest } = joint;
  const lost = within(context.missing, start, end);
  const lostLength = lengthOf(lost);
  const silence = lengthOfKind(rest, 'zeros');
  const unknown = lengthOfKind(rest, 'unknown');
  const foreign = context.isInterleaved ? [] : foreignGroups(rest, owner, context);
  const foreignLength = foreign.reduce((sum, { length }) => sum + length, 0);
  const dropped = lengthOf(within(owner.dropped, start, end));
  const pause = end - start - lengthOf(within(owner.ranges, start, end)) - dropped;
  const replaced = foreignLength > tolerance || unknown > tolerance;

  const expected = expectedSilence(pause, replaced ? 0 : lostLength, dropped, silence);
  const off = silence - expected.length;
  const isPause = pause > Math.max(MIN_PAUSE, tolerance);
  if (joint.isLast) {
    // Silence up to the end of the meeting is welcome, and none is needed.
    if (silence > end - start + tolerance + ROUNDING)
      drafts.push(insertedDraft(start, joint.at, silence - (end - start)));
  } else {
    if (isPause && Math.abs(off) <= tolerance + ROUNDING)
      context.pauses.push({
        ...pauseIn(owner, lost, start, end),
        isRestored: expected.isRestored,
        isLeading: start === 0,
      });
    if (isPause && Math.abs(off) > tolerance + ROUNDING) drafts.push(lengthDraft(start, end, pause, silence));
    else if (!isPause && off > tolerance) drafts.push(insertedDraft(start, joint.at, off));
  }
  for (const group of foreign) drafts.push(foreignDraft(group, context.sent, owner, lost));
  if (unknown > tolerance && foreignLength <= tolerance)
    drafts.push(unknownDraft(rest.find(({ kind }) => kind === 'unknown')!.at, unknown, lost));
  else if (lostLength > tolerance && !replaced) {
    const isSilent = joint.isLast ? silence >= lostLength : expected.hasLost;
    drafts.push(missingDraft(lost, isSilent));
  }
}

/** Of all that a right receiver may do with a pause, and any with what it lost, what comes nearest to the silence found. */
function expectedSilence(pause: number, lost: number, dropped: number, silence: number) {
  let best = { length: 0, isRestored: false, hasLost: false };
  for (const isRestored of [false, true])
    for (const hasLost of [false, true])
      for (const extra of [0, dropped]) {
        const length = (isRestored ? pause : 0) + (hasLost ? lost : 0) + extra;
        if (Math.abs(silence - length) < Math.abs(silence - best.length))
          best = { length, isRestored, hasLost };
      }
  return best;
}

/** The first pause in a stretch of the meeting. */
function pauseIn(owner: SentTrack, lost: readonly Range[], start: number, end: number): Range {
  const known = joined([...owner.ranges, ...owner.dropped, ...lost]);
  return without([{ start, end }], known)[0] ?? { start, end };
}

function layoutOf({ pauses, drafts }: Context): Layout {
  // Whether a file begins at the first unmute is a choice of its own.
  const inner = pauses.filter(({ isLeading }) => !isLeading);
  const restored = inner.filter(({ isRestored }) => isRestored);
  const omitted = inner.filter(({ isRestored }) => !isRestored);
  if (inner.length === 0)
    return pauses.length === 0 ? 'either' : pauses[0]!.isRestored ? 'timeline' : 'either';
  if (restored.length === 0 && !pauses.some(({ isRestored }) => isRestored)) return 'concatenation';
  if (omitted.length === 0) return 'timeline';
  for (const { start, end } of omitted)
    drafts.push({
      code: 'silence_not_restored',
      start,
      end,
      text: `the ${span(end - start)} of silence at ${seconds(start)} s are not restored, others are`,
      together: 'silence of {} mutes is not restored, of others it is',
    });
  return 'mixed';
}

function lengthOfKind(runs: readonly Run[], kind: Run['kind']): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.length : 0), 0);
}

/** Runs of one other participant that follow each other. */
function foreignGroups(rest: readonly Run[], owner: SentTrack, { sent }: Context): SentRun[] {
  const groups: SentRun[] = [];
  for (const run of rest) {
    if (run.kind !== 'sent' || sent.tracks[run.track] === owner) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.track === run.track && last.at + last.length === run.at)
      groups[groups.length - 1] = { ...last, length: last.length + run.length };
    else groups.push(run);
  }
  return groups;
}

function interleavedTracks(runs: readonly Run[], owner: number): number[] {
  let changes = 0;
  let last: number | undefined;
  const lengths = new Map<number, number>();
  for (const run of runs) {
    if (run.kind !== 'sent') continue;
    if (last !== undefined && last !== run.track) changes++;
    last = run.track;
    lengths.set(run.track, (lengths.get(run.track) ?? 0) + run.length);
  }
  const total = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  const involved = [...lengths].filter(([, length]) => length >= total * MIN_SHARE).map(([track]) => track);
  if (changes < MIN_CHANGES || involved.length < 2) return [];
  return [owner, ...involved.filter((track) => track !== owner)];
}

/** Whoever takes a mute for the end keeps one interval, and loses all others: that is one cause. */
function truncation(
  drafts: readonly Draft[],
  { intervals, ranges }: SentTrack,
  covered: readonly Range[],
): Draft[] {
  const filled = intervals.filter(({ start, end }) => within(ranges, start, end).length > 0);
  if (filled.length < 2 || covered.length === 0) return [...drafts];
  const first = filled[0]!;
  const last = filled.at(-1)!;
  const isIn = ({ start, end }: Range): boolean => covered[0]!.start >= start && covered.at(-1)!.end <= end;
  const kept = isIn(first) ? first : isIn(last) ? last : undefined;
  if (kept === undefined) return [...drafts];
  const lost = ranges.filter(({ end, start }) => end <= kept.start || start >= kept.end);
  const where = kept === first ? 'before the first mute' : 'after the last unmute';
  return [
    {
      code: 'truncated',
      start: lost[0]!.start,
      end: lost.at(-1)!.end,
      weight: lengthOf(lost),
      text: `only what came ${where} (${seconds(kept === first ? kept.end : kept.start)} s) is there: missing ${period(lost[0]!.start, lost.at(-1)!.end)}`,
    },
    ...drafts.filter(({ code, start, end }) => code !== 'missing' || within([kept], start, end).length > 0),
  ];
}
