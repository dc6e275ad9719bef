import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/cli/layout.ts';
import { LiveList, type LiveView, plainLine } from '../../src/cli/live-list.ts';
import type { ParticipantStatus } from '../../src/emulator/participant-status.ts';

const NAMES = ['王小明', 'Ada 👩‍👩‍👧‍👦 Moreno', 'Björn', '🎉🎉', null, 'x'.repeat(80), 'a\u001b[31m\nb'];
const QUIET = 0.0005;
const SPEECH = 0.1;

function person(id: number, more: Partial<ParticipantStatus> = {}): ParticipantStatus {
  return {
    participant: { id, name: NAMES[id % NAMES.length]!, is_host: false, platform: null, extra_data: {} },
    state: 'muted',
    level: 0,
    scheduled: 0,
    sent: 0,
    dropped: 0,
    ...more,
  };
}

function view(status: readonly ParticipantStatus[], elapsedSeconds = 10): LiveView {
  return { status, elapsedSeconds, durationSeconds: 60 };
}

/** Ids in the order of their lines. */
function idsOf(lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const [, id] = / #(\d+) /.exec(line) ?? [];
    return id === undefined ? [] : [Number(id)];
  });
}

describe('the live list', () => {
  it('shows everybody in their order when there is room', () => {
    const status = [1, 2, 3].map((id) => person(id, id === 3 ? { state: 'open' } : {}));
    const lines = new LiveList().lines(view(status), { rows: 24, columns: 80 });
    expect(idsOf(lines)).toEqual([1, 2, 3]);
    expect(lines.at(-1)).toMatch(/^█+░+ {2}10\.0 \/ 60\.0 s$/);
  });

  it('shows whoever is unmuted when there is not, and counts the others', () => {
    const status = Array.from({ length: 40 }, (_, index) =>
      person(index + 1, index >= 30 ? { state: 'open' } : { dropped: index === 0 ? 4 : 0 }),
    );
    const lines = new LiveList().lines(view(status), { rows: 14, columns: 80 });
    expect(idsOf(lines)).toEqual([1, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
    expect(lines.at(-2)).toBe('… and 29 muted');
    expect(lines).toHaveLength(13);
  });

  it('shows who talks first of all, also in a breath between words', () => {
    const list = new LiveList();
    const talking = (speaker: number, elapsedSeconds: number) =>
      idsOf(
        list.lines(
          view(
            Array.from({ length: 40 }, (_, index) =>
              person(index + 1, { state: 'open', level: index + 1 === speaker ? SPEECH : QUIET, dropped: 1 }),
            ),
            elapsedSeconds,
          ),
          { rows: 6, columns: 80 },
        ),
      );
    expect(talking(40, 10)).toEqual([1, 2, 40]);
    expect(talking(20, 11)).toEqual([1, 20, 40]);
    expect(talking(0, 12.5)).toEqual([1, 2, 20]);
    expect(talking(0, 20)).toEqual([1, 2, 3]);
  });

  it.each([200, 80, 60, 45, 30, 22])(
    'has lines of the same columns, none wider than a terminal of %i',
    (columns) => {
      const status = Array.from({ length: 12 }, (_, index) =>
        person(index, {
          state: 'reconnecting',
          sent: 12_345,
          level: SPEECH,
          dropped: index === 3 ? 99_999 : 0,
        }),
      );
      const lines = new LiveList().lines(view(status), { rows: 10, columns });
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(line).not.toMatch(/[\u0000-\u001f]/);
      }
      const starts = lines.slice(0, -2).map((line) => widthOf(line.slice(0, line.indexOf('reconnecting'))));
      expect(new Set(starts).size).toBe(1);
    },
  );

  it('stays within the smallest of terminals', () => {
    const status = [1, 2, 3].map((id) => person(id, { state: 'open' }));
    for (const rows of [1, 2, 3, 4]) {
      const lines = new LiveList().lines(view(status), { rows, columns: 10 });
      expect(lines.length).toBeLessThanOrEqual(Math.max(3, rows - 1));
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(10);
    }
  });
});

describe('the plain line', () => {
  it('names whoever is unmuted and counts the others', () => {
    const status = [person(2, { state: 'open', sent: 5, dropped: 1 }), person(6), person(7)];
    expect(plainLine(view(status))).toBe('  10/60 s  Björn #2 open 5 frames, 1 dropped | 2 muted');
  });
});
