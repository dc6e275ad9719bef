import { describe, expect, it } from 'vitest';
import { selectEvents } from '../../src/protocol/event-selection.ts';
import { PARTICIPANT_EVENT_NAMES, REALTIME_EVENT_NAMES } from '../../src/protocol/index.ts';

describe('a selection of events', () => {
  it('is of names, families and all; each event is in it once, in the order of the table', () => {
    expect(selectEvents(['all'])).toEqual(REALTIME_EVENT_NAMES);
    expect(selectEvents(['participant_events.*'])).toEqual(PARTICIPANT_EVENT_NAMES);
    expect(selectEvents(['transcript.data', 'audio_separate_raw.data', 'transcript.*'])).toEqual([
      'audio_separate_raw.data',
      'transcript.data',
      'transcript.partial_data',
    ]);
  });

  it.each([
    'transcript',
    'transcript.',
    '.*',
    '*',
    'ALL',
    'transcript.provider_data',
    'constructor',
    '__proto__',
  ])('is not of %s', (name) => {
    expect(() => selectEvents(['all', name])).toThrowError(
      expect.objectContaining({ code: 'unknown_event', hint: expect.stringContaining('transcript.{data,') }),
    );
  });
});
