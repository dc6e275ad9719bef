/** What the receivers of this folder are tried with: small meetings as scripts, and what can be seen of a mistake in each. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { malformation, reconnection, repetition } from '../../../src/check/disturbances.ts';
import { judge, type KeptFile } from '../../../src/check/oracle/judge.ts';
import { readKept } from '../../../src/check/oracle/kept-file.ts';
import { type Locator, locator } from '../../../src/check/oracle/locate.ts';
import { sentOf } from '../../../src/check/oracle/sent.ts';
import { withCaseVoices } from '../../../src/check/oracle/voice.ts';
import {
  type ScriptOptions,
  type ScriptStep,
  scriptOf,
  scriptResources,
} from '../../../src/emulator/script.ts';
import { playScript } from '../../../src/emulator/script-player.ts';
import { DEFECTS, SPOILED_PATHS, spoilerOf } from '../../../src/emulator/spoilers.ts';
import { type MeetingBuilder, meeting } from '../../../src/scenario/builder.ts';
import { compileScenario } from '../../../src/scenario/compile.ts';
import type { Timeline } from '../../../src/scenario/timeline.ts';

/** One call: a meeting, how it is sent, and what is done to its script. */
interface Call extends ScriptOptions {
  readonly timeline: Timeline;
  readonly seed: number;
  readonly change?: (steps: readonly ScriptStep[]) => readonly ScriptStep[];
}

/** Calls that take place at the same time; then those of the next list. */
export type Play = readonly (readonly Call[])[];

export type PlayName = keyof typeof PLAYS;

const ID_BEYOND_32_BITS = 2 ** 32 + 100;

async function compiled(builder: MeetingBuilder): Promise<Timeline> {
  return withCaseVoices(await compileScenario(builder.build()));
}

/** Two people of one name and two of none, mutes off every grid, somebody silent, ids that need more than 32 bits. */
const people = await compiled(
  meeting({ seed: 3, duration: 3 })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0.2).mute(1.013).unmute(1.52).mute(2.2))
    .participant({ id: 200, name: 'Ada' }, (ada) => ada.unmute(0).speak(0.5, { duration: 1.5 }))
    .participant({ id: 300, name: null }, (guest) =>
      guest.unmute(0.7).speak(0.7, { duration: 0.8 }).mute(1.9),
    )
    .participant({ id: 301, name: null }, (guest) => guest.unmute(1.1).speak(1.2, { duration: 1 }))
    .participant({ id: ID_BEYOND_32_BITS, name: '' }, (guest) => guest.unmute(0.3).mute(1.2).unmute(1.8)),
);

/** Names that are no names of files, and the largest ids. */
const strangers = await compiled(
  meeting({ seed: 4, duration: 1.5 })
    .participant({ id: 2_147_483_647, name: '../../etc/passwd' }, (one) => one.unmute(0).mute(1))
    .participant({ id: 2_147_483_648, name: 'a/b' }, (one) => one.unmute(0.1).mute(0.5).unmute(0.8))
    .participant({ id: Number.MAX_SAFE_INTEGER, name: 'x'.repeat(1_000) }, (one) => one.unmute(0.2)),
);

const talk = await compiled(
  meeting({ seed: 5, duration: 2 })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0, { duration: 2 }))
    .participant({ id: 200, name: 'Bob' }, (bob) => bob.unmute(0.4).speak(0.5, { duration: 1 })),
);

const long = await compiled(
  meeting({ seed: 6, duration: 30 }).participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0)),
);

export const PLAYS = {
  apart: [[{ timeline: people, seed: 1 }], [{ timeline: strangers, seed: 2 }]],
  shared: [
    [{ timeline: people, seed: 3, mode: 'per-endpoint' }],
    [{ timeline: strangers, seed: 4, mode: 'per-endpoint' }],
  ],
  frames: [[{ timeline: people, seed: 5, frameMs: [20, 200, 10, 1_000, 33] }]],
  'two bots': [
    [
      { timeline: talk, seed: 6 },
      { timeline: talk, seed: 7, mode: 'per-endpoint' },
    ],
  ],
  reconnects: [
    [{ timeline: talk, seed: 8, change: (steps) => reconnection(7, false).change(steps) }],
    [{ timeline: talk, seed: 9, change: (steps) => reconnection(9, true).change(steps) }],
  ],
  repeats: [[{ timeline: talk, seed: 10, change: (steps) => repetition(3).change(steps) }]],
  'wrong order': [[{ timeline: talk, seed: 11, mode: 'per-endpoint', change: swapped }]],
  'other events': [[{ timeline: talk, seed: 12, change: (steps) => withTexts(steps, otherEvents(12)) }]],
  'not valid': [[{ timeline: talk, seed: 13, change: spoiled }]],
  'other fields': [[{ timeline: talk, seed: 14, change: otherFields }]],
} as const satisfies Record<string, Play>;

/** Much of one kind: for what is seen only after a while. About 52 MB of messages. */
export const MUCH: Play = Array.from({ length: 40 }, () => [{ timeline: long, seed: 15, frameMs: [1_000] }]);

/** Every other message comes after its successor. */
function swapped(steps: readonly ScriptStep[]): readonly ScriptStep[] {
  const result = [...steps];
  for (let at = 2; at + 1 < result.length; at += 4) {
    const [one, other] = [result[at]!, result[at + 1]!];
    if (one.kind !== 'message' || other.kind !== 'message') continue;
    // Steps do not go back in time.
    result[at] = { ...other, atSample: one.atSample };
    result[at + 1] = { ...one, atSample: other.atSample };
  }
  return result;
}

/** Each text once, before one of the messages. */
function withTexts(steps: readonly ScriptStep[], texts: readonly string[]): readonly ScriptStep[] {
  const left = [...texts];
  const result = steps.flatMap((step) => {
    const text = step.kind === 'message' ? left.shift() : undefined;
    return text === undefined ? [step] : [{ ...step, text } as ScriptStep, step];
  });
  if (left.length > 0) throw new Error('There are too few messages.');
  return result;
}

/** Events of the same URL that are nobody's separate audio. */
function otherEvents(seed: number): readonly string[] {
  const { recording } = scriptResources(seed);
  const participant = { id: 100, name: 'Ada', is_host: false, platform: null, extra_data: null };
  const buffer = Buffer.alloc(6_400, 7).toString('base64');
  const timestamp = { relative: 0.1, absolute: '2026-01-01T10:00:00.100000+00:00' };
  const event = (name: string, data: object): string =>
    JSON.stringify({ event: name, data: { data, recording } });
  return [
    event('audio_mixed_raw.data', { buffer, timestamp }),
    event('participant_events.join', { participant, timestamp, data: null }),
    event('transcript.data', { words: [{ text: 'Hi', start_timestamp: timestamp }], participant }),
    event('video_separate_png.data', { buffer, timestamp, participant, type: 'webcam' }),
    event('audio_separate_raw.something_new', { buffer, timestamp, participant }),
  ];
}

/** What no receiver can use, of every kind, each before the good message that it was made of. */
function spoiled(steps: readonly ScriptStep[]): readonly ScriptStep[] {
  const spoilers = DEFECTS.flatMap((defect) =>
    (defect === 'missing_field' || defect === 'wrong_type' ? SPOILED_PATHS : SPOILED_PATHS.slice(0, 1)).map(
      (path) => spoilerOf(defect, path, []),
    ),
  );
  const changed = spoilers.reduce(
    (before, spoiler, at) => malformation(2 * at, spoiler).change(before),
    steps,
  );
  return withTexts(changed, HOSTILE);
}

/** What no meeting sends, but a port that is open to the world gets. */
const HOSTILE = [
  '',
  'null',
  '7',
  '"audio_separate_raw.data"',
  '['.repeat(100_000),
  `{"event":"audio_separate_raw.data","data":${'{"data":'.repeat(5_000)}null${'}'.repeat(5_000)}}`,
  ...[
    { relative: '1e999' },
    { relative: '1e12' },
    { relative: 'true' },
    { participant: '"../../stranger"' },
    { participant: '-1' },
    { participant: '1e300' },
    { participant: 'true' },
    { recording: '"../../stranger"' },
    { recording: '"a\\u0000b"' },
    { recording: `"${'r'.repeat(300)}"` },
    { recording: '""' },
  ].map(
    ({ relative = '0', participant = '100', recording = '"r"' }: Record<string, string>) =>
      `{"event":"audio_separate_raw.data","data":{"data":{"buffer":"AAAA","timestamp":{"relative":${relative}},"participant":{"id":${participant},"name":null}},"recording":{"id":${recording}}}}`,
  ),
  'x'.repeat(5_000_000),
];

/** Fields that are null, missing, new or changed, as Recall may send them. */
function otherFields(steps: readonly ScriptStep[]): readonly ScriptStep[] {
  return steps.map((step, index) => {
    if (step.kind !== 'message') return step;
    const message = JSON.parse(step.text);
    const { participant } = message.data.data;
    if (index % 2 === 0) Object.assign(participant, { is_host: null, extra_data: null, platform: null });
    else Object.assign(participant, { name: `Ada ${index}`, email: 'ada@example.com', pronouns: 'she' });
    if (index % 3 === 0) delete message.data.bot;
    return { ...step, text: JSON.stringify({ ...message, version: 2 }) };
  });
}

/** Locators take a while: one for each timeline. */
const locators = new Map<Timeline, Locator>();

function locatorOf(timeline: Timeline): Locator {
  const known = locators.get(timeline) ?? locator(sentOf(timeline));
  locators.set(timeline, known);
  return known;
}

/** The messages of a play, for those who send them themselves. */
export function textsOf(play: Play): string[] {
  return play
    .flat()
    .flatMap(({ timeline, ...options }) => [...scriptOf(timeline, options)])
    .flatMap((step) => (step.kind === 'message' ? [step.text] : []));
}

/** Plays at the receiver, as fast as it reads. What is wrong with the connections, a line each. */
export async function playAt(url: string, play: Play): Promise<string[]> {
  const wrong: string[] = [];
  for (const calls of play) {
    const reports = await Promise.all(
      calls.map(({ timeline, change, ...options }) => {
        const steps = [...scriptOf(timeline, options)];
        return playScript(change?.(steps) ?? steps, { url, speed: 'max' });
      }),
    );
    for (const { connection, failure, endedBy, closeCode, unsent } of reports.flatMap(
      (report) => report.connections,
    )) {
      if (failure !== null) wrong.push(`connection ${connection}: ${failure.code}`);
      else if (endedBy !== 'script') wrong.push(`connection ${connection}: closed with ${closeCode}`);
      if (unsent > 0) wrong.push(`connection ${connection}: ${unsent} messages not taken`);
    }
  }
  return wrong;
}

/** What the oracle says about the files of these calls, and every file that is nobody's. */
export async function judgeFiles(out: string, play: Play): Promise<string[]> {
  const wrong: string[] = [];
  const recordings = new Set<string>();
  for (const { timeline, seed } of play.flat()) {
    const { id } = scriptResources(seed).recording;
    recordings.add(id);
    const files: KeptFile[] = [];
    for (const file of await filesOf(join(out, id))) {
      const audio = await readKept(join(out, id, file)).catch((error: Error) => ({ problem: error.message }));
      files.push({ file, participant: Number.parseInt(file, 10), audio });
    }
    for (const { code, text } of judge(files, locatorOf(timeline)).findings) wrong.push(`${code}: ${text}`);
  }
  for (const name of await filesOf(out))
    if (!recordings.has(name)) wrong.push(`a stranger's folder: ${name}`);
  return wrong;
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith('.txt'));
}
