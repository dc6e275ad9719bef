import { describe, expect, it } from 'vitest';
import '../../src/vitest/matchers.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { scriptOf } from '../../src/testing/index.ts';

const talk = meeting({ duration: 3 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).speak(0.2, { duration: 0.5 }).mute(1).unmute(2),
  )
  .build();

async function messages(frameMs = [100]): Promise<string[]> {
  const steps = [...scriptOf(await compileScenario(talk), { frameMs })];
  return steps.flatMap((step) => (step.kind === 'message' ? [step.text] : []));
}

/** What a matcher says when it fails. */
function failure(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe('matchers', () => {
  it('toBeRecallEvent names the field that is wrong, or the event that it is', async () => {
    const [first = ''] = await messages();
    expect(first).toBeRecallEvent();
    expect(JSON.parse(first)).toBeRecallEvent('audio_separate_raw.data');
    expect({ event: 'else' }).not.toBeRecallEvent();
    expect(failure(() => expect(first).toBeRecallEvent('transcript.data'))).toContain(
      'it is "audio_separate_raw.data"',
    );
    const broken = first.replace('"is_host":false', '"is_host":"no"');
    expect(failure(() => expect(broken).toBeRecallEvent())).toContain('data.data.participant.is_host');
    expect(failure(() => expect('{').toBeRecallEvent())).toContain('not an object');
    expect(failure(() => expect({ event: 'else' }).toBeRecallEvent())).toContain('none named "else"');
    expect(failure(() => expect(first).not.toBeRecallEvent())).toContain('expected no valid Recall event');
  });

  it('toHaveMonotonicTimestamps names the participant, both frames and their times', async () => {
    const all = await messages();
    expect(all).toHaveMonotonicTimestamps();
    const [a, b, c, ...rest] = all;
    const text = failure(() => expect([a, c, b, ...rest]).toHaveMonotonicTimestamps());
    expect(text).toBe('participant 100 (Ada): frame 2 is at 0.1 s, not after frame 1 at 0.2 s');
    expect([a, a]).not.toHaveMonotonicTimestamps();
  });

  it('look at each participant alone', async () => {
    const all = await messages();
    const others = all.map((text) => text.replace('"id":100', '"id":200'));
    const mixed = all.slice(0, 10).flatMap((text, index) => [text, others[index]]);
    expect(mixed).toHaveMonotonicTimestamps();
    expect(mixed).toHaveContiguousAudio();
    // Ids are unique in one recording only.
    const again = all.map((text) => text.replace(/("recording":{"id":")[^"]+/, '$1another'));
    expect([...all, ...again]).toHaveMonotonicTimestamps();
  });

  it('toHaveContiguousAudio names the gap, and forgives what is within its tolerance', async () => {
    const all = await messages();
    const unmuted = all.slice(0, 10);
    expect(unmuted).toHaveContiguousAudio();
    expect(all).not.toHaveContiguousAudio();
    expect(failure(() => expect(all).toHaveContiguousAudio({ toleranceSamples: 15_999 }))).toBe(
      'participant 100 (Ada): frame 10 begins at sample 32000 (2 s), 16000 samples after the end of frame 9 at 16000 (1 s)',
    );
    expect(all).toHaveContiguousAudio({ toleranceSamples: 16_000 });
    const [first] = all;
    expect(failure(() => expect([first, first]).toHaveContiguousAudio())).toBe(
      'participant 100 (Ada): frame 1 begins at sample 0 (0 s), 1600 samples before the end of frame 0 at 1600 (0.1 s)',
    );
  });

  it('toMatchPcm shows where and what', () => {
    const reference = Int16Array.from({ length: 40 }, (_, index) => index);
    expect(reference).toMatchPcm(reference);
    expect(Buffer.from(reference.buffer)).toMatchPcm(reference);
    const other = reference.slice();
    other[30] = 33;
    expect(other).toMatchPcm(reference, { maxDiff: 3 });
    const text = failure(() => expect(other).toMatchPcm(reference, { maxDiff: 2 }));
    expect(text).toContain('(sample 30): expected 30, got 33');
    expect(text).toMatch(/got .* 29 +33 +31/);
    expect(failure(() => expect(reference.subarray(0, 30)).toMatchPcm(reference))).toContain('is 30 samples');
  });
});
