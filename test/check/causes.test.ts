/**
 * Every mistake of the receivers, with the cause that is told first of it: the true one, and no other cause is certain beside it. The
 * eight typical ones stand in mistakes.test.ts, with their first lines. Here the others are checked at the cases that it takes to
 * tell, and at some that have misled; all of them at the whole suite with `RECALL_EMULATOR_ALL_CASES=1`, which takes a quarter of an
 * hour.
 */
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/check/report.ts';
import { checkAt, mistakesOf } from './receivers/check-at.ts';
import { type Language, PYTHON } from './receivers/start.ts';

const ARE_ALL = process.env.RECALL_EMULATOR_ALL_CASES === '1';
/** What has nothing special, and what looks like many things: a connection that has a successor. */
const ALWAYS = ['basic.one_speaker', 'basic.three_at_once', 'connections.replaced_late_close'];
/** Where it shows that it is somebody's end, and whose. */
const MUTES = ['mute.off_and_on', 'mute.one_of_three'];
const EVENTS = ['events.*', 'robust.large'];
const LENGTHS = ['frames.*_ms', 'frames.changing_sizes', 'frames.short_last'];
const BAD = ['robust.*', 'events.unknown'];

/** The cases in which it shows, and the code of its cause. */
type Cause = readonly [cases: readonly string[], code: string];

/** No case sends audio twice, or later than what follows it: nobody has seen that of Recall. */
const UNSEEN = ['appends_repeats', 'drops_late_audio'];

/** With a line in mistakes.test.ts. */
const TYPICAL: Readonly<Record<string, string>> = {
  keyed_by_name: 'keyed_by_name',
  closes_all: 'closes_all_at_one_close',
  ignores_gaps: 'ignores_gaps',
  assumes_100ms: 'assumes_100_ms',
  truncates_on_reconnect: 'truncates_on_reconnect',
  null_names: 'null_names',
  blocks: 'blocks_event_loop',
  grows: 'grows',
};

/** The same in both languages. */
const COMMON: Readonly<Record<string, Cause>> = {
  drops_quiet_audio: [['basic.silent', ...EVENTS], 'leaves_out_quiet'],
  crash_on_unknown_event: [[...EVENTS, 'names.back_same_id'], 'fails_at_other_events'],
  crash_on_bad_json: [BAD, 'unusable_messages'],
};

const OTHERS: Readonly<Record<Language, Readonly<Record<string, Cause>>>> = {
  node: {
    ...COMMON,
    ids_as_strings: [['names.large_ids'], 'ids_in_32_bits'],
    one_connection: [MUTES, 'one_connection_per_url'],
    newest_wins: [MUTES, 'new_connection_closes_older'],
    mute_ends_meeting: [MUTES, 'mute_ends_meeting'],
    no_restart: [MUTES, 'ends_with_connections'],
    one_speaker_per_connection: [['connections.one_for_all'], 'one_speaker_per_connection'],
    forgets_recording: [['connections.two_bots', 'names.large_ids'], 'first_recording_only'],
    by_arrival: [['frames.100_ms'], 'by_wall_clock'],
    drops_short_frames: [LENGTHS, 'drops_short_messages'],
    swaps_bytes: [['names.null'], 'wrong_form'],
    files_by_name: [['names.unsafe', 'names.long', 'names.unicode', 'names.null'], 'files_of_names'],
    // They stand where nobody looks.
    paths_of_names: [['names.null'], 'no_files'],
    strict_fields: [['frames.unknown_fields', 'frames.nulls', 'frames.metadata'], 'strict_fields'],
    crash_on_missing_field: [BAD, 'unusable_messages'],
    mixed_is_separate: [EVENTS, 'mixed_audio'],
    closes_on_bad_message: [BAD, 'unusable_messages'],
    small_messages: [LENGTHS, 'message_too_big'],
    expects_binary: [['names.null'], 'unsupported_data'],
  },
  python: {
    ...COMMON,
    ids_in_32_bits: [['names.large_ids'], 'ids_in_32_bits'],
    ids_as_strings: [MUTES, 'truncates_on_reconnect'],
  },
};

/** At all of the suite, or at these cases of it. */
function checked(language: Language, mistake: string, cases: readonly string[]): Promise<CheckReport> {
  return checkAt(
    language,
    mistake,
    ARE_ALL ? { seed: 1 } : { cases: [...ALWAYS, ...cases], filesWaitSeconds: 1, seed: 1 },
  );
}

/** What is told of it, the first of all and what is certain. */
function toldIn({ causes }: CheckReport): string[] {
  return causes
    .filter(({ certainty }, index) => index === 0 || certainty === 'certain')
    .map(({ code }) => code);
}

for (const language of ['node', 'python'] as const) {
  describe.skipIf(language === 'python' && PYTHON === undefined).concurrent(`check at ${language}`, () => {
    const here = OTHERS[language];
    const all = ARE_ALL
      ? Object.entries(TYPICAL).map(([mistake, code]): [string, Cause] => [mistake, [[], code]])
      : [];

    it.each([...Object.entries(here), ...all])(
      'tells of %s the true cause, and no other',
      async (mistake, cause) => {
        const [cases, code] = cause;
        expect(toldIn(await checked(language, mistake, cases))).toEqual([code]);
      },
    );

    it.each(mistakesOf(language).filter((mistake) => UNSEEN.includes(mistake)))(
      'has no case that shows %s',
      async (mistake) => {
        const report = await checked(language, mistake, MUTES);
        expect(report.verdict).toMatch(/^all \d+ passed/);
      },
    );

    it('tells of every mistake that there is', () => {
      const told = [...Object.keys(here), ...Object.keys(TYPICAL), ...UNSEEN];
      expect(mistakesOf(language).filter((mistake) => !told.includes(mistake))).toEqual([]);
    });
  });
}
