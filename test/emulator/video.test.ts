import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, realClock, virtualClock } from '../../src/emulator/clock.ts';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import { AUDIO } from '../../src/emulator/ledger.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { loadPictures } from '../../src/emulator/pictures.ts';
import { playReport, playReportSchema } from '../../src/emulator/report.ts';
import type { Session } from '../../src/emulator/session.ts';
import { createIds } from '../../src/protocol/ids.ts';
import { refFor } from '../../src/protocol/resource.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { type Behaviour, withReceiver } from '../support/faulty-receiver.ts';
import { picturesOf, timesOf, VIDEO_EVENT, WITH_VIDEO } from '../support/pictures.ts';
import { sessionAt } from '../support/session.ts';
import { until } from '../support/until.ts';

const AUDIO_EVENT = 'audio_separate_raw.data';

interface Options {
  readonly mode?: ConnectionMode;
  readonly clock?: Clock;
  readonly events?: readonly string[];
}

async function videoSession(
  url: string,
  scenario: Scenario,
  { mode, clock = virtualClock(), events = [AUDIO_EVENT, VIDEO_EVENT] }: Options = {},
): Promise<Session> {
  return sessionAt([url], await compileScenario(scenario), {
    connections: mode,
    events,
    pacer: new Pacer(clock),
    video: { separate: refFor(createIds(1), 'video_separate'), picture: await loadPictures() },
    retryAttempts: 1,
    retryIntervalSeconds: 0.3,
  });
}

describe('separate video', () => {
  it('comes twice a second from on to off, each camera and screen on a connection of its own', () =>
    withReceiver([], async ({ url, connections }) => {
      const session = await videoSession(url, WITH_VIDEO);
      await session.play();
      const withPictures = connections.filter(({ messages }) => picturesOf(messages).length > 0);
      expect(withPictures.map(({ messages }) => timesOf(picturesOf(messages)))).toEqual([
        [1, 1.5, 2, 2.5, 3].map((relative) => [100, 'webcam', relative]),
        [1.25, 1.75].map((relative) => [200, 'screenshare', relative]),
      ]);
      for (const { messages, closeCode } of withPictures) {
        expect(picturesOf(messages)).toHaveLength(messages.length);
        expect(closeCode).toBe(1000);
      }
      expect(
        session.ledger.connections.map(({ openedSeconds, closedSeconds }) => [openedSeconds, closedSeconds]),
      ).toEqual([
        [0, 2],
        [1, 3.2],
        [1.25, 2.25],
      ]);
    }));

  it('shares the connection of the whole call with audio, in the order of time', () =>
    withReceiver([], async ({ url, connections }) => {
      await (await videoSession(url, WITH_VIDEO, { mode: 'per-endpoint' })).play();
      expect(connections).toHaveLength(1);
      const { messages } = connections[0]!;
      const times = messages.map((text) => JSON.parse(text).data.data.timestamp.relative);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(picturesOf(messages)).toHaveLength(7);
      expect(messages).toHaveLength(27);
    }));

  it('has the same bytes every time', async () => {
    const run = () =>
      withReceiver([], async ({ url, messages }) => {
        await (await videoSession(url, WITH_VIDEO, { mode: 'per-endpoint' })).play();
        return [...messages];
      });
    expect(await run()).toEqual(await run());
  });

  it('keeps its times in real time', () =>
    withReceiver([], async ({ url, messages }) => {
      await (await videoSession(url, WITH_VIDEO, { clock: realClock({ speed: 10 }) })).play();
      expect(new Set(timesOf(picturesOf(messages)).map(String))).toEqual(
        new Set([
          ...[1, 1.5, 2, 2.5, 3].map((relative) => `100,webcam,${relative}`),
          ...[1.25, 1.75].map((relative) => `200,screenshare,${relative}`),
        ]),
      );
    }));

  it('is not made for endpoints that are not subscribed to it', () =>
    withReceiver([], async ({ url, connections }) => {
      const session = await videoSession(url, WITH_VIDEO, { events: [AUDIO_EVENT] });
      await session.play();
      expect(connections).toHaveLength(1);
      expect(playReport(session).video).toBeNull();
    }));

  it('may be all that an endpoint is subscribed to', () =>
    withReceiver([], async ({ url, messages }) => {
      const session = await videoSession(url, WITH_VIDEO, { events: [VIDEO_EVENT] });
      await session.play();
      expect(picturesOf(messages)).toHaveLength(messages.length);
      expect(playReport(session)).toMatchObject({
        ok: true,
        scheduled: 0,
        video: { scheduled: 7, sent: 7, dropped: { total: 0 } },
      });
    }));

  it('goes on through a mute, and ends when the session ends', () =>
    withReceiver([], async (receiver) => {
      const on = meeting({ duration: 60 })
        .participant({ id: 100 }, (ada) => ada.unmute(0).webcam(0, true))
        .build();
      const clock = realClock({ speed: 20 });
      const session = await videoSession(receiver.url, on, { clock });
      session.begin();
      session.add(session.timeline.streams[0]!);
      session.addVideo(session.timeline.videos[0]!);
      await until(() => picturesOf(receiver.messages).length >= 2);
      session.cut(0, session.nowSample);
      await until(() => receiver.closes.length === 1);
      const before = picturesOf(receiver.messages).length;
      await until(() => picturesOf(receiver.messages).length >= before + 2);
      await session.end();
      expect(receiver.closes).toEqual([1000, 1000]);
    }));
});

describe('the account of separate video', () => {
  it('stands apart from audio, whose figures do not change', () =>
    withReceiver([], async ({ url }) => {
      const session = await videoSession(url, WITH_VIDEO);
      await session.play();
      const report = playReport(session);
      expect(playReportSchema.parse(report)).toEqual(report);
      expect(report).toMatchObject({
        ok: true,
        verdict: '20 of 20 frames and 7 of 7 pictures delivered over 3 connections.',
        scheduled: 20,
        sent: 20,
        video: { scheduled: 7, sent: 7, dropped: { total: 0 } },
        participants: [
          { id: 100, scheduled: 0, connections: [], video: [{ type: 'webcam', scheduled: 5, sent: 5 }] },
          { id: 200, scheduled: 20, video: [{ type: 'screenshare', scheduled: 2, sent: 2 }] },
        ],
      });
      expect(session.status().map(({ scheduled }) => scheduled)).toEqual([0, 20]);
      expect(session.ledger.totals()).toMatchObject({ scheduled: 20, sent: 20 });
    }));

  it('tells of lost pictures, and they are no success', () =>
    withReceiver(
      [
        { kind: 'status', status: 503 },
        { kind: 'status', status: 503 },
      ],
      async ({ url }) => {
        const session = await videoSession(url, WITH_VIDEO, { events: [VIDEO_EVENT] });
        await session.play();
        const report = playReport(session);
        expect(report.ok).toBe(false);
        expect(report.verdict).toMatch(
          /^\d of 7 pictures delivered: \d pictures? lost while disconnected \(receiver .*503.*\)\.$/,
        );
      },
    ));

  const toggles = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 });
  const scenarioArb = fc.record({ ada: toggles, grace: toggles, unmute: fc.integer({ min: 0, max: 300 }) });
  const behaviourArb: fc.Arbitrary<Behaviour> = fc.oneof(
    fc.constant({ kind: 'good' as const }),
    fc.constant({ kind: 'status' as const, status: 503 }),
    fc.constant({ kind: 'hang-up' as const }),
    fc.record({ kind: fc.constant('destroy' as const), after: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      kind: fc.constant('close' as const),
      after: fc.integer({ min: 1, max: 4 }),
      code: fc.constantFrom(1001, 1011),
    }),
  );

  it('adds up for every medium, whatever is switched when and whatever the receiver does', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarioArb,
        fc.array(behaviourArb, { maxLength: 6 }),
        fc.constantFrom<ConnectionMode>('per-participant', 'per-endpoint'),
        async ({ ada, grace, unmute }, behaviours, mode) => {
          const inOrder = (times: readonly number[]) => [...times].sort((a, b) => a - b).entries();
          const scenario = meeting({ duration: 4 })
            .participant({ id: 100 }, (who) => {
              for (const [index, at] of inOrder(ada)) who.webcam(at / 100, index % 2 === 0);
            })
            .participant({ id: 200 }, (who) => {
              who.unmute(unmute / 100);
              for (const [index, at] of inOrder(grace)) who.screenshare(at / 100, index % 2 === 0);
            })
            .build();
          await withReceiver(behaviours, async ({ url, messages }) => {
            const session = await videoSession(url, scenario, { mode });
            await session.play();
            const { accounts } = session.ledger;
            for (const { scheduled, sent, pending, droppedTotal } of accounts) {
              expect(pending).toBe(0);
              expect(scheduled).toBe(sent + droppedTotal);
            }
            // What was sent and what is missing cover all the time that a camera or a screen was on.
            const lengthOf = (ranges: readonly { startSample: number; endSample: number }[]) =>
              ranges.reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
            const video = accounts.filter(({ medium }) => medium !== AUDIO);
            const covered = video.reduce(
              (sum, { sentSamples, missing }) => sum + sentSamples + lengthOf(missing),
              0,
            );
            expect(covered).toBe(lengthOf(session.timeline.videos));
            for (const { scheduled, sentSamples, missing, medium } of video)
              expect(sentSamples + lengthOf(missing)).toBeLessThanOrEqual(scheduled * medium.unitSamples);
            for (const type of ['webcam', 'screenshare']) {
              const times = timesOf(picturesOf(messages)).filter((each) => each[1] === type);
              const relatives = times.map(([, , relative]) => relative as number);
              expect(relatives).toEqual([...new Set(relatives)].sort((a, b) => a - b));
            }
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});
