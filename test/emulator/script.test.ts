import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/audio/source.ts';
import { type ScriptStep, scriptOf } from '../../src/emulator/script.ts';
import { UsageError } from '../../src/errors.ts';
import { SAMPLE_RATE } from '../../src/protocol/pcm.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';
import { timelineArb } from '../../src/testing/arbitraries.ts';

const modes = fc.constantFrom('per-participant' as const, 'per-endpoint' as const);

/** Streams of silence from files that count who has them open. */
function timelineOfFiles(
  seconds: readonly (readonly [from: number, to: number])[],
  open: Set<number>,
): Timeline {
  const streams = seconds.map(([from, to], participant) => {
    const startSample = from * SAMPLE_RATE;
    const endSample = to * SAMPLE_RATE;
    const source: AudioSource = {
      samples: endSample - startSample,
      open() {
        open.add(participant);
        return { read: (into) => void into.fill(0), close: () => void open.delete(participant) };
      },
    };
    const segments = [{ kind: 'speech' as const, startSample, endSample, source }];
    return { participant, startSample, endSample, framing: 'by_duration' as const, segments };
  });
  return {
    title: undefined,
    seed: 1,
    durationSamples: Math.max(...streams.map(({ endSample }) => endSample)),
    participants: seconds.map((_, index) => ({
      id: 100 + index,
      name: null,
      is_host: null,
      platform: null,
      extra_data: {},
    })),
    streams,
    videos: [],
    events: [],
    utterances: [],
  };
}

describe('a script', () => {
  it('has every stream in its order, and all of them in the order of their positions', async () => {
    await fc.assert(
      fc.asyncProperty(timelineArb(), modes, async (compiled, mode) => {
        const timeline = await compiled;
        const steps = [...scriptOf(timeline, { mode })];
        const positions = steps.map(({ atSample }) => atSample);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
        // One stream alone is what its connection sends in company.
        for (const [index, plan] of timeline.streams.entries()) {
          const alone = [...scriptOf({ ...timeline, streams: [plan] })];
          const own = steps.filter((step) =>
            mode === 'per-participant'
              ? step.connection === index + 1
              : step.kind === 'message' && isOf(step, timeline, index),
          );
          const expected =
            mode === 'per-participant'
              ? alone.map((step) => ({ ...step, connection: index + 1 }))
              : alone.filter(({ kind }) => kind === 'message');
          expect(own).toEqual(expected);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has of steps at one position those of the earlier stream first', () => {
    const timeline = timelineOfFiles(
      [
        [0, 0.3],
        [0, 0.3],
        [0.1, 0.3],
      ],
      new Set(),
    );
    const at = (position: number): [string, number][] =>
      [...scriptOf(timeline)]
        .filter(({ atSample }) => atSample === position * SAMPLE_RATE)
        .map(({ kind, connection }) => [kind, connection]);
    expect(at(0)).toEqual([
      ['open', 1],
      ['message', 1],
      ['open', 2],
      ['message', 2],
    ]);
    expect(at(0.1)).toEqual([
      ['message', 1],
      ['message', 2],
      ['open', 3],
      ['message', 3],
    ]);
    expect(at(0.3)).toEqual([
      ['close', 1],
      ['close', 2],
      ['close', 3],
    ]);
  });

  it('is made as it is asked for, and puts away what it has opened when nobody asks any more', () => {
    const open = new Set<number>();
    const script = scriptOf(
      timelineOfFiles(
        [
          [0, 36_000],
          [1, 36_000],
          [9_000, 36_000],
        ],
        open,
      ),
    );
    expect(open).toEqual(new Set());
    for (const step of script) if (step.atSample > 2 * SAMPLE_RATE) break;
    expect(open).toEqual(new Set());
    const again = scriptOf(
      timelineOfFiles(
        [
          [0, 36_000],
          [1, 36_000],
          [9_000, 36_000],
        ],
        open,
      ),
    );
    for (let step = again.next(); step.value!.atSample <= 2 * SAMPLE_RATE; ) step = again.next();
    // The third comes hours later.
    expect(open).toEqual(new Set([0, 1]));
    again.return();
    expect(open).toEqual(new Set());
  });

  it('refuses frames that cannot be sent before anybody asks for a step', () => {
    expect(() => scriptOf(timelineOfFiles([[0, 1]], new Set()), { frameMs: [0] })).toThrow(UsageError);
  });
});

/** Whether a message is one of this stream's: a participant's own streams do not overlap. */
function isOf(
  step: ScriptStep & { kind: 'message' },
  { participants, streams }: Timeline,
  index: number,
): boolean {
  const { participant, startSample, endSample } = streams[index]!;
  return (
    step.participantId === participants[participant]!.id &&
    step.atSample >= startSample &&
    step.atSample < endSample
  );
}
