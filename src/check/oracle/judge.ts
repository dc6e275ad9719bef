/**
 * What a receiver kept, against what was sent, in plain words. A file is judged by its form (rate, level, byte order), then by
 * its content; a meeting by its files and whether they agree. What was dropped on the way is no fault of the receiver's.
 */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { enumerated } from '../../words.ts';
import { type Content, judgeContent, type Layout } from './content.ts';
import { type Draft, type Finding, period, seconds, span, toFindings } from './finding.ts';
import type { Kept } from './form.ts';
import type { Located, Locator, Run } from './locate.ts';
import { audibleOf, lengthOf, type Sent } from './sent.ts';
import { remarkDrafts } from './words.ts';

/** A file that a receiver wrote. */
export interface KeptFile {
  readonly file: string;
  /** Id of the participant whose it should be; undefined when its name does not say: then its content does. */
  readonly participant?: number | undefined;
  /** What is in it, or why it cannot be read. */
  readonly audio: Kept | { readonly problem: string };
}

export interface FileJudgement {
  readonly file: string;
  readonly participant: number | null;
  readonly layout: Layout;
  /** What stands where, for those who draw it: one list a channel. */
  readonly runs: readonly (readonly Run[])[];
  readonly findings: readonly Finding[];
}

export interface Judgement {
  /** Whether there is nothing but notes. */
  readonly ok: boolean;
  /** All findings, the heaviest first. */
  readonly findings: readonly Finding[];
  readonly layout: Layout;
  readonly files: readonly FileJudgement[];
}

/** Differences of fewer samples in all are rounding; in audio that is no exact copy, 80 ms. */
const EXACT_TOLERANCE = 0;
const ROUNDING = 8;
const LOSSY_TOLERANCE = 1_280;
/** What can be heard: 1 dB. Codecs of a few kbit/s lose as much by themselves. */
const LEVEL_DB = 1;
const LOSSY_LEVEL_DB = 3;
const SAME = 0.999;

/** All files of a meeting. */
export function judge(files: readonly KeptFile[], locator: Locator): Judgement {
  const { sent } = locator;
  const judged: (FileJudgement & { readonly interleaved: readonly number[] })[] = [];
  const drafts: { readonly participant: number | null; readonly draft: Draft }[] = [];
  for (const file of files) {
    const named = sent.tracks.findIndex(({ id }) => id === file.participant);
    if (file.participant !== undefined && named === -1) {
      const text = `${file.file} is a file too many: participant ${file.participant} is not in the meeting`;
      drafts.push({
        participant: file.participant,
        draft: { code: 'extra_file', start: 0, end: 0, weight: 0, text },
      });
      continue;
    }
    judged.push(judgeOne(file, locator, named === -1 ? undefined : named));
  }
  for (const [track, { id, name, ranges }] of sent.tracks.entries()) {
    const own = judged.filter(({ participant }) => participant === id);
    for (const { file } of own.slice(1))
      drafts.push({
        participant: id,
        draft: {
          code: 'extra_file',
          start: 0,
          end: 0,
          weight: 0,
          text: `${file} is a file too many: ${own[0]!.file} is ${name}'s, too`,
        },
      });
    const isElsewhere = judged.some(({ interleaved }) => interleaved.includes(track));
    if (own.length > 0 || ranges.length === 0 || isElsewhere) continue;
    const text = `no file of ${name}, who was sent for ${span(lengthOf(ranges))}`;
    drafts.push({
      participant: id,
      draft: { code: 'no_file', start: ranges[0]!.start, end: ranges.at(-1)!.end, text },
    });
  }
  const layouts = new Set(judged.map(({ layout }) => layout).filter((layout) => layout !== 'either'));
  if (layouts.has('timeline') && layouts.has('concatenation')) {
    const of = (wanted: Layout): string =>
      enumerated(judged.filter(({ layout }) => layout === wanted).map(({ file }) => file));
    const text = `the silence of mutes is restored in ${of('timeline')} and left out in ${of('concatenation')}`;
    drafts.push({
      participant: null,
      draft: { code: 'layouts_differ', severity: 'warning', start: 0, end: 0, weight: 0, text },
    });
  }
  const ofMeeting = drafts.flatMap(({ participant, draft }) => toFindings([draft], participant));
  const findings = byWeight([...ofMeeting, ...judged.flatMap((each) => each.findings)]);
  return {
    ok: isOk(findings),
    findings,
    layout: layouts.size === 0 ? 'either' : layouts.size === 1 ? [...layouts][0]! : 'mixed',
    files: judged.map(({ interleaved: _, ...rest }) => rest),
  };
}

/** One file, for the participant at index `track`. */
export function judgeFile(file: KeptFile, locator: Locator, track: number): FileJudgement {
  const { interleaved: _, ...judgement } = judgeOne(file, locator, track);
  return judgement;
}

export function isOk(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === 'note');
}

function byWeight(findings: readonly Finding[]): Finding[] {
  const order = ({ severity }: Finding): number => ['error', 'warning', 'note'].indexOf(severity);
  const length = ({ fromSeconds, toSeconds }: Finding): number => toSeconds - fromSeconds;
  return [...findings].sort((a, b) => order(a) - order(b) || length(b) - length(a));
}

function judgeOne(
  { file, audio }: KeptFile,
  locator: Locator,
  named: number | undefined,
): FileJudgement & { readonly interleaved: readonly number[] } {
  const { sent } = locator;
  const told = (
    track: number | undefined,
    drafts: readonly Draft[],
    located?: Located,
    content?: Content,
  ) => {
    const tolerance =
      located?.isExact === false && located.reading !== undefined ? LOSSY_TOLERANCE : ROUNDING;
    const participant = track === undefined ? null : sent.tracks[track]!.id;
    return {
      file,
      participant,
      layout: content?.layout ?? 'either',
      runs: located?.channels ?? [],
      findings: toFindings(drafts, participant, tolerance),
      interleaved: content?.interleaved ?? [],
    };
  };
  if ('problem' in audio)
    return told(named, [{ code: 'unreadable', start: 0, end: 0, weight: 0, text: audio.problem }]);
  const located = locator.locate(audio, named);
  const { runs, drafts, stereo } = channelOfInterest(located, sent);
  const track = named ?? dominant(runs);
  const all = [...remarkDrafts(audio, file), ...formDrafts(located, file), ...drafts];
  if (track === undefined)
    return told(track, [...all, ...strangeDrafts(runs, located, sent, undefined, file)], located);
  const owner = sent.tracks[track]!;
  const hasOwn = runs.some((run) => run.kind === 'sent' && run.track === track);
  if (!hasOwn && !(stereo && named !== undefined))
    return told(track, [...all, ...strangeDrafts(runs, located, sent, track, file)], located);
  const tolerance = located.isExact ? EXACT_TOLERANCE : LOSSY_TOLERANCE;
  const content = judgeContent(runs, located.isExact ? sent : audibleOf(sent), track, tolerance);
  return told(
    track,
    [...all, ...withLength(content.drafts, located.samples, sent, owner.name)],
    located,
    content,
  );
}

/** A file much longer than its meeting says so with its heaviest finding. */
function withLength(drafts: readonly Draft[], samples: number, sent: Sent, name: string): Draft[] {
  if (samples <= sent.durationSamples + SAMPLE_RATE || drafts.length === 0) return [...drafts];
  const heaviest = drafts.reduce((a, b) =>
    (b.weight ?? b.end - b.start) > (a.weight ?? a.end - a.start) ? b : a,
  );
  if (heaviest.code === 'interleaved') return [...drafts];
  const size = `${seconds(samples)} s kept of ${name} in a ${seconds(sent.durationSamples)} s meeting`;
  return drafts.map((draft) => (draft === heaviest ? { ...draft, text: `${draft.text} (${size})` } : draft));
}

function dominant(runs: readonly Run[]): number | undefined {
  const lengths = new Map<number, number>();
  for (const run of runs)
    if (run.kind === 'sent') lengths.set(run.track, (lengths.get(run.track) ?? 0) + run.length);
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Of two channels the one that holds something, and what there is to say about the other. */
function channelOfInterest({ channels }: Located, sent: Sent) {
  const [left = [], right] = channels;
  if (right === undefined || channels.length > 2) return { runs: left, drafts: [] as Draft[], stereo: false };
  const people = [left, right].map(dominant);
  const note = (text: string): Draft => ({
    code: 'stereo',
    severity: 'note',
    start: 0,
    end: 0,
    weight: 0,
    text,
  });
  if (people[0] === undefined && people[1] === undefined) return { runs: left, drafts: [], stereo: true };
  if (people[0] === undefined)
    return { runs: right, drafts: [note('stereo: only the right channel has audio')], stereo: true };
  if (people[1] === undefined)
    return { runs: left, drafts: [note('stereo: only the left channel has audio')], stereo: true };
  if (people[0] === people[1])
    return { runs: left, drafts: [note('stereo: the same audio in both channels')], stereo: true };
  const [first, second] = people.map((track) => sent.tracks[track!]!.name);
  const end = left.at(-1)!.at + left.at(-1)!.length;
  const text = `two people in one file: ${first} is left and ${second} is right`;
  return { runs: left, drafts: [{ code: 'two_people', start: 0, end, text } satisfies Draft], stereo: true };
}

function formDrafts({ reading, isExact, gain, likeness }: Located, file: string): Draft[] {
  if (reading === undefined) return [];
  const drafts: Draft[] = [];
  const add = (draft: Pick<Draft, 'code' | 'severity' | 'text'>): void => {
    // What is wrong with the form is wrong with all of it.
    drafts.push({ ...draft, start: 0, end: 0, weight: Number.MAX_SAFE_INTEGER });
  };
  if (reading.flaw !== undefined)
    add({ code: reading.flaw.code, severity: 'error', text: `${file} ${reading.flaw.text}` });
  if (isExact) return drafts;
  const decibels = levelChange(gain, likeness);
  if (Math.abs(decibels) >= (likeness < SAME ? LOSSY_LEVEL_DB : LEVEL_DB)) {
    const change = `${decibels > 0 ? '+' : '−'}${Math.abs(decibels).toFixed(1)} dB`;
    add({ code: 'level', severity: 'warning', text: `the level is changed by ${change}` });
  }
  if (reading.flaw === undefined && reading.sampleRate !== SAMPLE_RATE) {
    const text = `the rate is ${reading.sampleRate} Hz instead of ${SAMPLE_RATE} Hz`;
    add({ code: 'rate', severity: 'note', text });
  }
  if (likeness < SAME)
    add({ code: 'lossy', severity: 'note', text: 'lossy: not the very samples that were sent, but alike' });
  return drafts;
}

/**
 * In decibels. What a codec leaves out lowers the part that is alike and not what is heard; its noise does the opposite. A level
 * that was changed changes both.
 */
function levelChange(gain: number, likeness: number): number {
  const [alike, all] = [gain, gain / likeness].map((ratio) => 20 * Math.log10(ratio)) as [number, number];
  if (alike * all <= 0) return 0;
  return Math.abs(alike) < Math.abs(all) ? alike : all;
}

/** Of a file in which nothing of its participant is found. */
function strangeDrafts(
  runs: readonly Run[],
  located: Located,
  sent: Sent,
  track: number | undefined,
  file: string,
): Draft[] {
  const owner = track === undefined ? undefined : sent.tracks[track]!;
  const wasSent = owner === undefined || owner.ranges.length > 0;
  const whole = {
    start: 0,
    end: Math.max(located.samples, owner === undefined ? 0 : lengthOf(owner.ranges)),
  };
  const who = owner === undefined ? '' : ` of ${owner.name}`;
  const other = dominant(runs);
  if (other !== undefined) {
    const { name } = sent.tracks[other]!;
    return [{ code: 'swapped', ...whole, text: `${file} holds ${name}'s audio and nothing${who}` }];
  }
  if (runs.every(({ kind }) => kind === 'zeros')) {
    if (!wasSent) return [];
    if (located.samples === 0)
      return [
        { code: 'empty', ...whole, weight: whole.end, text: `${file} is empty: nothing${who} is kept` },
      ];
    return [
      { code: 'silent', ...whole, text: `${file} holds nothing but silence (${period(0, located.samples)})` },
    ];
  }
  return [
    {
      code: 'not_sent',
      ...whole,
      text: `${file} holds ${span(located.samples)} in which nothing${wasSent ? ' that was sent' : who} is found`,
    },
  ];
}
