import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { type Call, type Chunk, withCall } from '../support/call.ts';

/** More than all steps take, with the speech that was begun in the last of them. */
const SECONDS = 60;
/** Beyond the noise floor of an open microphone. */
const LOUD = 16;
const UNSENT = 99_999;

/** Three people who come and go, and speak now and then, by the scenario. */
const scenario = meeting({ duration: SECONDS })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).speak(0.3, { duration: 2.5, text: 'One two three' }),
  )
  .participant({ id: 200, name: 'Bo' }, (bo) =>
    bo.unmute(1.05).speak(1.5, { duration: 1 }).mute(3).unmute(4).speak(4.21, { duration: 3 }).leave(8),
  )
  .participant({ id: 300 }, (three) => three.join(2).unmute(2.5).speak(2.7, { duration: 4 }))
  .build();

type Command =
  | { readonly kind: 'mute' | 'unmute' | 'leave' | 'join' | 'drop'; readonly id: number }
  | { readonly kind: 'speak'; readonly id: number; readonly ms: number }
  | { readonly kind: 'pause_recording' | 'resume_recording' | 'leave_call' };

const id = fc.constantFrom(100, 200, 300, 900);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constantFrom('mute', 'unmute', 'unmute', 'leave', 'join', 'drop' as const), id }),
  fc.record({ kind: fc.constant('speak' as const), id, ms: fc.integer({ min: 1, max: 4_000 }) }),
  fc.record({ kind: fc.constantFrom('pause_recording' as const, 'resume_recording' as const) }),
  fc.record({ kind: fc.constantFrom('pause_recording', 'resume_recording', 'leave_call' as const) }),
);
const step = fc.record({ command, thenMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })) });

function perform(call: Call, command: Command) {
  switch (command.kind) {
    case 'speak':
      return call.command('speak', command.id, { duration: command.ms / 1_000, text: 'Now I say this.' });
    case 'join':
      return call.command('participants', undefined, {
        id: command.id,
        name: 'Late',
        email: 'late@b.example',
      });
    case 'drop':
      return call.command('drop', undefined, command.id === 900 ? {} : { participant_id: command.id });
    case 'mute':
    case 'unmute':
    case 'leave':
      return call.command(command.kind, command.id);
    default:
      return call.bot(command.kind);
  }
}

/** Audio by position; `UNSENT` where there is none. Every position at most once. */
function placed(chunks: readonly Chunk[]): Int32Array {
  const samples = new Int32Array(SECONDS * 16_000).fill(UNSENT);
  for (const { startSample, pcm } of chunks) {
    for (const [index, sample] of pcm.entries()) {
      if (samples[startSample + index] !== UNSENT)
        throw new Error(`twice at ${(startSample + index) / 16_000} s`);
      samples[startSample + index] = sample;
    }
  }
  return samples;
}

async function keptAudio(call: Call, bot: Awaited<ReturnType<Call['end']>>): Promise<Map<number, Chunk[]>> {
  const kept = new Map<number, Chunk[]>();
  for (const { media_shortcuts } of bot.recordings) {
    const parts = JSON.parse(String(await call.download(media_shortcuts.audio_separate.data.download_url)));
    for (const { participant, start_timestamp, download_url } of parts) {
      const bytes = Uint8Array.from(await call.download(download_url));
      const chunk = {
        startSample: Math.round(start_timestamp.relative * 16_000),
        pcm: new Int16Array(bytes.buffer),
      };
      kept.set(participant.id, [...(kept.get(participant.id) ?? []), chunk]);
    }
  }
  return kept;
}

/** From where to where each of them was said to speak. */
function speech(call: Call, participant: number): [from: number, to: number][] {
  const intervals: [number, number][] = [];
  let from: number | undefined;
  for (const { name, id, seconds } of call.events) {
    if (id !== participant || !name.startsWith('speech_')) continue;
    const sample = Math.round(seconds * 16_000);
    if (name === 'speech_on') {
      expect(from, `${participant} speaks already at ${seconds} s`).toBeUndefined();
      from = sample;
    } else {
      expect(from, `${participant} does not speak at ${seconds} s`).toBeDefined();
      intervals.push([from!, sample]);
      from = undefined;
    }
  }
  expect(from, `${participant} never ends`).toBeUndefined();
  return intervals;
}

function checkSpeech(samples: Int32Array, intervals: readonly [number, number][], who: number): void {
  const spoken = new Uint8Array(samples.length);
  for (const [from, to] of intervals) {
    spoken.fill(1, from, to);
    const sent = samples.subarray(from, to);
    expect(sent.includes(UNSENT), `${who} is heard from ${from / 16_000} to ${to / 16_000} s`).toBe(false);
    const loudest = sent.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    if (to - from >= 16_000)
      expect(loudest, `${who} says something at ${from / 16_000} s`).toBeGreaterThan(LOUD);
  }
  const unannounced = samples.findIndex(
    (sample, at) => sample !== UNSENT && Math.abs(sample) > LOUD && spoken[at] === 0,
  );
  expect(unannounced === -1 ? 'announced' : `${who} speaks unannounced at ${unannounced / 16_000} s`).toBe(
    'announced',
  );
}

/** Whoever has been unmuted for a while has a connection, and nobody else. Streams begin and end up to a frame later. */
async function checkConnections(call: Call, paused: boolean): Promise<void> {
  const open = async (): Promise<boolean[]> =>
    (await call.detail()).participants.map(
      ({ present, unmuted }: { present: boolean; unmuted: boolean }) => present && unmuted && !paused,
    );
  const before = await open();
  await call.advance(0.21);
  const after = await open();
  for (const [index, { id, connection }] of (await call.detail()).participants.entries()) {
    if (before[index] === after[index])
      expect({ id, connected: connection !== 'muted' }).toEqual({ id, connected: after[index] });
  }
}

describe('live commands in any order', () => {
  it('are done or refused, and audio, events and what is kept agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        await withCall(scenario, async (call) => {
          let paused = false;
          for (const { command, thenMs } of steps) {
            const { status, body } = await perform(call, command);
            expect([200, 201, 400, 404, 409], JSON.stringify(body)).toContain(status);
            if (status === 200 && command.kind === 'pause_recording') paused = true;
            if (status === 200 && command.kind === 'resume_recording') paused = false;
            if (thenMs === 0) continue;
            await call.advance(thenMs / 1_000);
            await checkConnections(call, paused);
          }
          const bot = await call.end();
          expect(call.log.filter((text) => text.includes('defect'))).toEqual([]);
          const lossless = (await call.detail()).reports.every(
            ({ dropped }: { dropped: { total: number } }) => dropped.total === 0,
          );
          const kept = await keptAudio(call, bot);
          const dropped = steps.some(({ command }) => command.kind === 'drop');
          for (const who of new Set([...kept.keys(), ...call.frames.keys()])) {
            const there = placed(kept.get(who) ?? []);
            const got = placed(call.frames.get(who) ?? []);
            const wrong = got.findIndex((sample, at) => sample !== UNSENT && sample !== there[at]);
            expect(wrong === -1 ? 'equal' : `${who} differs at ${wrong / 16_000} s`).toBe('equal');
            if (lossless) expect(Buffer.from(got.buffer).equals(Buffer.from(there.buffer))).toBe(true);
            if (!dropped) checkSpeech(there, speech(call, who), who);
          }
          if (!dropped) expect(lossless).toBe(true);
        });
      }),
      { numRuns: 40, timeout: 30_000 },
    );
  });
});
