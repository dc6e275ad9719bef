/** Faults that are about time: what comes late, and in which order. */
import { describe, expect, it } from 'vitest';
import { type Clock, virtualClock } from '../../../src/emulator/clock.ts';
import { play } from '../../../src/play.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { ended, type Moment, oneTalks, twoTalk } from '../../support/chaos.ts';
import { heard, tenths, withFault } from '../../support/faults.ts';
import {
  type Behaviour,
  closeFrame,
  good,
  OPCODE,
  type Peer,
  serverFrame,
} from '../../support/raw-receiver.ts';

/** Ada (100) and Ben (200) on one connection: what befalls Ada shows in the order. */
const shared = { scenario: twoTalk(1), connections: 'per-endpoint' } as const;

/** The first connection's receiver ends it at that time, with 1011. */
function closesAt(atSeconds: number): (peers: readonly Peer[]) => readonly Moment[] {
  return (peers) => [
    {
      atSeconds,
      act(session) {
        peers[0]!.send(closeFrame(1011));
        return ended(session);
      },
    },
  ];
}

describe('latency', () => {
  it('delays one participant against the other by exactly so much, and keeps the order of each', async () => {
    const { texts, report } = await withFault('latency=250ms,participant=100', shared);
    const order = heard(texts);
    expect(order.slice(0, 6)).toEqual([
      [200, 0],
      [200, 0.1],
      [200, 0.2],
      [100, 0],
      [200, 0.3],
      [100, 0.1],
    ]);
    expect(order.filter(([id]) => id === 100).map(([, relative]) => relative)).toEqual(tenths().slice(0, 10));
    expect(report).toMatchObject({ ok: true, scheduled: 20, sent: 20, injected: 0 });
  });

  it('delays the close as well, so that nothing is lost', async () => {
    const scenario = meeting({ duration: 3 })
      .participant({ id: 100 }, (ada) => ada.unmute(0).mute(1))
      .build();
    const { report, peers } = await withFault('latency=500ms', { scenario });
    expect(report.sent).toBe(10);
    expect(report.participants[0]!.connections[0]).toMatchObject({ closed_s: 1.4, close_code: 1000 });
    expect(peers[0]!.frames.at(-1)!.opcode).toBe(OPCODE.close);
  });

  it('with jitter keeps the order, and the same seed makes the same delays', async () => {
    const run = () => withFault('latency=200ms±150ms,participant=100', shared);
    const [first, second] = [await run(), await run()];
    expect(heard(second.texts)).toEqual(heard(first.texts));
    const steady = await withFault('latency=200ms,participant=100', shared);
    expect(heard(first.texts)).not.toEqual(heard(steady.texts));
    expect(heard(first.texts).filter(([id]) => id === 100)).toEqual(
      heard(steady.texts).filter(([id]) => id === 100),
    );
  });

  it("holds what is then lost when the receiver ends the connection: that is the receiver's doing", async () => {
    const { report } = await withFault('latency=500ms', {}, closesAt(1.05));
    // Held are those of 0.6 to 1 s; nobody is there for those of 1.1 and 1.2 s.
    expect(report).toMatchObject({ ok: false, sent: 13, dropped: { total: 7, disconnected: 7 } });
    expect(report.failures).toMatchObject([{ code: 'closed_by_receiver', frames: 7 }]);
  });

  it('holds what is then lost when the receiver leaves before the last of it has come', async () => {
    const { report } = await withFault('latency=500ms', { scenario: oneTalks(1) }, closesAt(1.15));
    expect(report).toMatchObject({ ok: false, sent: 7, dropped: { total: 3, disconnected: 3 } });
    expect(report.participants[0]!.connections[0]).toMatchObject({ close_code: 1011 });
  });

  it('holds what is then lost when the endpoint fails for good', async () => {
    // Ben is never let in: after the last retry, 0.2 s in, nobody gets anything any more.
    const { report } = await withFault('latency=500ms', {
      scenario: twoTalk(1),
      behaviour: [good, (peer) => peer.socket.destroy()],
    });
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(report).toMatchObject({ ok: false, sent: 0, dropped: { total: 20, fault: 0 } });
    expect(report.participants.map(({ dropped }) => dropped.endpoint_failed)).toContain(10);
  });

  it('loses what it holds itself when the connection breaks for a fault', async () => {
    const { report } = await withFault(['latency=500ms', 'drop@1050ms']);
    expect(report).toMatchObject({ ok: true, sent: 13, dropped: { total: 7, fault: 7 } });
  });
});

describe('bandwidth', () => {
  it('lets so many bytes a second through, and loses what the backlog does not hold', async () => {
    const all = await withFault('bandwidth=20k');
    const bytes = all.peers[0]!.frames.reduce((sum, { payload }) => sum + payload.length + 8, 0);
    expect(all.report).toMatchObject({ sent: 20, dropped: { total: 0 } });
    expect(all.report.participants[0]!.connections[0]!.closed_s).toBeCloseTo(bytes / (20 * 1024), 1);

    const few = await withFault('bandwidth=20k', { maxBacklogBytes: 20_000 });
    expect(few.report.dropped).toMatchObject({ total: 20 - few.texts.length, fault: 20 - few.texts.length });
    expect(few.report.dropped.fault).toBeGreaterThan(0);
    expect(few.report.ok).toBe(true);
  });
});

describe('stall', () => {
  it('holds everything back while it lasts; then it comes at once, in order', async () => {
    const { texts, report } = await withFault('stall,participant=100@300ms-600ms', shared);
    const at = heard(texts);
    const burst = at.findIndex(([id, relative]) => id === 100 && relative === 0.3);
    expect(at.slice(burst, burst + 3)).toEqual([
      [100, 0.3],
      [100, 0.4],
      [100, 0.5],
    ]);
    expect(at.findIndex(([id, relative]) => id === 200 && relative === 0.5)).toBeLessThan(burst);
    expect(report).toMatchObject({ ok: true, sent: 20 });
  });

  it('that nobody ends is over with the meeting, and nothing is lost', async () => {
    const { relatives, report } = await withFault('stall,for=1h@1s');
    expect(relatives).toEqual(tenths());
    expect(report).toMatchObject({ ok: true, sent: 20, dropped: { total: 0 } });
  });

  it('drops what it holds when the run is ended', async () => {
    const abort = new AbortController();
    const { report } = await withFault('stall@500ms', { signal: abort.signal }, () => [
      { atSeconds: 1.05, act: () => abort.abort() },
    ]);
    expect(report.interrupted).toBe(true);
    expect(report.dropped).toMatchObject({ total: 6, fault: 6 });
  });
});

describe('burst', () => {
  it('collects, and sends together every so often and before a close', async () => {
    const { texts, report } = await withFault('burst=400ms,participant=100', shared);
    const order = heard(texts);
    // From 0 s to the burst at 0.4 s, which comes behind the frame of that moment, and again from 0.5 s.
    expect(order.map(([id]) => (id === 100 ? 'A' : 'b')).join('')).toBe('bbbbbAAAAAbbbbbAAAAA');
    expect(report).toMatchObject({ ok: true, sent: 20 });
  });
});

describe('idle', () => {
  it('leaves the connection open and sends nothing', async () => {
    const { relatives, peers, report } = await withFault('idle,for=500ms@1s');
    expect(relatives).toEqual(tenths(1, 1.1, 1.2, 1.3, 1.4));
    expect(peers).toHaveLength(1);
    expect(report).toMatchObject({ ok: true, sent: 15, dropped: { total: 5, fault: 5 } });
    expect(report.failures).toEqual([
      { code: 'fault', text: 'fault idle,for=500ms@1s', frames: 5, connections: 0 },
    ]);
  });

  it('lasts a minute when nobody says how long', async () => {
    const scenario = meeting({ duration: 70 })
      .participant({ id: 100 }, (ada) => ada.unmute(0))
      .build();
    const { report } = await withFault('idle@5s', { scenario });
    expect(report.dropped).toMatchObject({ total: 600, fault: 600 });
  });
});

describe('swapped', () => {
  it('lets two neighbours change places', async () => {
    const { relatives, report } = await withFault('swapped=100%@500ms-900ms');
    expect(relatives.slice(4, 10)).toEqual([0.4, 0.6, 0.5, 0.8, 0.7, 0.9]);
    expect(report).toMatchObject({ ok: true, sent: 20 });
  });

  it('sends the last one all the same', async () => {
    const { relatives } = await withFault('swapped=100%@1900ms');
    expect(relatives).toEqual(tenths());
  });
});

describe('ping_flood', () => {
  const answersPings: Behaviour = (peer) => {
    let seen = 0;
    peer.socket.on('data', () => {
      for (const { opcode, payload } of peer.frames.slice(seen))
        if (opcode === OPCODE.ping) peer.send(serverFrame(OPCODE.pong, payload));
      seen = peer.frames.length;
    });
    return good(peer);
  };
  const pingsOf = (peers: readonly Peer[]) => peers[0]!.frames.filter(({ opcode }) => opcode === OPCODE.ping);

  it('sends so many pings a second while it lasts', async () => {
    const { peers, report } = await withFault('ping_flood=50@500ms-1500ms', { behaviour: answersPings });
    expect(pingsOf(peers)).toHaveLength(50);
    expect(report).toMatchObject({ ok: true, sent: 20 });
  });

  it('sends as many to a receiver that does not answer, and waits for it once', async () => {
    let waits = 0;
    const virtual = virtualClock();
    const afterWall: Clock['afterWall'] = (ms, callback) => {
      if (ms === 77) waits++;
      return virtual.afterWall(ms, callback);
    };
    const clock: Clock = Object.assign(Object.create(virtual), { afterWall });
    const { peers } = await withFault('ping_flood=50@500ms-1500ms', { clock, closeTimeoutSeconds: 0.077 });
    expect(pingsOf(peers)).toHaveLength(50);
    // Its own close is timed by the same.
    expect(waits).toBeLessThanOrEqual(2);
  });

  it('is no more than a receiver can answer, however fast time goes', async () => {
    const report = await play({ scenario: oneTalks(2), speed: 'max', faults: ['ping_flood=2000'] });
    expect(report).toMatchObject({ ok: true, sent: 20, failures: [] });
  });
});
