import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from '../../../src/check/oracle/assignment.ts';
import {
  matchSpeakers,
  type Reference,
  referenceOf,
  referenceOfSpeakers,
  scoreOf,
} from '../../../src/check/oracle/diarization.ts';
import { diarizationFindings } from '../../../src/check/oracle/diarization-words.ts';
import { parseRttm, type Speaker } from '../../../src/check/oracle/rttm.ts';
import { joined } from '../../../src/check/oracle/sent.ts';
import { openScenario } from '../../../src/scenario/open.ts';
import { toRttm, toTruth } from '../../../src/scenario/truth.ts';
import { RATE } from './meetings.ts';

/** From and to in seconds. */
function speaker(name: string, ...periods: readonly (readonly [number, number])[]): Speaker {
  return { name, ranges: joined(periods.map(([from, to]) => ({ start: from * RATE, end: to * RATE }))) };
}

function meeting(durationSeconds: number, ...speakers: readonly Speaker[]): Reference {
  return {
    durationSamples: durationSeconds * RATE,
    people: speakers.map((each, index) => ({ ...each, id: 100 * (index + 1) })),
  };
}

function told(speakers: readonly Speaker[], reference: Reference): string[] {
  return diarizationFindings(matchSpeakers(speakers, reference)).map(
    ({ severity, code, text }) => `${severity} ${code}: ${text}`,
  );
}

function score(speakers: readonly Speaker[], reference: Reference, collarSeconds?: number) {
  const { mapping, ...rest } = scoreOf(matchSpeakers(speakers, reference, collarSeconds));
  return { ...rest, mapping: mapping.map((each) => each.speaker) };
}

const ada = speaker('Ada', [0, 4], [10, 14]);
const bob = speaker('Bob', [5, 9]);
const cy = speaker('Cy', [12, 18]);
const reference = meeting(20, ada, bob, cy);

/** Meetings on a grid of 0.1 s, in which people interrupt each other. */
const TENTH = RATE / 10;
const accountArb = (people: number): fc.Arbitrary<Speaker[]> =>
  fc
    .array(
      fc.array(fc.record({ start: fc.nat(80), length: fc.integer({ min: 1, max: 25 }) }), { maxLength: 4 }),
      { minLength: 1, maxLength: people },
    )
    .map((all) =>
      all.map((ranges, index) => ({
        name: `s${index}`,
        ranges: joined(
          ranges.map(({ start, length }) => ({ start: start * TENTH, end: (start + length) * TENTH })),
        ),
      })),
    );

/** Every way to give each of `rows` one of `columns` or none. */
function assignments(rows: number, columns: number): (number | undefined)[][] {
  if (rows === 0) return [[]];
  return assignments(rows - 1, columns).flatMap((rest) =>
    [undefined, ...Array.from({ length: columns }, (_, column) => column)]
      .filter((column) => column === undefined || !rest.includes(column))
      .map((column) => [...rest, column]),
  );
}

describe('bestAssignment', () => {
  it('shares as much as any assignment', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.nat(20), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    fc.assert(
      fc.property(matrix, (shared) => {
        const sum = (columns: readonly (number | undefined)[]): number =>
          columns.reduce<number>(
            (total, column, row) => total + (column === undefined ? 0 : shared[row]![column]!),
            0,
          );
        const best = bestAssignment(shared);
        const used = best.filter((column) => column !== undefined);
        expect(new Set(used).size).toBe(used.length);
        const all = assignments(shared.length, shared[0]!.length).map(sum);
        expect(sum(best)).toBe(Math.max(...all));
      }),
    );
  });

  it('has no trouble with hundreds', () => {
    const shared = Array.from({ length: 300 }, (_, row) =>
      Array.from({ length: 300 }, (__, column) => (column === (row * 7) % 300 ? 10 : (row + column) % 9)),
    );
    expect(bestAssignment(shared)).toEqual(shared.map((_, row) => (row * 7) % 300));
  });
});

describe('the diarization error rate', () => {
  it('is 0 for the truth, whatever the speakers are called and in whatever order they come', () => {
    fc.assert(
      fc.property(accountArb(4), fc.nat(3), (speakers, turn) => {
        const others = [...speakers.slice(turn), ...speakers.slice(0, turn)].map(({ ranges }, index) => ({
          name: `other ${index}`,
          ranges,
        }));
        const truth = referenceOfSpeakers(speakers);
        const { der, missedSeconds, falseAlarmSeconds, confusionSeconds, speechSeconds } = score(
          others,
          truth,
        );
        expect([missedSeconds, falseAlarmSeconds, confusionSeconds]).toEqual([0, 0, 0]);
        expect(der).toBe(speechSeconds === 0 ? null : 0);
        expect(told(others, truth)).toEqual([]);
      }),
    );
  });

  it('is what counting every tenth of a second gives, under the best of all mappings', () => {
    fc.assert(
      fc.property(accountArb(3), accountArb(3), (people, speakers) => {
        const truth = referenceOfSpeakers(people);
        const isOn = ({ ranges }: Speaker, tenth: number): boolean =>
          ranges.some(({ start, end }) => start <= tenth * TENTH && tenth * TENTH < end);
        const errors = assignments(people.length, speakers.length).map((speakerOf) => {
          let wrong = 0;
          for (let tenth = 0; tenth < truth.durationSamples / TENTH; tenth++) {
            const spoken = people.filter((each) => isOn(each, tenth)).length;
            const heard = speakers.filter((each) => isOn(each, tenth)).length;
            const right = people.filter((each, index) => {
              const own = speakers[speakerOf[index] ?? -1];
              return own !== undefined && isOn(each, tenth) && isOn(own, tenth);
            }).length;
            wrong += Math.max(spoken, heard) - right;
          }
          return wrong / 10;
        });
        const { missedSeconds, falseAlarmSeconds, confusionSeconds } = score(speakers, truth, 0);
        expect(missedSeconds + falseAlarmSeconds + confusionSeconds).toBeCloseTo(Math.min(...errors), 6);
      }),
    );
  });

  it('counts what is left out as missed, and what is swapped as confused', () => {
    expect(score([ada, cy], reference, 0)).toMatchObject({
      speechSeconds: 18,
      missedSeconds: 4,
      falseAlarmSeconds: 0,
      confusionSeconds: 0,
      der: 4 / 18,
      mapping: ['Ada', null, 'Cy'],
    });
    const swapped = [speaker('x', [0, 4]), speaker('y', [5, 9], [10, 12]), speaker('z', [12, 18])];
    // Ada's second turn overlaps with Cy's from 12 s on.
    expect(score(swapped, reference, 0)).toMatchObject({
      missedSeconds: 2,
      falseAlarmSeconds: 0,
      confusionSeconds: 2,
      mapping: ['x', 'y', 'z'],
    });
  });

  it('counts what nobody says as a false alarm', () => {
    const more = [speaker('Ada', [0, 4], [10, 14], [18.5, 20]), bob, cy];
    expect(score(more, reference, 0)).toMatchObject({ falseAlarmSeconds: 1.5, missedSeconds: 0 });
  });

  it('forgives a quarter of a second around the ends of true speech', () => {
    const late = [speaker('Ada', [0.25, 4.25], [10.2, 14.25]), bob, cy];
    expect(score(late, reference).der).toBe(0);
    expect(score(late, reference, 0).der).toBeGreaterThan(0);
    const later = [speaker('Ada', [0.75, 4], [10, 14]), bob, cy];
    expect(score(later, reference)).toMatchObject({ missedSeconds: 0.5 });
  });

  it('looks at nothing behind the end of the meeting', () => {
    expect(score([speaker('Ada', [0, 4], [10, 14], [25, 99]), bob, cy], reference, 0).der).toBe(0);
  });

  it('is none where nobody speaks', () => {
    expect(score([ada], meeting(20))).toMatchObject({ der: null, falseAlarmSeconds: 8, mapping: [] });
    expect(score([], reference)).toMatchObject({ der: 1, mapping: [null, null, null] });
  });
});

describe('findings about who spoke when', () => {
  it('say who is missing, and to whom their speech is given', () => {
    const asAda = [speaker('x', [0, 4], [5, 9], [10, 14]), cy];
    expect(told(asAda, reference)).toEqual([
      'error speaker_missing: Bob is missing: no speaker is theirs, and they speak for 4.0 s',
      'error speaker_confused: 5.0–9.0 s of Bob is told as Ada',
    ]);
    expect(told([ada, cy], reference)).toEqual([
      'error speaker_missing: Bob is missing: no speaker is theirs, and they speak for 4.0 s',
    ]);
  });

  it('say which speech is told as whose', () => {
    const swapped = [speaker('x', [0, 4]), speaker('y', [5, 9], [10, 12]), speaker('z', [12, 18])];
    expect(told(swapped, reference)).toEqual([
      'error speaker_confused: 10.0–12.0 s of Ada is told as Bob',
      'warning speech_missed: 12.0–14.0 s of Ada is not told',
    ]);
    const split = [speaker('x', [0, 4]), speaker('w', [10, 13]), bob, cy, speaker('v', [13, 14])];
    expect(told(split, reference)).toEqual([
      'error speaker_confused: 10.0–13.0 s of Ada is told as speaker w',
      'error speaker_confused: 13.0–14.0 s of Ada is told as speaker v',
      'error speaker_extra: 2 speakers too many: w and v',
    ]);
  });

  it('say what is not told, and what is told where nobody speaks', () => {
    expect(told([speaker('Ada', [0, 4], [12, 14], [18.5, 20]), bob, cy], reference)).toEqual([
      'warning speech_missed: 10.0–12.0 s of Ada is not told',
      'warning speech_invented: 18.5–20.0 s is told as Ada, who does not speak then',
    ]);
  });

  it('say nothing of less than half a second that counts', () => {
    expect(told([speaker('Ada', [0.7, 4.7], [10, 14]), bob, cy], reference)).toEqual([]);
  });

  it('do not pass an account that is wrong in small pieces only', () => {
    const flicker = Array.from({ length: 20 }, (_, index) => [0.4 * index, 0.4 * index + 0.2] as const);
    const talk = meeting(8, speaker('Ada', [0, 8]));
    expect(score([speaker('x', ...flicker)], talk).der).toBeCloseTo(0.5, 1);
    expect(told([speaker('x', ...flicker)], talk)).toEqual([
      expect.stringContaining('warning speech_scattered: many pieces of less than half a second are wrong'),
    ]);
  });

  it('have nothing to say of the truth as we write it', async () => {
    const { timeline } = await openScenario('standup');
    const truth = referenceOf(toTruth(timeline));
    const speakers = parseRttm(toRttm(timeline, 'standup'), 'standup.rttm');
    expect(speakers).toHaveLength(3);
    expect(score(speakers, truth, 0).der).toBe(0);
    expect(told(speakers, truth)).toEqual([]);
  });
});
