import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from '../../src/emulator/faults/scenario-schema.ts';
import { playReportJsonSchema } from '../../src/emulator/report.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { realtimeEventJsonSchema } from '../../src/protocol/events.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { parseDuration } from '../../src/scenario/duration.ts';
import { loadScenario, parseScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { toRttm, toTruth } from '../../src/scenario/truth.ts';

async function problemsOf(text: string): Promise<string> {
  try {
    await compileScenario(parseScenario(text, { file: 'meeting.yaml' }));
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
  return 'no problem';
}

describe('times', () => {
  it.each([
    [12.5, 12.5],
    ['12.5', 12.5],
    ['90s', 90],
    ['1m20s', 80],
    ['250ms', 0.25],
    ['1h2m3s', 3_723],
    ['1m', 60],
    ['2m5ms', 120.005],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBeCloseTo(seconds, 9));

  it.each(['', 'soon', '-1s', '1s1m', '1 s', Number.NaN, -1])('%s is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('a scenario that cannot be played', () => {
  it('is told all its problems at once, each with its place, its value and what to do', async () => {
    const text = `
participants:
  - { id: 100, name: Ada }
  - { id: 100, name: Bo }
  - { id: 300, name: Cy }
timeline:
  - { at: 1s, participant: 100, action: speak, duration: 2s }
  - { at: 2s, participant: 100, action: unmute }
  - { at: 3s, participant: 100, action: unmute }
  - { at: 4s, participant: 100, action: speak, duration: 3s }
  - { at: 5s, participant: 100, action: speak, duration: 1s }
  - { at: 6s, participant: 100, action: mute }
  - { at: 7s, participant: 100, action: mute }
  - { at: 8s, participant: 200, action: unmute }
  - { at: 8s, participant: 300, action: unmute }
  - { at: 9s, participant: 300, action: join }
  - { at: 9s, participant: 300, action: unmute }
  - { at: 9s, participant: 300, action: speak, audio: nowhere.wav }
`;
    expect((await problemsOf(text)).replaceAll(process.cwd(), '.')).toMatchInlineSnapshot(`
      "meeting.yaml:4:11 participants[1].id: Participant 100 is there twice. Give each an id of its own.
      meeting.yaml:7:41 timeline[0].action: Participant 100 speaks at 1 s while muted. Unmute them first.
      meeting.yaml:9:41 timeline[2].action: Participant 100 is unmuted already. Mute them first, or leave this out.
      meeting.yaml:10:41 timeline[3].action: The audio ends at 7 s, after the mute at 6 s. Use shorter audio, speak earlier, or mute at 7 s or later.
      meeting.yaml:11:11 timeline[4].at: Participant 100 still speaks until 7 s. Speak at 7 s or later.
      meeting.yaml:13:41 timeline[6].action: Participant 100 is muted already. Unmute them first, or leave this out.
      meeting.yaml:14:28 timeline[7].participant: There is no participant 200. The participants are 100, 300.
      meeting.yaml:15:41 timeline[8].action: Participant 300 is not in the meeting at 8 s. Let them join before they unmute.
      meeting.yaml:18:55 timeline[11].audio: ./nowhere.wav does not exist. Check the path."
    `);
  });

  it('is told what is wrong with its shape, field by field', async () => {
    const text = `
participants:
  - { id: "100", nam: Ada }
timeline:
  - { at: -1, participant: 100, action: unmute }
  - { at: soon, participant: 100, action: mute }
  - { at: 1, participant: 100, action: shout }
  - { at: 1, participant: 100, action: speak }
`;
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "meeting.yaml:3:11 participants[0].id: "100": a number is expected.
      meeting.yaml:3:23 participants[0].nam: "nam" is not a field here. Check its spelling, or leave it out.
      meeting.yaml:5:11 timeline[0].at: -1: a time cannot be negative.
      meeting.yaml:6:11 timeline[1].at: "soon": not a time: give seconds, or text such as 1m20s or 250ms.
      meeting.yaml:7:40 timeline[2].action: "shout" is not an action. Use join, leave, unmute, mute, speak, chat_message, webcam_on, webcam_off, screenshare_on, screenshare_off or update.
      meeting.yaml:8:5 timeline[3]: {"at":1,"participant":100,"action":"speak"}: speak needs either audio (a file) or duration (generated speech)."
    `);
  });

  it('is told of an action that is missing, and of numbers that JSON does not have', async () => {
    const text = `
participants:
  - { id: 100 }
timeline:
  - { at: 1, participant: 100 }
  - { at: 1, participant: .nan, action: unmute }
`;
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "meeting.yaml:5:5 timeline[0].action: The action is missing. Use join, leave, unmute, mute, speak, chat_message, webcam_on, webcam_off, screenshare_on, screenshare_off or update.
      meeting.yaml:6:27 timeline[1].participant: NaN: a number is expected."
    `);
  });

  it('is told in words of scenarios, never in those of the schema library', async () => {
    const text = `
seed: 1.5
title: 7
silence: loud
participants:
  - { id: 1, name: Ada, is_host: perhaps, voice: { pitch_hz: 5 } }
timeline:
  - { at: [], participant: 1, action: unmute }
  - { at: 1, participant: 1, action: speak, audio: "" }
  - { at: 2, participant: 9, action: mute }
`;
    const problems = await problemsOf(text);
    expect(problems).not.toMatch(/Invalid|expected (number|string)|Too (small|big)/);
    expect(problems).toMatchInlineSnapshot(`
      "meeting.yaml:2:7 seed: 1.5: a whole number is expected.
      meeting.yaml:3:8 title: 7: text is expected.
      meeting.yaml:4:10 silence: "loud": "noise" or "gap" is expected.
      meeting.yaml:6:34 participants[0].is_host: "perhaps": true or false is expected.
      meeting.yaml:6:62 participants[0].voice.pitch_hz: 5: it must be at least 60.
      meeting.yaml:8:11 timeline[0].at: []: a time is a number of seconds or text such as 1m20s.
      meeting.yaml:9:52 timeline[1].audio: "": it must not be empty.
      meeting.yaml:10:27 timeline[2].participant: There is no participant 9. The participants are 1."
    `);
    expect(await problemsOf('participants: []\ntimeline: []')).toMatchInlineSnapshot(
      `"meeting.yaml:1:15 participants: []: at least 1 entry is needed."`,
    );
  });

  it('is told ten problems, and how many more there are', async () => {
    const error = await compileScenario({
      participants: [{ id: 1 }],
      timeline: Array.from({ length: 25 }, () => ({ at: 0, participant: 1, action: 'leave' as const })),
    }).catch((each: InvalidInputError) => each);
    expect(error).toBeInstanceOf(InvalidInputError);
    const { message, problems } = error as InvalidInputError;
    expect(problems).toHaveLength(24);
    expect(message.split('\n')).toHaveLength(11);
    expect(message).toMatch(/\n… 14 more$/);
  });

  it('is told that an alias stands in what it refers to, and that nesting has an end', async () => {
    expect(await problemsOf('participants: &p [ *p ]\ntimeline: []')).toBe(
      'meeting.yaml:1:20: The alias *p stands inside of what it refers to. Write out what is meant.',
    );
    const deep = `{"participants":[{"id":1,"extra_data":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}],"timeline":[]}`;
    expect(await problemsOf(deep)).toMatch(/nested (too deep|more than 100 levels deep)/);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await expect(
      compileScenario({ participants: [{ id: 1, extra_data: circle }], timeline: [] }),
    ).rejects.toThrow(expect.objectContaining({ code: 'invalid_scenario' }));
  });

  it('is told its file and fields without the control characters in them', async () => {
    const text = 'participants: [{ id: 1, "\\e]0;x\\a\\nerror: forged": 1 }]\ntimeline: []';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(await problemsOf(text)).not.toMatch(/[\u0000-\u001f]/);
  });

  it('is told where its YAML is broken', async () => {
    expect(await problemsOf('participants: [\n  { id: 1 }\ntimeline: }')).toMatch(
      /^meeting\.yaml:3:\d+: Not valid YAML/,
    );
    expect(await problemsOf('')).toContain('missing or empty');
  });
});

describe('the compiled timeline', () => {
  it('has a stream per unmuted interval: noise floor, speech, noise floor', async () => {
    const scenario = meeting({ seed: 5 })
      .participant({ id: 1, name: 'Ada' }, (ada) =>
        ada.unmute('1s').speak(2, { duration: 1, text: 'Hi' }).mute(4).unmute(5).mute(5.5),
      )
      .participant({ id: 2, name: 'Bo', silence: 'gap' }, (bo) => bo.unmute(0).speak(1, { duration: 1 }))
      .build();
    const timeline = await compileScenario(scenario);
    expect(timeline.durationSamples).toBe(88_000);
    expect(
      timeline.streams.map(({ participant, startSample, endSample, segments }) => [
        participant,
        startSample,
        endSample,
        segments.map(({ kind, startSample: start, endSample: end }) => `${kind} ${start}-${end}`),
      ]),
    ).toEqual([
      [1, 0, 88_000, ['speech 16000-32000']],
      [0, 16_000, 64_000, ['silence 16000-32000', 'speech 32000-48000', 'silence 48000-64000']],
      [0, 80_000, 88_000, ['silence 80000-88000']],
    ]);
    expect(timeline.utterances).toEqual([
      { participant: 1, startSample: 16_000, endSample: 32_000, text: undefined },
      { participant: 0, startSample: 32_000, endSample: 48_000, text: 'Hi' },
    ]);
  });

  it('has the events of the meeting; the email comes with an update after the join', async () => {
    const scenario = meeting()
      .participant({ id: 1, name: 'Ada', email: 'ada@example.com' }, (ada) =>
        ada
          .join(1)
          .unmute(1)
          .speak(2, { duration: 1 })
          .chat(3, 'Hello')
          .update(4, { name: 'Ada M.' })
          .webcam(5, true)
          .leave(6),
      )
      .build();
    const { events } = await compileScenario(scenario);
    expect(
      events.map(({ sample, event, snapshot, data }) => [
        sample / 16_000,
        event.split('.')[1],
        snapshot.name,
        snapshot.email,
        data?.text,
      ]),
    ).toEqual([
      [1, 'join', 'Ada', undefined, undefined],
      [1, 'update', 'Ada', 'ada@example.com', undefined],
      [2, 'speech_on', 'Ada', 'ada@example.com', undefined],
      [3, 'speech_off', 'Ada', 'ada@example.com', undefined],
      [3, 'chat_message', 'Ada', 'ada@example.com', 'Hello'],
      [4, 'update', 'Ada M.', 'ada@example.com', undefined],
      [5, 'webcam_on', 'Ada M.', 'ada@example.com', undefined],
      [6, 'leave', 'Ada M.', 'ada@example.com', undefined],
    ]);
  });

  it('has speech with the name of its time', async () => {
    const { events } = await compileScenario(
      meeting()
        .participant({ id: 1, name: 'Before' }, (ada) =>
          ada
            .join(0)
            .unmute(0)
            .speak(0.5, { duration: 1 })
            .update(1, { name: 'After' })
            .speak(2, { duration: 1 })
            .leave(4)
            .join(5),
        )
        .build(),
    );
    expect(events.map(({ event, snapshot }) => [event.split('.')[1], snapshot.name])).toEqual([
      ['join', 'Before'],
      ['speech_on', 'Before'],
      ['update', 'After'],
      ['speech_off', 'After'],
      ['speech_on', 'After'],
      ['speech_off', 'After'],
      ['leave', 'After'],
      ['join', 'After'],
    ]);
  });

  it('has its ground truth as RTTM and JSON', async () => {
    const scenario: Scenario = meeting({ duration: 3 })
      .participant({ id: 7, name: 'Ada' }, (ada) =>
        ada.unmute(0.5).speak(1, { duration: 0.25, text: 'Yes' }).mute(2),
      )
      .build();
    const timeline = await compileScenario(scenario);
    expect(toRttm(timeline, 'demo')).toBe('SPEAKER demo 1 1.000 0.250 <NA> <NA> 7 <NA> <NA>\n');
    const [ada] = toTruth(timeline).participants;
    expect(ada?.streams.map(({ start_s, end_s }) => [start_s, end_s])).toEqual([[0.5, 2]]);
    expect(ada?.mutes.map(({ start_s, end_s }) => [start_s, end_s])).toEqual([
      [0, 0.5],
      [2, 3],
    ]);
    expect(ada?.utterances).toEqual([
      { start_s: 1, end_s: 1.25, start_sample: 16_000, end_sample: 20_000, text: 'Yes' },
    ]);
  });
});

describe('the fixtures', () => {
  it('standup has three people: one muted from the start, a dial-in without a name, talk that overlaps', async () => {
    const timeline = await compileScenario(await loadScenario('fixtures/standup.yaml'));
    expect(timeline.participants.map(({ id, name, platform }) => [id, name, platform])).toEqual([
      [100, 'Ada Moreno', 'desktop'],
      [200, 'Bo Lindqvist', 'desktop'],
      [300, null, 'dial-in'],
    ]);
    expect(timeline.streams.find(({ participant }) => participant === 1)?.startSample).toBeGreaterThan(
      15 * 16_000,
    );
    const overlaps = timeline.utterances.filter(({ startSample, participant }) =>
      timeline.utterances.some(
        (other) =>
          other.participant !== participant &&
          other.startSample < startSample &&
          startSample < other.endSample,
      ),
    );
    expect(overlaps.length).toBeGreaterThan(0);
    expect(timeline.utterances.every(({ text }) => text !== undefined)).toBe(true);
  });

  it('two-minutes has six people, rapid-toggle an interval shorter than a frame', async () => {
    const long = await compileScenario(await loadScenario('fixtures/two-minutes.yaml'));
    expect([long.participants.length, long.durationSamples]).toEqual([6, 120 * 16_000]);
    const rapid = await compileScenario(await loadScenario('fixtures/rapid-toggle.yaml'));
    expect(Math.min(...rapid.streams.map(({ startSample, endSample }) => endSample - startSample))).toBe(800);
  });

  it('nasty has equal names, none, a new one, an id beyond 32 bits, mutes off every grid and a lost connection', async () => {
    const { participants, events, streams, faults } = await compileScenario(
      await loadScenario('fixtures/nasty.yaml'),
    );
    expect(participants.map(({ name }) => name)).toEqual(['Alex', 'Alex', null, '../R&D / Zoë 🎧']);
    expect(Math.max(...participants.map(({ id }) => id))).toBeGreaterThan(2 ** 31);
    expect(events.map(({ event }) => event)).toContain('participant_events.update');
    // The smallest frame is 10 ms.
    expect(streams.filter(({ startSample, endSample }) => (endSample - startSample) % 160 === 0)).toEqual([]);
    expect(faults).toMatchObject([{ fields: { fault: 'drop' } }]);
  });
});

describe('the published schemas', () => {
  it.each([
    ['scenario', scenarioJsonSchema],
    ['play-report', playReportJsonSchema],
    ['realtime-events', realtimeEventJsonSchema],
  ])('%s.schema.json is current (npm run build && node scripts/write-schemas.mjs)', async (name, schema) => {
    expect(JSON.parse(await readFile(`schemas/${name}.schema.json`, 'utf8'))).toEqual(schema());
  });
});
