/** One meeting, handed to a fresh receiver in the meeting's own time, and what the receiver kept of it. */

import type { Situation } from '../check/situations.ts';
import { type ScriptStep, scriptOf, scriptResources } from '../emulator/script.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { participantAudio } from '../scenario/audio.ts';
import { compileScenario } from '../scenario/compile.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { firstDifference } from './differences.ts';
import { withMeetingTime } from './meeting-time.ts';
import { type Call, ReceiverFault } from './receiver-call.ts';
import {
  type ConnectionHandler,
  connect,
  createReceiver,
  keptAudio,
  type ReceiverFactory,
  type ReceiverUnderTest,
} from './receiver-under-test.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1, 10);

/**
 * Rejects with a `ReceiverFault` when the receiver throws, takes too long, or keeps other audio than the meeting's; with a
 * `UsageError` when it is not wired as a receiver.
 */
export async function tryReceiver(create: ReceiverFactory, situation: Situation, call: Call): Promise<void> {
  const timeline = await compileScenario(situation.scenario);
  const script = scriptOf(timeline, situation);
  const steps = situation.disturbance?.change([...script]) ?? script;
  await withMeetingTime(EPOCH_MS, async (time) => {
    const receiver = await createReceiver(create, call);
    await deliver(receiver, steps, situation.delaysMs, time, call);
    if (receiver.flush !== undefined) await call('flush()', () => receiver.flush?.());
    await compare(receiver, timeline, call);
  });
}

/** Hands the steps over one by one; time shows when each would have come. */
async function deliver(
  receiver: ReceiverUnderTest,
  steps: Iterable<ScriptStep>,
  delaysMs: readonly number[],
  time: { nowMs: number },
  call: Call,
): Promise<void> {
  const handlers = new Map<number, ConnectionHandler>();
  let messages = 0;
  for (const step of steps) {
    const delay = step.kind === 'message' ? delaysMs[messages++ % delaysMs.length]! : 0;
    // What is held up holds up what comes behind it.
    time.nowMs = Math.max(time.nowMs, (step.atSample * 1_000) / SAMPLE_RATE + delay);
    if (step.kind === 'open') {
      handlers.set(step.connection, await connect(receiver, call));
      continue;
    }
    const handler = handlers.get(step.connection)!;
    if (step.kind === 'close') await call(`close(${step.code})`, () => handler.close(step.code));
    else await call('message()', () => handler.message(step.text));
  }
}

async function compare(receiver: ReceiverUnderTest, timeline: Timeline, call: Call): Promise<void> {
  const { recording } = scriptResources(timeline.seed);
  for (const [index, { id, name }] of timeline.participants.entries()) {
    const expected = participantAudio(timeline, index);
    const actual = await keptAudio(receiver, id, recording.id, call);
    const difference = firstDifference(expected, actual, { trailingSilence: true });
    if (difference === undefined) continue;
    const who = `participant ${id}${name === null ? '' : ` (${name})`}`;
    const kept = actual.length === 0 ? 'nothing was kept; the audio ' : '';
    throw new ReceiverFault(
      `${who}: ${kept}${difference.text}\n${unmuted(timeline, index, difference.sample)}`,
    );
  }
}

/** When the participant could be heard, with an arrow at the stretch in which a position lies. */
function unmuted(timeline: Timeline, participant: number, sample: number): string {
  const stretches = timeline.streams
    .filter((plan) => plan.participant === participant)
    .map(({ startSample, endSample }) => {
      const here = sample >= startSample && sample < endSample ? ' ←' : '';
      return `${startSample / SAMPLE_RATE}–${endSample / SAMPLE_RATE} s${here}`;
    });
  return `unmuted: ${stretches.join(', ')}`;
}
