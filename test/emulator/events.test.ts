import { describe, expect, it } from 'vitest';
import { MeetingEvents, type MeetingEventsOptions } from '../../src/emulator/events.ts';
import type { Session } from '../../src/emulator/session.ts';
import { REALTIME_EVENTS, type RealtimeEvent } from '../../src/protocol/index.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';
import { everything, expectWhole } from '../support/all-events.ts';
import { makeSession } from '../support/session.ts';

const ARTIFACTS = Object.fromEntries(
  REALTIME_EVENTS.map(({ artifact: { ref } }) => [ref, { id: ref, metadata: {} }]),
);
const ENDPOINT = { id: 'endpoint', metadata: {} };

interface Run {
  readonly session: Session;
  readonly events: MeetingEvents;
  readonly messages: RealtimeEvent[];
}

async function prepare(
  meeting: Scenario | Timeline,
  options: Partial<MeetingEventsOptions> = {},
): Promise<Run> {
  const messages: RealtimeEvent[] = [];
  const session = await makeSession(meeting, (_, startSample, pcm) => events.onFrame(startSample, pcm));
  const events: MeetingEvents = new MeetingEvents({
    session,
    artifacts: ARTIFACTS,
    sendElsewhere: (_, message) => messages.push(message(ENDPOINT) as RealtimeEvent),
    ...options,
  });
  return { session, events, messages };
}

/** `join 100 0.5` */
function told(messages: readonly RealtimeEvent[]): string[] {
  return messages.flatMap(({ event, data: { data } }) =>
    event.startsWith('participant_events.') && 'timestamp' in data && 'participant' in data
      ? [`${event.slice('participant_events.'.length)} ${data.participant.id} ${data.timestamp.relative}`]
      : [],
  );
}

describe('the events of a meeting', () => {
  it('are those of the timeline, in the words of the public schema', async () => {
    const { session, events, messages } = await prepare(everything);
    await session.play(undefined, events);
    expectWhole(messages, session.timeline);
    for (const message of messages)
      REALTIME_EVENTS.find(({ name }) => name === message.event)!.strict.parse(message);
  });

  it('are not sent without the media object that they belong to, and told all the same', async () => {
    const heard: string[] = [];
    const { session, events, messages } = await prepare(everything, {
      artifacts: { transcript: { id: 't', metadata: {} } },
      onParticipantEvent: (event) => heard.push(event),
    });
    await session.play(undefined, events);
    expect(new Set(messages.map(({ event }) => event))).toEqual(
      new Set(['transcript.data', 'transcript.partial_data']),
    );
    expect(heard).toHaveLength(session.timeline.events.length);
  });

  it('stop in a pause; what has changed by its end is told then', async () => {
    const { session, events, messages } = await prepare(everything);
    session.begin();
    events.start();
    const at = (seconds: number, act: () => void): void =>
      void session.tasks.at(session.timeOfSample(seconds * 16_000), act);
    // Ada speaks from 0.2 to 1.4; Ben comes at 0.4 and is renamed at 0.7.
    at(0.35, () => events.pause(5_600));
    at(0.8, () => events.resume(12_800));
    at(0.85, () => events.end(13_600));
    await new Promise<void>((resolve) => at(0.9, resolve));
    await session.end();
    expect(told(messages).slice(4)).toEqual([
      'screenshare_on 100 0.3',
      'speech_off 100 0.35',
      'speech_on 100 0.8',
      'join 200 0.8',
      'speech_off 100 0.85',
    ]);
    const ben = messages.find(({ event, data: { data } }) => {
      return event === 'participant_events.join' && 'participant' in data && data.participant.id === 200;
    });
    expect(ben).toMatchObject({ data: { data: { participant: { name: 'Ben' } } } });
  });

  it('begin with everybody there who does not join in the timeline', async () => {
    const timeline = await compileScenario(everything);
    const { session, events, messages } = await prepare({
      ...timeline,
      events: timeline.events.filter(({ event }) => event !== 'participant_events.join'),
    });
    expect(events.attendants.map(({ present }) => present)).toEqual([true, true]);
    await session.play(undefined, events);
    expect(told(messages)).toContain('leave 100 1.6');
    expect(told(messages)).toContain('chat_message 200 0.6');
  });

  it('do not have people there who are nowhere in the timeline, or who join later', async () => {
    const timeline = await compileScenario(everything);
    const nobody = { id: 300, name: null, is_host: null, platform: null, extra_data: null };
    const { events } = await prepare({ ...timeline, participants: [...timeline.participants, nobody] });
    expect(events.attendants.map(({ present }) => present)).toEqual([false, false, false]);
  });

  it('have speech that a capture has outside its streams', async () => {
    const timeline = await compileScenario(everything);
    const [on, off] = ['speech_on', 'speech_off'].map((name) => ({
      ...timeline.events.find(({ event }) => event === `participant_events.${name}`)!,
      participant: 1,
    }));
    const { session, events, messages } = await prepare({
      ...timeline,
      utterances: [],
      events: [
        ...timeline.events.filter(({ event }) => event === 'participant_events.join'),
        { ...on!, sample: 7_000 },
        { ...off!, sample: 7_500 },
      ],
    });
    await session.play(undefined, events);
    expect(told(messages).slice(2)).toEqual(['speech_on 200 0.4375', 'speech_off 200 0.46875']);
  });

  it('warn of audio that came too late for the mix', async () => {
    const warnings: string[] = [];
    const { session, events } = await prepare(everything, { onWarning: (text) => warnings.push(text) });
    session.begin();
    events.mixUntil(16_000);
    events.onFrame(0, new Int16Array(8_000));
    events.tellLeftOut();
    await session.end();
    expect(warnings).toEqual([expect.stringContaining('0.50 s of audio came too late for the mix')]);
  });
});
