/** A small meeting in which every kind of event happens, and what must arrive of it. */
import { expect } from 'vitest';
import { REALTIME_EVENTS, type RealtimeEvent } from '../../src/protocol/index.ts';
import { meeting } from '../../src/scenario/builder.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';

/** Ada comes with an email, speaks, shares and leaves; Ben comes later, writes, changes his name and speaks to the very end. */
export const everything: Scenario = meeting({ title: 'Everything', duration: 2 })
  .participant({ id: 100, name: 'Ada', is_host: true, email: 'ada@example.com' }, (ada) =>
    ada
      .unmute(0)
      .webcam(0.1, true)
      .speak(0.2, { duration: 1.2, text: 'Good morning to you all' })
      .screenshare(0.3, true)
      .screenshare(0.9, false)
      .webcam(1.4, false)
      .mute(1.5)
      .leave(1.6),
  )
  .participant({ id: 200, name: null, is_host: null }, (ben) =>
    ben
      .join(0.4)
      .unmute(0.5)
      .chat(0.6, 'Hello', 'only_bot')
      .update(0.7, { name: 'Ben' })
      .speak(1.1, { duration: 0.9, text: 'Bye' }),
  )
  .build();

/** Parses messages, each of which has to be exactly as the public schema has it: no field more, none less. */
export function readMessages(messages: readonly string[]): RealtimeEvent[] {
  return messages.map((text) => {
    const event = JSON.parse(text) as RealtimeEvent;
    REALTIME_EVENTS.find(({ name }) => name === event.event)!.strict.parse(event);
    return event;
  });
}

/** Everything that a timeline has has arrived, exactly once: participant events in their order, whole transcripts, a whole mix. */
export function expectWhole(events: readonly RealtimeEvent[], timeline: Timeline): void {
  const told = events.flatMap(({ event, data: { data } }) =>
    event.startsWith('participant_events.') && 'timestamp' in data && 'participant' in data
      ? [[event, data.timestamp.relative, data.participant.id]]
      : [],
  );
  expect(told).toEqual(
    timeline.events.map(({ event, sample, participant }) => [
      event,
      sample / 16_000,
      timeline.participants[participant]!.id,
    ]),
  );
  const said = events.flatMap(({ event, data: { data } }) =>
    event === 'transcript.data' && 'words' in data
      ? [`${data.participant.id}: ${data.words.map(({ text }) => text).join(' ')}`]
      : [],
  );
  expect(said.sort()).toEqual(
    timeline.utterances
      .filter(({ text }) => text !== undefined)
      .map(({ participant, text }) => `${timeline.participants[participant]!.id}: ${text}`)
      .sort(),
  );
  expect(mixIn(events)).toEqual(mixOf(timeline));
}

/** The mixed audio that arrived; its chunks have to follow each other without gaps. */
function mixIn(events: readonly RealtimeEvent[]): Int16Array {
  let position = 0;
  const chunks = events.flatMap(({ event, data: { data } }) => {
    if (event !== 'audio_mixed_raw.data' || !('buffer' in data)) return [];
    expect(data.timestamp.relative).toBe(position / 16_000);
    const bytes = Buffer.from(data.buffer, 'base64');
    position += bytes.length / 2;
    return [bytes];
  });
  return new Int16Array(new Uint8Array(Buffer.concat(chunks)).buffer);
}

/** What it has to be: the sum of all streams, saturated. */
function mixOf({ durationSamples, streams }: Timeline): Int16Array {
  const sums = new Int32Array(durationSamples);
  for (const { startSample, endSample, source } of streams.flatMap(({ segments }) => segments)) {
    const pcm = new Int16Array(endSample - startSample);
    const reader = source.open();
    reader.read(pcm);
    reader.close();
    for (const [at, sample] of pcm.entries()) sums[startSample + at]! += sample;
  }
  return Int16Array.from(sums, (sum) => Math.max(-32_768, Math.min(32_767, sum)));
}
