/**
 * What arrives is what was said: sample by sample, at every endpoint, decoded by nothing of ours. The expected samples are put
 * together from the scenario and the files' own samples, not from a compiled timeline.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { virtualClock } from '../../src/emulator/clock.ts';
import { Base64Cache, Scratch } from '../../src/emulator/encoder.ts';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import { Histogram } from '../../src/emulator/histogram.ts';
import { sendSettings } from '../../src/emulator/options.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { botSession } from '../../src/load/bot.ts';
import { loadCapture } from '../../src/scenario/capture.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario, ScenarioAction } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';
import { sessionAt } from '../support/session.ts';

const RATE = 16_000;
const RUNS = 500;

/** One unmuted interval in samples: which file is said after which pause, and how long it stays open after the last. */
interface Interval {
  readonly gap: number;
  readonly says: readonly { readonly pause: number; readonly file: number }[];
  readonly tail: number;
}

interface Meeting {
  readonly files: readonly Int16Array[];
  readonly silence: 'noise' | 'gap';
  readonly people: readonly (readonly Interval[])[];
}

const sampleCount = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const meetingArb: fc.Arbitrary<Meeting> = fc.record({
  files: fc.array(fc.int16Array({ minLength: 1, maxLength: 6_000 }), { minLength: 1, maxLength: 3 }),
  silence: fc.constantFrom('noise' as const, 'gap' as const),
  people: fc.array(
    fc.array(
      fc.record({
        gap: sampleCount(4_000),
        says: fc.array(fc.record({ pause: sampleCount(3_000), file: fc.nat(2) }), { maxLength: 3 }),
        tail: fc.integer({ min: 1, max: 4_000 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Samples at their places. Beyond 16 bits: where nothing is sent, and the near-silence of an open microphone. */
type Track = number[];
const NOTHING = 100_000;
const SILENCE = 200_000;
/** Peak of that near-silence. */
const SILENCE_PEAK = 16;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'recall-emulator-fidelity-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The scenario as a user would write it, and what has to be heard of each participant. */
function written({ files, silence, people }: Meeting): { scenario: Scenario; tracks: Map<number, Track> } {
  const names = files.map((pcm, index) => {
    const name = join(dir, `${index}.pcm`);
    writeFileSync(name, new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
    return name;
  });
  const timeline: ScenarioAction[] = [];
  const tracks = new Map<number, Track>();
  for (const [index, intervals] of people.entries()) {
    const participant = 100 + index;
    const track: Track = [];
    tracks.set(participant, track);
    const act = (action: object): void => {
      timeline.push({ at: track.length / RATE, participant, ...action } as ScenarioAction);
    };
    const add = (samples: number, value: number): void => {
      for (let index = 0; index < samples; index++) track.push(value);
    };
    const quiet = silence === 'noise' ? SILENCE : NOTHING;
    for (const { gap, says, tail } of intervals) {
      add(gap, NOTHING);
      act({ action: 'unmute' });
      for (const { pause, file } of says) {
        const pcm = files[file % files.length]!;
        add(pause, quiet);
        act({ action: 'speak', audio: names[file % files.length] });
        track.push(...pcm);
      }
      add(tail, quiet);
      act({ action: 'mute' });
    }
  }
  const participants = people.map((_, index) => ({ id: 100 + index, name: `Person ${index}` }));
  return { scenario: { silence, participants, timeline }, tracks };
}

/** A server of somebody else's: keeps texts, nothing more. */
async function textServer(): Promise<{ url: string; texts: string[]; close(): Promise<void> }> {
  const texts: string[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (webSocket) => webSocket.on('message', (data) => texts.push(String(data))));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/`,
    texts,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** By recording and participant: every sample that was heard, at its place. Two at one place are an error. */
function heard(texts: readonly string[]): Map<string, Map<number, Track>> {
  const recordings = new Map<string, Map<number, Track>>();
  for (const text of texts) {
    const { data } = JSON.parse(text);
    const { buffer, timestamp, participant } = data.data;
    const participants = recordings.get(data.recording.id) ?? new Map<number, Track>();
    recordings.set(data.recording.id, participants);
    const track = participants.get(participant.id) ?? [];
    participants.set(participant.id, track);
    const bytes = Uint8Array.from(atob(buffer), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const start = Math.round(timestamp.relative * RATE);
    expect(start / RATE).toBe(timestamp.relative);
    while (track.length < start) track.push(NOTHING);
    for (let index = 0; index < bytes.length / 2; index++) {
      const at = start + index;
      if (track[at] !== undefined && track[at] !== NOTHING) expect.fail(`sample ${at} came twice`);
      track[at] = view.getInt16(2 * index, true);
    }
  }
  return recordings;
}

function compare(expected: ReadonlyMap<number, Track>, actual: ReadonlyMap<number, Track>): void {
  for (const [id, track] of expected) {
    const got = actual.get(id) ?? [];
    for (let at = 0; at < Math.max(track.length, got.length); at++) {
      const want = track[at] ?? NOTHING;
      const have = got[at] ?? NOTHING;
      const same = want === SILENCE ? Math.abs(have) <= SILENCE_PEAK : want === have;
      if (!same) expect.fail(`participant ${id}, sample ${at}: expected ${want}, got ${have}`);
    }
  }
}

interface Way {
  readonly frameMs: readonly number[];
  readonly mode: ConnectionMode;
  readonly endpoints: number;
}

/** Plays at as many endpoints as asked for; returns what each of them got. */
async function playAt(timeline: Timeline, { frameMs, mode, endpoints }: Way): Promise<string[][]> {
  const servers = await Promise.all(Array.from({ length: endpoints }, textServer));
  const session = sessionAt(
    servers.map(({ url }) => url),
    timeline,
    { frameMs, connections: mode, maxBacklogBytes: 64 * 1024 * 1024 },
  );
  await session.play();
  await Promise.all(servers.map((server) => server.close()));
  return servers.map(({ texts }) => texts);
}

/** Three bots that share one pacer, one buffer and one cache, as those of a load test do. */
async function loadAt(timeline: Timeline, { frameMs, mode }: Way): Promise<string[]> {
  const server = await textServer();
  const shared = {
    to: server.url,
    timeline,
    pacer: new Pacer(virtualClock()),
    scratch: new Scratch(),
    cache: new Base64Cache(),
    lateness: new Histogram(),
    probe: { pingEveryMs: 1_000, onConnected() {}, onRoundTrip() {} },
    seed: 1,
    headers: {},
    secret: undefined,
    send: sendSettings({
      frameMs,
      connections: mode,
      retryAttempts: 0,
      retryIntervalSeconds: 1,
      maxBacklogBytes: 64 * 1024 * 1024,
    }),
  };
  await Promise.all([0, 1, 2].map((bot) => botSession({ ...shared, bot }).play()));
  await server.close();
  return server.texts;
}

const wayArb: fc.Arbitrary<Way> = fc.record({
  frameMs: fc.array(fc.oneof(fc.integer({ min: 10, max: 1_000 }), fc.constantFrom(10, 20, 100)), {
    minLength: 1,
    maxLength: 3,
  }),
  mode: fc.constantFrom<ConnectionMode>('per-participant', 'per-endpoint'),
  endpoints: fc.integer({ min: 1, max: 3 }),
});

describe('fidelity', () => {
  it('every endpoint gets the samples of the scenario, whatever is shared, replayed or cut how', async () => {
    await fc.assert(
      fc.asyncProperty(
        meetingArb,
        wayArb,
        fc.constantFrom('play', 'load', 'replay'),
        async (meeting, way, kind) => {
          const { scenario, tracks } = written(meeting);
          const timeline = await compileScenario(scenario);
          if (kind === 'load') {
            const recordings = heard(await loadAt(timeline, way));
            if ([...tracks.values()].flat().some((sample) => sample !== NOTHING))
              expect(recordings.size).toBe(3);
            for (const participants of recordings.values()) compare(tracks, participants);
            return;
          }
          let played = await playAt(timeline, way);
          if (kind === 'replay' && played[0]!.length > 0) {
            const capture = join(dir, 'events.ndjson');
            writeFileSync(capture, `${played[0]!.join('\n')}\n`);
            played = await playAt(await loadCapture(capture), way);
          }
          for (const texts of played) {
            const [participants = new Map()] = heard(texts).values();
            compare(tracks, participants);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
