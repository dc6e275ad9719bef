import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { play } from '../../src/play.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { streamFrom } from '../../src/scenario/slice.ts';
import { withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';
import { sessionAt } from '../support/session.ts';

const alone = (duration: number) =>
  meeting({ duration })
    .participant({ id: 1, name: 'Ada' }, (ada) => ada.unmute(0))
    .build();

describe('a session whose audio cannot be read any more', () => {
  it('closes its connections and rejects, and the process lives', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'long.raw');
      writeFileSync(file, Buffer.alloc(2 * 16_000 * 60));
      const scenario = meeting()
        .participant({ id: 1 }, (ada) => ada.unmute(0).speak(1, { audio: file }))
        .participant({ id: 2 }, (bo) => bo.unmute(0))
        .build();
      const timeline = await compileScenario(scenario);
      rmSync(file);
      await withReceiver([], async (receiver) => {
        await expect(play({ scenario: timeline, to: receiver.url, speed: 'max' })).rejects.toThrow(
          'long.raw',
        );
        await expect.poll(() => receiver.closes).toEqual([1000, 1000]);
      });
    });
  });

  it('ends alone: another one on the same pacer goes on', async () => {
    await withFolder(async (dir) => {
      const file = join(dir, 'long.raw');
      writeFileSync(file, Buffer.alloc(2 * 16_000 * 60));
      const broken = await compileScenario(
        meeting()
          .participant({ id: 1 }, (ada) => ada.unmute(0).speak(1, { audio: file }))
          .build(),
      );
      const fine = await compileScenario(alone(5));
      rmSync(file);
      await withReceiver([], async (receiver) => {
        const pacer = new Pacer(virtualClock());
        const [first, second] = [
          sessionAt([receiver.url], broken, { connections: 'per-endpoint', pacer }),
          sessionAt([receiver.url], fine, { connections: 'per-endpoint', pacer }),
        ];
        const [failed, played] = await Promise.allSettled([first.play(), second.play()]);
        expect(failed.status).toBe('rejected');
        expect(played.status).toBe('fulfilled');
        expect(second.ledger.totals()).toMatchObject({ scheduled: 50, sent: 50 });
      });
    });
  });
});

describe('a pause', () => {
  it('that is over within a frame loses nothing and leaves no connection behind', async () => {
    const timeline = await compileScenario(alone(6));
    await withReceiver([], async (receiver) => {
      const pacer = new Pacer(virtualClock());
      const session = sessionAt([receiver.url], timeline, { connections: 'per-endpoint', pacer });
      session.begin();
      for (const plan of timeline.streams) session.add(plan);
      let ended: Promise<void> | undefined;
      pacer.at(2_030, () => {
        const sample = session.nowSample;
        session.pause();
        session.resume();
        session.add(streamFrom(timeline.streams[0]!, sample)!);
      });
      await new Promise<void>((resolve) => {
        pacer.at(6_500, () => {
          ended = session.end();
          resolve();
        });
      });
      await ended;
      const frames = receiver.messages.map((text) => JSON.parse(text).data.data);
      const ends = frames.map(
        ({ timestamp, buffer }) =>
          Math.round(timestamp.relative * 16_000) + Buffer.from(buffer, 'base64').length / 2,
      );
      const starts = frames.map(({ timestamp }) => Math.round(timestamp.relative * 16_000));
      expect(starts).toEqual([0, ...ends.slice(0, -1)]);
      expect(ends.at(-1)).toBe(6 * 16_000);
      await expect.poll(() => receiver.closes).toEqual([1000, 1000]);
      expect(session.ledger.connections.map(({ closeCode }) => closeCode)).toEqual([1000, 1000]);
    });
  });
});

describe('an endpoint that never takes audio', () => {
  it('has failed after 30 retries, however often somebody unmutes', async () => {
    const scenario = meeting({ duration: 1_200 })
      .participant({ id: 1 }, (ada) => {
        for (let at = 0; at < 1_200; at += 60) ada.unmute(at).mute(at + 55);
      })
      .build();
    const report = await play({ scenario, to: 'ws://127.0.0.1:9/', speed: 'max' });
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(report.failures[0]).toMatchObject({ code: 'connection_refused' });
    const dials = report.participants[0]!.connections.filter(
      ({ error }) => error?.code === 'connection_refused',
    );
    // The one that began the incident and its retries; the dial of a later unmute is one of them.
    expect(dials.reduce((sum, { retries }) => sum + 1 + retries, 0)).toBe(31);
  });

  it('has failed also when it accepts every connection and closes it at once', async () => {
    const closing = Array.from({ length: 40 }, () => ({ kind: 'close', after: 1, code: 1011 }) as const);
    await withReceiver(closing, async (receiver) => {
      const report = await play({
        // On a busy machine the attempts take more than their half a minute.
        scenario: alone(100),
        to: receiver.url,
        speed: 20,
        retryIntervalSeconds: 1,
      });
      expect(report.endpoints[0]!.status).toBe('failed');
      expect(receiver.upgrades).toHaveLength(31);
      expect(report.verdict).toContain('close code 1011');
    });
  });

  it('begins a new incident once a connection has held', async () => {
    const closing = Array.from({ length: 3 }, () => ({ kind: 'close', after: 100, code: 1011 }) as const);
    await withReceiver(closing, async (receiver) => {
      const report = await play({
        scenario: alone(60),
        to: receiver.url,
        speed: 10,
        retryAttempts: 1,
        retryIntervalSeconds: 1,
      });
      expect(report.endpoints[0]!.status).toBe('done');
      expect(receiver.upgrades).toHaveLength(4);
    });
  });
});

describe('two sessions on one clock', () => {
  it('both play to their end', async () => {
    await using receiver = await startReceiver();
    const clock = virtualClock();
    const reports = await Promise.all(
      [1, 2].map((id) =>
        play({
          scenario: meeting({ duration: 5 })
            .participant({ id, name: 'Ada' }, (ada) => ada.unmute(0))
            .build(),
          to: receiver.url,
          clock,
        }),
      ),
    );
    expect(reports.map(({ sent }) => sent)).toEqual([50, 50]);
  });
});

describe('the same file, said twice off the grid', () => {
  it('arrives both times', async () => {
    await withFolder(async (out) => {
      const audio = 'fixtures/speech/100-1.wav';
      const scenario = meeting({ duration: 12 })
        .participant({ id: 100 }, (ada) => ada.unmute(0).speak(0.55, { audio }).speak(6, { audio }))
        .build();
      const report = await play({ scenario, speed: 'max', out });
      expect(report.verdict).toContain('received audio equals sent audio');
      expect(report.ok).toBe(true);
    });
  });
});
