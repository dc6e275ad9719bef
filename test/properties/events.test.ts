import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import { playReportSchema } from '../../src/emulator/report.ts';
import { play } from '../../src/play.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { expectWhole, readMessages } from '../support/all-events.ts';
import { type Behaviour, withReceiver } from '../support/faulty-receiver.ts';
import { scenarioArb } from '../support/scenarios.ts';

const modeArb = fc.constantFrom<ConnectionMode>('per-participant', 'per-endpoint');

/** Meetings in which whoever speaks has text, writes and changes. */
const eventfulArb: fc.Arbitrary<Scenario> = scenarioArb.map((scenario) => ({
  ...scenario,
  timeline: scenario.timeline.flatMap((action, index): Scenario['timeline'] => {
    const { at, participant } = action;
    if (action.action !== 'speak') return [action];
    return [
      { ...action, text: `words of number ${index}` },
      { at, participant, action: 'chat_message', text: `message ${index}` },
      { at, participant, action: 'update', name: `name ${index}` },
    ];
  }),
}));

const behaviourArb: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant({ kind: 'good' as const }),
  fc.constantFrom(401, 503).map((status) => ({ kind: 'status' as const, status })),
  fc.constant({ kind: 'hang-up' as const }),
  fc.record({
    kind: fc.constant('close' as const),
    after: fc.integer({ min: 1, max: 8 }),
    code: fc.constantFrom(1008, 1011),
  }),
  fc.record({ kind: fc.constant('destroy' as const), after: fc.integer({ min: 1, max: 8 }) }),
);

describe('the events of a meeting', () => {
  it('all arrive, exactly once, in both modes; on one connection in the order of their timestamps', async () => {
    await fc.assert(
      fc.asyncProperty(eventfulArb, modeArb, async (scenario, connections) => {
        const timeline = await compileScenario(scenario);
        await withReceiver([], async (receiver) => {
          const report = await play({
            scenario: timeline,
            to: receiver.url,
            speed: 'max',
            connections,
            events: ['all'],
          });
          expect(playReportSchema.parse(report)).toEqual(report);
          expect(report.ok, report.verdict).toBe(true);
          expect(report.sent + report.events.sent).toBe(receiver.messages.length);
          const events = receiver.connections.map(({ messages }) => readMessages(messages));
          expectWhole(events.flat(), timeline);
          // Transcripts and the mix are told when they are complete.
          for (const messages of events) {
            const seconds = messages.flatMap(({ data: { data } }) =>
              'timestamp' in data && 'participant' in data ? [data.timestamp.relative] : [],
            );
            expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('leave the separate audio as it is without them', async () => {
    await fc.assert(
      fc.asyncProperty(eventfulArb, modeArb, async (scenario, connections) => {
        const audioOf = (events: readonly string[] | undefined): Promise<string[]> =>
          withReceiver([], async (receiver) => {
            const startTime = new Date('2026-01-01T10:00:00Z');
            await play({ scenario, to: receiver.url, speed: 'max', connections, events, startTime });
            return receiver.messages
              .filter((text) => text.startsWith('{"event":"audio_separate_raw.data"'))
              .sort();
          });
        expect(await audioOf(['all'])).toEqual(await audioOf(undefined));
      }),
      { numRuns: 30 },
    );
  });

  it('are accounted for like frames, whatever the receiver does: scheduled = sent + dropped', async () => {
    await fc.assert(
      fc.asyncProperty(
        eventfulArb,
        modeArb,
        fc.array(behaviourArb, { maxLength: 6 }),
        fc.record({
          bufferDisconnectedSeconds: fc.constantFrom(0, 0.2),
          retryAttempts: fc.integer({ min: 0, max: 3 }),
          retryIntervalSeconds: fc.constantFrom(0.05, 0.3),
          reconnectEverySeconds: fc.constantFrom(undefined, 0.5),
          reconnectGapSeconds: fc.constant(0.1),
        }),
        async (scenario, connections, behaviours, options) => {
          await withReceiver(behaviours, async (receiver) => {
            const report = await play({
              scenario,
              to: receiver.url,
              speed: 'max',
              connections,
              events: ['all'],
              ...options,
            });
            const { events } = report;
            for (const each of [report, events, ...events.connections]) {
              const { total, ...reasons } = each.dropped;
              expect(each.scheduled).toBe(each.sent + total);
              expect(total).toBe(Object.values(reasons).reduce((sum, count) => sum + count, 0));
            }
            expect(events.connections.reduce((sum, { sent }) => sum + sent, 0)).toBe(events.sent);
            expect(receiver.messages.length).toBeLessThanOrEqual(report.sent + events.sent);
            if (events.dropped.disconnected > 0) {
              expect(report.ok).toBe(false);
              expect(report.verdict).toMatch(/\d+ events? lost while disconnected/);
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});
