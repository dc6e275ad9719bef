import { expect, it } from 'vitest';
import { formatAbsolute, sampleToMicros } from '../../src/protocol/timestamp.ts';
import { wordsOf } from '../../src/scenario/words.ts';

const utterance = { participant: 0, startSample: 16_000, endSample: 16_000 + 11, text: ' Good  morning ' };

it('words have relative times only, unless somebody says when the recording started', () => {
  expect(wordsOf(utterance)).toEqual([
    { text: 'Good', start_timestamp: { relative: 1 }, end_timestamp: { relative: 16_004 / 16_000 } },
    {
      text: 'morning',
      start_timestamp: { relative: 16_004 / 16_000 },
      end_timestamp: { relative: 16_011 / 16_000 },
    },
  ]);
});

it('words have absolute times of the very samples at which they begin and end', () => {
  const startMicros = Date.UTC(2026, 0, 1, 10) * 1_000;
  const words = wordsOf(utterance, (sample) =>
    formatAbsolute(startMicros + sampleToMicros(sample), 'z-micros'),
  );
  expect(words.map(({ start_timestamp, end_timestamp }) => [start_timestamp, end_timestamp])).toEqual([
    [
      { relative: 1, absolute: '2026-01-01T10:00:01.000000Z' },
      { relative: 16_004 / 16_000, absolute: '2026-01-01T10:00:01.000250Z' },
    ],
    [
      { relative: 16_004 / 16_000, absolute: '2026-01-01T10:00:01.000250Z' },
      { relative: 16_011 / 16_000, absolute: '2026-01-01T10:00:01.000688Z' },
    ],
  ]);
});

it('an utterance without text has no words', () => {
  expect(wordsOf({ ...utterance, text: undefined })).toEqual([]);
  expect(wordsOf({ ...utterance, text: '  ' })).toEqual([]);
});
