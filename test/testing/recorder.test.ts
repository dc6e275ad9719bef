import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { play } from '../../src/play.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { frameOf, participantAudio, samplesOf, scriptOf, startRecorder } from '../../src/testing/index.ts';

const duet = meeting({ duration: 2 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0, { duration: 0.5 }).mute(1))
  .participant({ id: 200, name: null }, (guest) => guest.unmute(0.5).speak(0.6, { duration: 1 }))
  .build();

describe('the recorder', () => {
  it.each(['per-participant', 'per-endpoint'] as const)(
    'keeps everybody apart, and knows who came over which connection, %s',
    async (connections) => {
      await using recorder = await startRecorder();
      await play({ scenario: duet, to: recorder.url, speed: 'max', connections });
      const timeline = await compileScenario(duet);
      expect(recorder.audio(100)).toEqual(participantAudio(timeline, 0));
      expect(recorder.audio(200)).toEqual(participantAudio(timeline, 1));
      expect(recorder.audio(300)).toHaveLength(0);
      await expect
        .poll(() => recorder.connections())
        .toEqual(
          connections === 'per-endpoint'
            ? [{ number: 1, participants: [100, 200], closeCode: 1000 }]
            : [
                { number: 1, participants: [100], closeCode: 1000 },
                { number: 2, participants: [200], closeCode: 1000 },
              ],
        );
      expect(recorder.events).toHaveLength(recorder.frames.length);
      expect(recorder.problems).toEqual([]);
    },
  );

  it('tells what was wrong with a message', async () => {
    await using recorder = await startRecorder();
    const socket = new WebSocket(recorder.url);
    socket.on('open', () => socket.send('{"event":"audio_separate_raw.data"}'));
    await expect.poll(() => recorder.problems).toHaveLength(1);
    expect(recorder.problems[0]).toContain('audio_separate_raw.data');
    expect(recorder.events).toEqual([]);
    socket.close();
  });

  it('lets nobody in who has not signed, if it has a secret', async () => {
    const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
    await using recorder = await startRecorder({ secret });
    const options = { scenario: duet, to: recorder.url, speed: 'max', retryAttempts: 0 } as const;
    expect((await play(options)).ok).toBe(false);
    expect(recorder.frames).toEqual([]);
    expect((await play({ ...options, secret })).ok).toBe(true);
  });
});

describe('a message as a frame', () => {
  it('has the position, the person and the samples', async () => {
    const timeline = await compileScenario(duet);
    const steps = [...scriptOf(timeline)].filter((step) => step.kind === 'message');
    const last = steps.at(-1)!;
    const frame = frameOf(last.text, 7)!;
    expect(frame).toMatchObject({ participantId: 200, name: null, connection: 7, startSample: 1.9 * 16_000 });
    expect(frame.pcm).toEqual(participantAudio(timeline, 1).subarray(frame.startSample));
    expect(frameOf(JSON.parse(last.text))).toEqual({ ...frame, connection: undefined });
  });

  it('is none for anything else', () => {
    for (const other of ['', '{', 'null', '{"event":"transcript.data"}', null, undefined, 7, []])
      expect(frameOf(other)).toBeUndefined();
  });

  it('has samples also of bytes that are not aligned, and of whole samples only', () => {
    const bytes = Buffer.from([9, 1, 0, 255, 255, 5]);
    expect(samplesOf(bytes.subarray(1, 5))).toEqual(Int16Array.of(1, -1));
    expect(samplesOf(bytes.subarray(1, 6))).toEqual(Int16Array.of(1, -1));
    expect(samplesOf(Uint8Array.of(1, 0, 7))).toEqual(Int16Array.of(1));
  });
});
