import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll } from '../../src/audio/source.ts';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { ConnectionRecord } from '../../src/emulator/ledger.ts';
import type { PlayReport } from '../../src/emulator/report.ts';
import { playReportSchema } from '../../src/emulator/report.ts';
import type { Session } from '../../src/emulator/session.ts';
import { play } from '../../src/play.ts';
import {
  type AudioSeparateRawData,
  audioSeparateRawDataStrictSchema,
} from '../../src/protocol/audio-separate.ts';
import { parseAbsolute } from '../../src/protocol/timestamp.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';
import { checkAccounts as checkSamples } from '../support/chaos.ts';
import { type Behaviour, withReceiver } from '../support/faulty-receiver.ts';
import { frameMsArb, scenarioArb } from '../support/scenarios.ts';

const START = new Date('2025-01-29T23:49:58.570Z');
const modeArb = fc.constantFrom<ConnectionMode>('per-participant', 'per-endpoint');
const behaviourArb: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant({ kind: 'good' as const }),
  fc.constantFrom(401, 403, 404, 500, 302).map((status) => ({ kind: 'status' as const, status })),
  fc.constant({ kind: 'hang-up' as const }),
  fc.record({
    kind: fc.constant('close' as const),
    after: fc.integer({ min: 1, max: 8 }),
    code: fc.constantFrom(1001, 1008, 1011, 4000),
  }),
  fc.record({ kind: fc.constant('destroy' as const), after: fc.integer({ min: 1, max: 8 }) }),
  fc.constant({ kind: 'stray-bytes' as const }),
  fc.constant({ kind: 'chatty' as const }),
);

function checkAccounts(report: PlayReport): void {
  expect(playReportSchema.parse(report)).toEqual(report);
  expect(report.scheduled).toBe(report.sent + report.dropped.total);
  for (const participant of report.participants) {
    expect(participant.scheduled).toBe(participant.sent + participant.dropped.total);
    for (const connection of participant.connections) {
      expect(connection.scheduled).toBe(connection.sent + connection.dropped.total);
      const { total, ...reasons } = connection.dropped;
      expect(total).toBe(Object.values(reasons).reduce((sum, count) => sum + count, 0));
    }
  }
}

/** What was received, by participant: strictly increasing timestamps on the sample grid, and the samples at them. */
function checkMessages(messages: readonly string[], timeline: Timeline): Map<number, number> {
  const lastRelative = new Map<number, number>();
  const samples = new Map<number, number>();
  const tracks = tracksOf(timeline);
  for (const text of messages) {
    const { data } = audioSeparateRawDataStrictSchema.parse(JSON.parse(text)) as AudioSeparateRawData;
    const { participant, timestamp, buffer } = data.data;
    const sample = Math.round(timestamp.relative * 16_000);
    expect(timestamp.relative).toBe(sample / 16_000);
    expect(timestamp.relative).toBeGreaterThan(lastRelative.get(participant.id) ?? -1);
    lastRelative.set(participant.id, timestamp.relative);
    expect(parseAbsolute(timestamp.absolute)).toBe(
      START.getTime() * 1_000 + Math.round(timestamp.relative * 1_000_000),
    );
    const pcm = Buffer.from(buffer, 'base64');
    const track = tracks.get(participant.id)!;
    expect(pcm.equals(track.subarray(sample * 2, sample * 2 + pcm.length))).toBe(true);
    samples.set(participant.id, (samples.get(participant.id) ?? 0) + pcm.length / 2);
  }
  return samples;
}

function tracksOf(timeline: Timeline): Map<number, Buffer> {
  return new Map(
    timeline.participants.map(({ id }, index) => {
      const track = new Int16Array(timeline.durationSamples);
      for (const stream of timeline.streams.filter(({ participant }) => participant === index)) {
        for (const { source, startSample, endSample } of stream.segments) {
          track.set(readAll(source).subarray(0, endSample - startSample), startSample);
        }
      }
      return [id, Buffer.from(track.buffer)];
    }),
  );
}

describe('the ledger', () => {
  it('delivers every frame of any meeting, at its timestamp, to a receiver that is good', async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArb, frameMsArb, modeArb, async (scenario, frameMs, connections) => {
        const timeline = await compileScenario(scenario);
        await withReceiver([], async (receiver) => {
          const report = await play({
            scenario: timeline,
            to: receiver.url,
            speed: 'max',
            frameMs,
            connections,
            startTime: START,
          });
          checkAccounts(report);
          expect(report.ok).toBe(true);
          expect(report.sent).toBe(receiver.messages.length);
          const received = checkMessages(receiver.messages, timeline);
          for (const [index, { id }] of timeline.participants.entries()) {
            const planned = timeline.streams
              .filter(({ participant }) => participant === index)
              .flatMap(({ segments }) => segments)
              .reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
            expect(received.get(id) ?? 0).toBe(planned);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  it('accounts for every frame, whatever the receiver does', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarioArb,
        frameMsArb,
        modeArb,
        fc.array(behaviourArb, { maxLength: 6 }),
        fc.record({
          bufferDisconnectedSeconds: fc.constantFrom(0, 0.2),
          retryAttempts: fc.integer({ min: 0, max: 3 }),
          retryIntervalSeconds: fc.constantFrom(0.05, 0.3),
          lateCloseSeconds: fc.constantFrom(0, 0.2),
          reconnectEverySeconds: fc.constantFrom(undefined, 0.5),
          reconnectGapSeconds: fc.constant(0.1),
        }),
        async (scenario, frameMs, connections, behaviours, options) => {
          const timeline = await compileScenario(scenario);
          await withReceiver(behaviours, async (receiver) => {
            let session: Session | undefined;
            const report = await play({
              scenario: timeline,
              to: receiver.url,
              speed: 'max',
              frameMs,
              connections,
              startTime: START,
              ...options,
              onSession: (made) => {
                session = made;
              },
            });
            checkAccounts(report);
            checkSamples(report, session!);
            // Order and content hold for whatever arrived; what a broken socket swallowed was handed to it all the same.
            checkMessages(receiver.messages, timeline);
            expect(receiver.messages.length).toBeLessThanOrEqual(report.sent);
            // What the ledger calls sent on connections that ended in order has all arrived.
            const inOrder = ({ error, closeCode }: ConnectionRecord): boolean =>
              error === null && closeCode === 1000;
            const promised = session!.ledger.accounts.filter(({ connection }) => inOrder(connection));
            const closed = receiver.connections.filter(({ closeCode }) => closeCode === 1000);
            expect(sum(closed.map((each) => each.messages.length))).toBeGreaterThanOrEqual(
              sum(promised.map(({ sent }) => sent)),
            );
            checkMissing(receiver.messages, session!);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('opens one connection per unmuted interval, from the unmute to the mute', async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArb, async (scenario) => {
        const timeline = await compileScenario(scenario);
        await withReceiver([], async (receiver) => {
          const report = await play({ scenario: timeline, to: receiver.url, speed: 'max' });
          for (const [index, { connections }] of report.participants.entries()) {
            const streams = timeline.streams.filter(({ participant }) => participant === index);
            expect(
              connections.map(({ opened_s, closed_s, close_code }) => [opened_s, closed_s, close_code]),
            ).toEqual(
              streams.map(({ startSample, endSample }) => [
                milliseconds(startSample),
                milliseconds(endSample),
                1000,
              ]),
            );
          }
          expect(receiver.upgrades.length).toBe(timeline.streams.length);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same bytes for the same scenario, seed and start', async () => {
    await fc.assert(
      fc.asyncProperty(scenarioArb, frameMsArb, modeArb, async (scenario, frameMs, connections) => {
        // Per connection: which of two that open at the same time is heard first is the network's business.
        const run = (): Promise<string[][]> =>
          withReceiver([], async (receiver) => {
            await play({ scenario, to: receiver.url, speed: 'max', frameMs, connections, startTime: START });
            return receiver.connections.map(({ messages }) => [...messages]).sort(byFirst);
          });
        expect(await run()).toEqual(await run());
      }),
      { numRuns: 200 },
    );
  });
});

function byFirst([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Nothing that arrived is noted as missing. */
function checkMissing(messages: readonly string[], session: Session): void {
  const { accounts } = session.ledger;
  for (const text of messages) {
    const { participant, timestamp } = JSON.parse(text).data.data;
    const sample = Math.round(timestamp.relative * 16_000);
    const noted = accounts.some(
      (account) =>
        session.participants[account.participant]!.id === participant.id &&
        account.missing.some(({ startSample, endSample }) => startSample <= sample && sample < endSample),
    );
    expect(noted).toBe(false);
  }
}

function milliseconds(sample: number): number {
  return Math.round(sample / 16) / 1_000;
}
