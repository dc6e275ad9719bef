/** From what cases came to, to why: what contradicts a cause keeps it from being told. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/check/explain.ts';
import type { CaseResult, KeptReport, Lane, MeetingReport } from '../../src/check/report.ts';

type Line = CaseResult['lines'][number];
type Spans = readonly (readonly [fromS: number, toS: number])[];

function lane(participant: number, name: string | null, unmuted: Spans): Lane {
  return {
    participant,
    name,
    unmuted: unmuted.map(([from_s, to_s]) => ({ from_s, to_s })),
    missing: [],
    peaks: [],
  };
}

/** A file, and whose audio stands in it: a stretch after the other. */
function file(
  participant: number,
  ...runs: readonly (readonly [of: number, fromS: number, toS: number])[]
): KeptReport {
  return {
    file: `${participant}.wav`,
    participant,
    layout: 'timeline',
    runs: runs.map(([of, from_s, toS]) => ({
      kind: 'sent',
      participant: of,
      from_s,
      at_s: from_s,
      length_s: toS - from_s,
    })),
  };
}

/** Each unmuted stretch has a connection of its own. */
function meeting(lanes: readonly Lane[], kept: readonly KeptReport[]): MeetingReport {
  return {
    recording_id: 'a',
    bot_id: 'b',
    duration_s: 3,
    speed: 8,
    frames: null,
    lanes: [...lanes],
    connections: lanes.flatMap(({ participant, unmuted }) =>
      unmuted.map(({ from_s, to_s }, index) => ({
        number: index + 1,
        participants: [participant],
        opened_s: from_s,
        closed_s: to_s,
        close_code: 1000,
        close_reason: null,
        ended_by: 'emulator' as const,
        error: null,
      })),
    ),
    kept: [...kept],
    kept_by: 'files',
    marks: [],
    wire: [],
  };
}

function line(code: string, participant: number | null = null): Line {
  return {
    code,
    severity: 'error',
    text: `${code} of ${participant}`,
    recording_id: null,
    participant,
    from_s: null,
    to_s: null,
  };
}

interface Played {
  readonly lines?: readonly Line[];
  readonly meetings?: readonly MeetingReport[];
  readonly more?: Partial<CaseResult>;
}

function played(id: string, { lines = [], meetings = [], more = {} }: Played = {}): CaseResult {
  return {
    id,
    title: id,
    connections: 'per-participant',
    verdict: lines.length === 0 ? 'pass' : 'fail',
    known: false,
    headline: lines[0]?.text ?? '',
    lines: [...lines],
    unseen: [],
    causes: [],
    diagnoses: [],
    expects: '',
    why: '',
    source: '',
    remedy: 'mend it',
    duration_s: 1,
    meetings: [...meetings],
    ...more,
  };
}

function codesOf(...results: readonly CaseResult[]): string[] {
  return explain(results).causes.map(({ code, certainty }) => `${code} ${certainty}`);
}

const ALEX = [lane(100, 'Alex', [[0, 3]]), lane(200, 'Alex', [[0.7, 3]])];
const ONE_FILE = [file(100, [100, 0, 0.7], [200, 0.7, 3])];
const EQUAL = played('names.equal', { lines: [line('no_file', 200)], meetings: [meeting(ALEX, ONE_FILE)] });
const THREE = [
  lane(100, 'Ada', [[0, 3]]),
  lane(200, 'Ben', [[0, 3]]),
  lane(300, 'Chloé', [
    [0, 1.2],
    [2, 3],
  ]),
];
const ONE_MUTES = (...kept: readonly KeptReport[]): CaseResult =>
  played('mute.one_of_three', { lines: [line('missing', 100)], meetings: [meeting(THREE, kept)] });
const ENDED = ONE_MUTES(file(100, [100, 0, 1.2]), file(200, [200, 0, 1.3]), file(300, [300, 0, 1.2]));

describe('a cause', () => {
  it('is certain when what has nothing special passes, and likely when that was not played', () => {
    expect(codesOf(played('basic.three_at_once'), EQUAL)).toEqual(['keyed_by_name certain']);
    expect(codesOf(EQUAL)).toEqual(['keyed_by_name likely']);
  });

  it('is not told when what has nothing special fails, too', () => {
    expect(codesOf(played('basic.one_speaker', { lines: [line('missing', 100)] }), EQUAL)).toEqual([]);
  });

  it('is not told of names when people of different names are mixed up', () => {
    const lanes = [lane(100, 'Ada', [[0, 3]]), lane(200, 'Ben', [[0.7, 3]])];
    const mixed = played('mute.off_and_on', {
      lines: [line('foreign', 100)],
      meetings: [meeting(lanes, ONE_FILE)],
    });
    expect(codesOf(EQUAL, mixed)).not.toContainEqual(expect.stringMatching(/^keyed_by_name/));
  });

  it('is that one close ends all, unless somebody lives on', () => {
    expect(codesOf(ENDED)).toEqual(['closes_all_at_one_close certain']);
    const alive = ONE_MUTES(file(100, [100, 0, 1.2]), file(200, [200, 0, 3]), file(300, [300, 0, 1.2]));
    // 8 times as fast as life: a close is seen late.
    const slow = { ...alive, meetings: alive.meetings.map((each) => ({ ...each, speed: 1 })) };
    expect(codesOf(slow)).toEqual([]);
  });

  it('is not that one close ends all when as much is lost where nobody is muted', () => {
    const lost = played('basic.three_at_once', {
      lines: [line('missing', 100)],
      meetings: [meeting([lane(100, 'Ada', [[0, 3]])], [file(100, [100, 0, 1])])],
    });
    expect(codesOf(lost, ENDED)).toEqual([]);
  });

  it('is that the end is lost where somebody alone loses it, and nothing else', () => {
    const lanes = [lane(100, 'Ada', [[0, 3]])];
    const lost = (id: string, ...runs: readonly (readonly [number, number, number])[]): CaseResult =>
      played(id, { lines: [line('missing', 100)], meetings: [meeting(lanes, [file(100, ...runs)])] });
    const ends = [lost('basic.one_speaker', [100, 0, 2.7]), lost('frames.20_ms', [100, 0, 2.8])];
    expect(codesOf(...ends)).toEqual(['loses_the_end certain']);
    expect(codesOf(lost('frames.10_ms', [100, 0, 1.5], [100, 1.6, 3]), ...ends.slice(1))).toEqual([]);
    // Moments that are too short to say where they are.
    const pieces = ['frames.10_ms', 'frames.20_ms'].map((id) => lost(id, [100, 0, 1.5], [100, 1.51, 3]));
    expect(codesOf(...pieces)).toEqual([]);
  });

  it('is that all are in one file only when people of different names are', () => {
    const lanes = [lane(100, 'Ada', [[0, 3]]), lane(200, 'Ben', [[0.7, 3]])];
    const mixed = played('basic.three_at_once', {
      lines: [line('no_file', 200)],
      meetings: [meeting(lanes, ONE_FILE)],
    });
    expect(codesOf(mixed, EQUAL)).toEqual(['all_in_one_file likely']);
  });

  it('is that it fails at other events only when every other event fails', () => {
    const failed = (id: string): CaseResult => played(id, { lines: [line('process_ended')] });
    const plain = played('basic.one_speaker');
    const transcripts = failed('events.transcripts');
    expect(codesOf(plain, failed('events.unknown'), transcripts, failed('names.back_same_id'))).toEqual([
      'fails_at_other_events certain',
    ]);
    expect(codesOf(plain, played('events.unknown'), transcripts)).toEqual(['other_events certain']);
  });

  it('is at what a process ends, also where plain cases fail without that', () => {
    const ended = (id: string): CaseResult => played(id, { lines: [line('process_ended')] });
    const cut = played('basic.one_speaker', { lines: [line('missing', 100)] });
    const events = ['events.unknown', 'events.transcripts', 'names.back_same_id'].map(ended);
    const told = codesOf(cut, ...events, ended('frames.nulls'));
    expect(told).toEqual(['fails_at_other_events certain', 'null_fields certain']);
    // An event that is lost as everything else is shows nothing of events.
    const lost = played('events.unknown', { lines: [line('missing', 100)] });
    expect(codesOf(cut, lost, ...events.slice(1))).not.toContain('fails_at_other_events certain');
    expect(codesOf(ended('basic.one_speaker'), ...events)).toEqual([]);
  });

  it('is that ends are lost also of a message of a second, and of no field that one of these had', () => {
    const cut = (id: string, toS: number): CaseResult =>
      played(id, {
        lines: [line('missing', 100)],
        meetings: [meeting([lane(100, 'Ada', [[0, 2]])], [file(100, [100, 0, toS])])],
      });
    const ends = [cut('frames.100_ms', 1.9), cut('frames.unknown_fields', 1.9), cut('frames.1000_ms', 1)];
    const nulls = played('frames.nulls', { lines: [line('process_ended')] });
    expect(codesOf(played('basic.one_speaker'), ...ends, nulls)).toEqual([
      'loses_the_end certain',
      'null_fields certain',
    ]);
    expect(codesOf(played('basic.one_speaker'), ...ends.slice(0, 2), cut('frames.200_ms', 1))).toContain(
      'long_messages certain',
    );
  });

  it('is not that one close ends all where somebody has a connection after another', () => {
    const begunAnew = ONE_MUTES(file(100, [100, 1.3, 3]), file(200, [200, 1.3, 3]), file(300, [300, 2, 3]));
    expect(codesOf(begunAnew)).toEqual(['closes_all_at_one_close certain']);
    const [own] = begunAnew.meetings;
    const again = own!.connections.map((each) => ({ ...each, number: each.number + 10, opened_s: 1.3 }));
    const replaced = { ...own!, connections: [...own!.connections, ...again] };
    expect(codesOf({ ...begunAnew, meetings: [replaced] })).not.toContainEqual(
      expect.stringMatching(/^closes_all/),
    );
  });

  it('is that the process ends with its connections, unless it outlives a case', () => {
    const lives = [lane(100, 'Ada', [[0, 3]])];
    const of = (id: string, starts: number, code: number | null): CaseResult =>
      played(id, {
        lines: code === null ? [] : [line('process_ended')],
        meetings: [meeting(lives, [file(100, [100, 0, 3])])],
        more: {
          process: { starts, samples: [], exit: code === null ? null : { code, signal: null, stderr: [] } },
        },
      });
    const ended = [of('mute.off_and_on', 1, 0), of('names.null', 2, 0)];
    // It may end a moment after its case was looked at.
    expect(codesOf(...ended, of('names.empty', 3, null), of('names.long', 4, 0))).toEqual([
      'ends_with_connections certain',
    ]);
    const outlived = [of('names.empty', 3, null), of('names.long', 3, null)];
    expect(codesOf(...ended, ...outlived)).not.toContain('ends_with_connections certain');
  });

  it('is that short messages are dropped only when a longer length passes, and where both come some is missing', () => {
    const gone = (id: string): CaseResult =>
      played(id, { lines: [line('no_file', 100)], meetings: [meeting([lane(100, 'Ada', [[0, 2]])], [])] });
    const ada = meeting([lane(100, 'Ada', [[0, 2]])], [file(100, [100, 0, 2])]);
    const plain = played('basic.one_speaker', { meetings: [ada] });
    const mixed = played('frames.changing_sizes', { lines: [line('missing', 100)] });
    const lengths = [gone('frames.10_ms'), played('frames.20_ms'), played('frames.100_ms')];
    expect(codesOf(plain, ...lengths, mixed)).toEqual(['drops_short_messages certain']);
    expect(codesOf(plain, ...lengths)).toEqual(['short_messages certain']);
    expect(codesOf(plain, played('frames.10_ms'), gone('frames.20_ms'), mixed)).not.toContain(
      'drops_short_messages certain',
    );
  });

  it('is that quiet is left out only when all that is missing was quiet', () => {
    const peaks = (loudFromS: number): number[] =>
      Array.from({ length: 150 }, (_, at) => (at / 50 < loudFromS ? 0 : 60));
    const silent = (loudFromS: number): CaseResult =>
      played('basic.silent', {
        lines: [line('missing', 100)],
        meetings: [
          meeting([{ ...lane(100, 'Ada', [[0, 3]]), peaks: peaks(loudFromS) }], [file(100, [100, 2, 3])]),
        ],
      });
    const plain = played('basic.one_speaker');
    expect(codesOf(plain, silent(2))).toEqual(['leaves_out_quiet certain']);
    expect(codesOf(plain, silent(1))).toEqual([]);
  });

  it('is the usual form of messages only when nothing passes that has it', () => {
    const kept = { meetings: [meeting([lane(100, 'Ada', [[0, 2]])], [file(100, [100, 0, 2])])] };
    const lost = (id: string): CaseResult => played(id, { ...kept, lines: [line('no_file', 100)] });
    const all = [lost('basic.one_speaker'), lost('frames.100_ms'), played('frames.200_ms', kept)];
    expect(codesOf(...all)).toEqual(['usual_form certain']);
    expect(codesOf(...all, played('names.null', kept))).toEqual([]);
    expect(codesOf(lost('frames.absolute_micros_offset'), played('frames.absolute_z_millis', kept))).toEqual([
      'usual_form certain',
    ]);
  });

  it('is one where two cases show it, and that of the case where one does', () => {
    const plain = played('basic.one_speaker');
    const failed = (id: string, stderr = ''): CaseResult =>
      played(id, {
        lines: [line('process_ended')],
        more: { process: { starts: 1, samples: [], exit: { code: 1, signal: null, stderr: [stderr] } } },
      });
    expect(
      codesOf(plain, failed('names.unsafe'), failed('names.long', 'OSError: File name too long')),
    ).toEqual(['files_of_names certain']);
    expect(codesOf(plain, failed('names.unsafe'), failed('names.long'))).toEqual(['files_of_names likely']);
    expect(codesOf(plain, failed('names.unsafe'), played('names.long'))).toEqual(['unsafe_names certain']);
    expect(codesOf(plain, failed('frames.nulls'), failed('frames.unknown_fields'))).toEqual([
      'strict_fields certain',
    ]);
    expect(codesOf(plain, failed('frames.nulls'), played('frames.unknown_fields'))).toEqual([
      'null_fields certain',
    ]);
    expect(codesOf(plain, failed('robust.binary'), failed('robust.large'))).toEqual([
      'unusable_messages certain',
    ]);
    expect(codesOf(failed('basic.one_speaker'), failed('robust.binary'))).toEqual([]);
  });

  it('stands in the headline of each case that it explains, before what was found there', () => {
    const { results, causes } = explain([played('basic.one_speaker'), EQUAL]);
    expect(results[1]).toMatchObject({
      headline: 'The receiver keys audio by name: no_file of 200',
      causes: ['keyed_by_name'],
    });
    expect(causes[0]).toMatchObject({
      cases: ['names.equal'],
      evidence: ['names.equal (per-participant): no_file of 200'],
    });
    expect(results[0]).toEqual(played('basic.one_speaker'));
  });

  it('is not told of failures that were expected', () => {
    expect(codesOf(played('basic.one_speaker'), { ...EQUAL, known: true })).toEqual([]);
  });

  it('of what passes is never told', () => {
    expect(codesOf(played('basic.one_speaker'), played('names.equal'), played('names.null'))).toEqual([]);
  });

  it('that explains more failures comes first', () => {
    const crash = played('names.null', {
      lines: [line('process_ended')],
      more: { process: { starts: 1, samples: [], exit: { code: 1, signal: null, stderr: [] } } },
    });
    const gaps = ['per-participant', 'per-endpoint'].map((connections) =>
      played('mute.off_and_on', {
        lines: [line('silence_not_restored', 100)],
        more: { connections: connections as CaseResult['connections'] },
      }),
    );
    const plain = ['per-participant', 'per-endpoint'].map((connections) =>
      played('basic.one_speaker', { more: { connections: connections as CaseResult['connections'] } }),
    );
    expect(codesOf(...plain, crash, ...gaps)).toEqual(['ignores_gaps certain', 'null_names certain']);
  });
});

describe('a diagnosis of the wire', () => {
  const WRONG_PATH = {
    code: 'wrong_path',
    certainty: 'likely' as const,
    text: 'another path',
    evidence: [],
    remedy: 'mend it',
  };
  const refused = played('connections.two_bots', {
    lines: [line('wrong_path')],
    more: { diagnoses: [WRONG_PATH] },
  });

  it('is a cause where nothing else explains the case', () => {
    expect(codesOf(refused)).toEqual(['wrong_path likely']);
  });

  it('is none when another case was let in at the same URL', () => {
    const letIn = played('basic.one_speaker', {
      meetings: [meeting([lane(100, 'Ada', [[0, 3]])], [file(100, [100, 0, 3])])],
    });
    expect(codesOf(letIn, refused)).toEqual([]);
  });
});
