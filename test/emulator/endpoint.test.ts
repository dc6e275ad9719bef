import { describe, expect, it } from 'vitest';
import type { AudioSource } from '../../src/audio/source.ts';
import { type Clock, virtualClock } from '../../src/emulator/clock.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { streamFrom } from '../../src/scenario/slice.ts';
import { codesOf, type Moment, oneTalks, playAt, twoTalk } from '../support/chaos.ts';
import { type Behaviour, closeFrame, good, rawReceiver } from '../support/raw-receiver.ts';
import { sessionAt } from '../support/session.ts';
import { until } from '../support/until.ts';

const refuses: Behaviour = (peer) => peer.socket.end('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n');
const MODES = ['per-participant', 'per-endpoint'] as const;

/** Unmuted for `onSeconds` at the beginning of every `everySeconds`. */
function toggling(seconds: number, everySeconds: number, onSeconds: number) {
  return meeting({ duration: seconds })
    .participant({ id: 100, name: 'Ada' }, (ada) => {
      for (let at = 0; at < seconds; at += everySeconds) ada.unmute(at).mute(at + onSeconds);
    })
    .build();
}

describe('the retries of an incident', () => {
  it('are counted over mutes: 31 dials in all, and then the endpoint has failed', async () => {
    await using raw = await rawReceiver(refuses);
    const { report } = await playAt(raw.url, {
      scenario: toggling(600, 20, 10),
      retryAttempts: 30,
      retryIntervalSeconds: 3,
    });
    // Four dials in each 10 s: at 0, 3, 6 and 9 s.
    expect(raw.peers).toHaveLength(31);
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(codesOf(report)).toEqual(['upgrade_status']);
  });

  it('are not used up by many who dial at the same time', async () => {
    let everybody = meeting({ duration: 10 });
    for (let id = 1; id <= 40; id++) everybody = everybody.participant({ id }, (one) => one.unmute(0));
    await using raw = await rawReceiver([...Array<Behaviour>(40).fill(refuses), good]);
    const { report } = await playAt(raw.url, {
      scenario: everybody.build(),
      retryAttempts: 30,
      retryIntervalSeconds: 3,
    });
    expect(report.endpoints[0]!.status).toBe('done');
    expect(raw.peers).toHaveLength(80);
    // The frames from 0 s to 3 s.
    expect(report.dropped).toMatchObject({ total: 40 * 31, disconnected: 40 * 31 });
  });

  it('begin anew when a connection has held', async () => {
    await using raw = await rawReceiver([
      refuses,
      refuses,
      good,
      refuses,
      refuses,
      good,
      refuses,
      refuses,
      good,
    ]);
    const closing = (atSeconds: number, peer: number): Moment => ({
      atSeconds,
      async act(session) {
        raw.peers[peer]!.send(closeFrame(1011));
        await until(() => session.ledger.connections.at(-2)?.closeCode === 1011);
      },
    });
    const { report } = await playAt(
      raw.url,
      { scenario: oneTalks(60), retryAttempts: 3, retryIntervalSeconds: 3 },
      // In since 6 s, then since 25 s.
      [closing(16, 2), closing(36, 5)],
    );
    expect(report.endpoints[0]!.status).toBe('done');
    expect(raw.peers).toHaveLength(9);
    expect(report.participants[0]!.connections.map(({ retries }) => retries)).toEqual([2, 3, 3]);
  });

  it('begin anew when a connection that has held is replaced as planned', async () => {
    await using raw = await rawReceiver([refuses, refuses, good, refuses, refuses, good]);
    const { report } = await playAt(raw.url, {
      scenario: oneTalks(30),
      retryAttempts: 2,
      retryIntervalSeconds: 1,
      reconnectEverySeconds: 10,
    });
    expect(report.endpoints[0]!.status).toBe('done');
    expect(raw.peers.length).toBeGreaterThanOrEqual(6);
  });
});

describe('audio held while there is no connection', () => {
  it('is bounded in bytes as well as in time', async () => {
    await using raw = await rawReceiver([refuses, good]);
    const { report } = await playAt(raw.url, {
      scenario: oneTalks(20),
      bufferDisconnectedSeconds: 60,
      maxBacklogBytes: 50_000,
      retryIntervalSeconds: 10,
    });
    // A message is about 4.7 KB: ten of the hundred that fell due until the second dial are kept.
    expect(report.dropped).toMatchObject({ total: report.dropped.disconnected });
    expect(report.dropped.disconnected).toBeGreaterThanOrEqual(85);
    expect(report.dropped.disconnected).toBeLessThanOrEqual(92);
    expect(raw.peers[1]!.messages).toBe(200 - report.dropped.disconnected);
  });

  it('is lost for a planned reconnect when the mute comes in its gap: no failure of the receiver', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, {
      scenario: toggling(4, 4, 2),
      reconnectEverySeconds: 1,
      reconnectGapSeconds: 3,
      bufferDisconnectedSeconds: 5,
    });
    // The frames that begin after 1 s and before the mute at 2 s.
    expect(report.dropped).toMatchObject({ total: 9, reconnecting: 9 });
    expect(report.ok).toBe(true);
  });

  it('is accounted for when the endpoint fails, whatever the order in which events and frames are held', async () => {
    const join = 'participant_events.join';
    await using raw = await rawReceiver(() => {});
    const timeline = await compileScenario(twoTalk(1));
    const time = virtualClock();
    // The phases of real time, and no waiting for handshakes.
    const clock: Clock = { ...time, virtual: false, hold: () => () => {}, held: false };
    const session = sessionAt([raw.url], timeline, {
      connections: 'per-endpoint',
      events: ['audio_separate_raw.data', join],
      pacer: new Pacer(clock),
    });
    const { pacer } = session.options;
    session.begin();
    for (const plan of timeline.streams) session.add(plan);
    // Ada's first frame comes at 100 ms, Ben's at 162 ms: the event between them is later than the end of either.
    pacer.at(150, () => session.send(join, () => ({ event: join })));
    const [endpoint] = session.endpoints;
    await new Promise<void>((resolve) => {
      pacer.at(170, async () => {
        const goOn = time.hold();
        await until(() => raw.peers.length === 1);
        expect(session.ledger.accounts.map(({ pending }) => pending)).toEqual([1, 1, 1]);
        raw.peers[0]!.socket.destroy();
        await until(() => endpoint!.status === 'failed');
        resolve(session.end());
        goOn();
      });
    });
    expect(session.ledger.accounts.map(({ pending }) => pending)).toEqual([0, 0, 0]);
    for (const { scheduled, droppedTotal } of session.ledger.accounts) expect(droppedTotal).toBe(scheduled);
  });
});

describe('a mute', () => {
  it('closes its connection late when that was asked for', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, {
      scenario: toggling(20, 20, 2),
      lateCloseSeconds: 3,
    });
    expect(report.participants[0]!.connections.map((each) => [each.opened_s, each.closed_s])).toEqual([
      [0, 5],
    ]);
  });
});

describe('participants in real time', () => {
  it('are spread over the length of a frame', async () => {
    let everybody = meeting({ duration: 1 });
    for (let id = 1; id <= 10; id++) everybody = everybody.participant({ id }, (one) => one.unmute(0));
    await using raw = await rawReceiver(good);
    const time = virtualClock();
    // Exact like virtual time, but with the phases of real time.
    const clock: Clock = {
      ...time,
      virtual: false,
      get held() {
        return time.held;
      },
    };
    const openedMs = new Map<number, number>();
    await playAt(raw.url, {
      clock,
      scenario: everybody.build(),
      onSession: (session) =>
        session.events.on('change', () => {
          for (const [index, { state }] of session.status().entries())
            if (state !== 'muted' && !openedMs.has(index)) openedMs.set(index, clock.now());
        }),
    });
    const phases = [...openedMs.values()].sort((a, b) => a - b);
    expect(phases).toHaveLength(10);
    expect(phases[0]).toBe(0);
    expect(phases.at(-1)).toBeLessThan(100);
    // Ten in 100 ms by the golden ratio: nobody is nearer to the next than 4 ms.
    for (let index = 1; index < 10; index++) expect(phases[index]! - phases[index - 1]!).toBeGreaterThan(4);
  });
});

describe('a pause', () => {
  it.each(MODES)('leaves no connection open, and going on opens one (%s)', async (mode) => {
    await using raw = await rawReceiver(good);
    const timeline = await compileScenario(oneTalks(10));
    const session = sessionAt([raw.url], timeline, { connections: mode });
    const { pacer } = session.options;
    session.begin();
    session.add(timeline.streams[0]!);
    pacer.at(2_000, () => session.pause());
    let openInPause = -1;
    pacer.at(3_000, () => {
      openInPause = session.endpoints[0]!.connections.size;
    });
    pacer.at(4_000, () => {
      session.resume();
      session.add(streamFrom(timeline.streams[0]!, session.nowSample)!);
    });
    await new Promise<void>((resolve) => {
      pacer.at(6_000, () => resolve(session.end()));
    });
    expect(openInPause).toBe(0);
    expect(raw.peers.map(({ closeCode }) => closeCode)).toEqual([1000, 1000]);
    expect(session.ledger.totals()).toMatchObject({ droppedTotal: 0 });
    expect(session.ledger.connections.map((each) => each.closeCode)).toEqual([1000, 1000]);
    expect(session.endpoints[0]!.status).toBe('done');
  });
});

describe('an end', () => {
  it('is complete when the last frame cannot be read', async () => {
    await using raw = await rawReceiver(good);
    const timeline = await compileScenario(twoTalk(1));
    const broken: AudioSource = {
      samples: 16_000,
      open() {
        throw new Error('the file is gone');
      },
    };
    // Ben's first frame would come at 162 ms, which is after the end at 120 ms.
    const streams = timeline.streams.map((plan) => ({
      ...plan,
      segments: plan.segments.map((segment) => ({ ...segment, source: broken })),
    }));
    const session = sessionAt([raw.url], timeline, {
      connections: 'per-endpoint',
      pacer: new Pacer({ ...virtualClock(), virtual: false, held: false }),
    });
    const { pacer } = session.options;
    session.begin();
    session.add(streams[1]!);
    let complete = 0;
    await new Promise<void>((resolve) => {
      pacer.at(120, () => resolve(session.end(() => complete++)));
    });
    expect(complete).toBe(1);
  });
});
