import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, judgeFile } from '../../../src/check/oracle/judge.ts';
import { locator } from '../../../src/check/oracle/locate.ts';
import { type Sent, sentOf } from '../../../src/check/oracle/sent.ts';
import {
  concatenated,
  degraded,
  EDITS,
  type Edit,
  edited,
  kept,
  RATE,
  sentArb,
  timelineOf,
} from './meetings.ts';

/** What an edit must be called. */
const CODE_OF: Readonly<Record<Edit, string>> = {
  cut: 'missing',
  zeroed: 'missing',
  zeros: 'silence_inserted',
  moved: 'wrong_order',
  twice: 'twice',
  foreign: 'foreign',
  replaced: 'foreign',
  hiss: 'damaged',
};

/** Correlation takes its time: what a third and a fourth person are mixed up with is seen where audio is exact. */
const LOSSY_PEOPLE = 2;

interface EditedMeeting {
  readonly sent: Sent;
  readonly track: number;
  readonly layout: 'timeline' | 'concatenation';
  readonly edit: Edit;
  /** In the file. */
  readonly start: number;
  readonly end: number;
  /** The same on the meeting's clock. */
  readonly sentStart: number;
}

/** A piece inside an interval, with room around it. */
function editedArb(shortest: number, room: number, mostPeople?: number): fc.Arbitrary<EditedMeeting> {
  return sentArb(2 * room + 3.5 * shortest, mostPeople)
    .chain((sent) =>
      fc.record({
        sent: fc.constant(sent),
        track: fc.nat(sent.tracks.length - 1),
        layout: fc.constantFrom('timeline', 'concatenation'),
        edit: fc.constantFrom(...EDITS),
        interval: fc.nat(2),
        length: fc.integer({ min: Math.round(shortest * RATE), max: Math.round(1.1 * shortest * RATE) }),
        place: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    .map(({ sent, track, layout, edit, interval, length, place }) => {
      const { ranges } = sent.tracks[track]!;
      const index = interval % ranges.length;
      const range = ranges[index]!;
      const low = range.start + Math.round(room * RATE) + 2 * length;
      const high = range.end - Math.round(room * RATE) - length;
      const sentStart = Math.max(low, Math.min(high, Math.round(low + (high - low) * place)));
      const muted =
        layout === 'timeline'
          ? 0
          : ranges
              .slice(0, index + 1)
              .reduce((sum, { start }, each) => sum + start - (ranges[each - 1]?.end ?? 0), 0);
      const start = sentStart - muted;
      return { sent, track, layout, edit, start, end: start + length, sentStart };
    });
}

function fileOf({ sent, track, layout, edit, start, end, sentStart }: EditedMeeting): Int16Array {
  const pcm = layout === 'timeline' ? sent.tracks[track]!.pcm : concatenated(sent, track);
  const others = sent.tracks.filter((_, index) => index !== track);
  // Somebody else's audio; when nobody else is there, none.
  const other = others[0];
  const from = other === undefined ? 0 : Math.min(sentStart, other.ranges[0]!.end - (end - start));
  const piece = other?.pcm.slice(
    Math.max(from, other.ranges[0]!.start),
    Math.max(from, other.ranges[0]!.start) + end - start,
  );
  return edited(pcm, edit, start, end, piece ?? new Int16Array(0));
}

describe('untouched audio', () => {
  it('is never complained about, whether the silence of mutes is restored or left out', () => {
    fc.assert(
      fc.property(sentArb(0.3), fc.constantFrom('timeline', 'concatenation'), (sent, layout) => {
        const judgement = judge(
          sent.tracks.map(({ id, pcm }, track) => ({
            file: `${id}.wav`,
            participant: id,
            audio: kept(layout === 'timeline' ? pcm : concatenated(sent, track)),
          })),
          locator(sent),
        );
        expect(judgement.findings).toEqual([]);
        const hasMutes = sent.tracks.some(({ ranges }) => ranges.length > 1);
        if (hasMutes) expect(judgement.layout).toBe(layout);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

describe('an edit', () => {
  it('is found, named, and put to a participant and a time', () => {
    fc.assert(
      fc.property(editedArb(0.1, 0.1), (meeting) => {
        const { sent, track, edit, start, sentStart, end } = meeting;
        fc.pre(sent.tracks.length > 1 || (edit !== 'foreign' && edit !== 'replaced'));
        const file = { file: 'file.wav', audio: kept(fileOf(meeting)) };
        const { findings } = judgeFile(file, locator(sent), track);
        expect(findings.map(({ code }) => code)).toEqual([CODE_OF[edit]]);
        const [{ participant, fromSeconds, toSeconds }] = findings as [(typeof findings)[0]];
        expect(participant).toBe(sent.tracks[track]!.id);
        const isOnFilesClock = edit === 'foreign' || edit === 'replaced';
        const from = (isOnFilesClock ? start : sentStart) / RATE;
        // A piece that is moved over another of its length has moved that one, too.
        const shift = edit === 'moved' && fromSeconds < from - 0.02 ? (2 * (end - start)) / RATE : 0;
        expect(Math.abs(fromSeconds + shift - from)).toBeLessThan(0.02);
        if (shift === 0) expect(Math.abs(toSeconds - fromSeconds - (end - start) / RATE)).toBeLessThan(0.02);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});

describe('audio from a lossy codec', () => {
  it('is called lossy, and nothing else', () => {
    fc.assert(
      fc.property(
        sentArb(0.6, LOSSY_PEOPLE),
        fc.constantFrom('timeline', 'concatenation'),
        (sent, layout) => {
          const judgement = judge(
            sent.tracks.map(({ id, pcm }, track) => ({
              file: `${id}.wav`,
              participant: id,
              audio: kept(degraded(layout === 'timeline' ? pcm : concatenated(sent, track)), 48_000),
            })),
            locator(sent),
          );
          expect(judgement.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
          expect(new Set(judgement.findings.map(({ code }) => code))).toEqual(new Set(['rate', 'lossy']));
          if (sent.tracks.some(({ ranges }) => ranges.length > 1)) expect(judgement.layout).toBe(layout);
        },
      ),
      { numRuns: 30 },
    );
  }, 120_000);

  it('may have lost what could not be heard', () => {
    const second = { muted: 0, length: RATE };
    const people = [
      [second, { ...second, length: 2 * RATE, isSilent: true }, second],
      [{ ...second, isSilent: true }],
    ];
    const sent = sentOf(timelineOf(people));
    const { pcm } = sent.tracks[0]!;
    for (const file of [degraded(pcm), pcm.map((sample) => sample >> 1)]) {
      const rate = file.length === pcm.length ? RATE : 48_000;
      const { findings } = judgeFile({ file: 'file.mp3', audio: kept(file, rate) }, locator(sent), 0);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    const silent = { file: 'silent.mp3', audio: kept(degraded(sent.tracks[1]!.pcm), 48_000) };
    expect(
      judgeFile(silent, locator(sent), 1).findings.filter(({ severity }) => severity === 'error'),
    ).toEqual([]);
  });

  it('shows its edits all the same', () => {
    fc.assert(
      fc.property(editedArb(0.6, 0.6, LOSSY_PEOPLE), (meeting) => {
        const { sent, track, edit, start, sentStart, end } = meeting;
        fc.pre(sent.tracks.length > 1 || (edit !== 'foreign' && edit !== 'replaced'));
        const file = { file: 'file.mp3', audio: kept(degraded(fileOf(meeting)), 48_000) };
        const found = judgeFile(file, locator(sent), track).findings.filter(
          ({ severity }) => severity !== 'note',
        );
        expect(found.map(({ code }) => code)).toEqual([CODE_OF[edit]]);
        const [{ participant, fromSeconds, toSeconds }] = found as [(typeof found)[0]];
        expect(participant).toBe(sent.tracks[track]!.id);
        const from = (edit === 'foreign' || edit === 'replaced' ? start : sentStart) / RATE;
        const shift = edit === 'moved' && fromSeconds < from - 0.04 ? (2 * (end - start)) / RATE : 0;
        expect(Math.abs(fromSeconds + shift - from)).toBeLessThan(0.02);
        if (shift === 0) expect(Math.abs(toSeconds - fromSeconds - (end - start) / RATE)).toBeLessThan(0.02);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
