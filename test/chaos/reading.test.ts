/** Receivers that read slowly, seldom or not at all: memory is bounded, what is left out is told, and the end comes in time. */
import { describe, expect, it } from 'vitest';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { PlayOptions } from '../../src/play.ts';
import { codesOf, ended, HANGS, oneTalks, playAt, turns } from '../support/chaos.ts';
import { type Behaviour, closeFrame, good, type Peer, rawReceiver } from '../support/raw-receiver.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

/** More than loopback sockets hold: ten minutes in 600 frames of 42 KB. */
const LONG: PlayOptions = { ...HANGS, scenario: oneTalks(600), frameMs: 1_000, maxBacklogBytes: 200_000 };
const FRAME_BYTES = 43_500;

/** Accepts and never reads again. */
const neverReads: Behaviour = async (peer) => {
  await peer.accept();
  peer.socket.pause();
};

/** Reads for a moment, then not, over and over; ends in order when all has come. */
const inBursts =
  (readMs: number, restMs: number): Behaviour =>
  async (peer) => {
    await peer.accept();
    let reads = true;
    const turn = (): void => {
      if (peer.socket.destroyed) return;
      reads = !reads;
      if (reads) peer.socket.resume();
      else peer.socket.pause();
      setTimeout(turn, reads ? readMs : restMs);
    };
    turn();
    await peer.closing();
    peer.send(closeFrame(1000));
    peer.socket.end();
  };

describe.each(MODES)('a receiver that does not read (%s)', (connections) => {
  it.concurrent('from the start: the backlog is bounded, the rest is told as its doing', async () => {
    await using raw = await rawReceiver(neverReads);
    const { report, session } = await playAt(raw.url, { ...LONG, connections });
    expect(report.scheduled).toBe(600);
    expect(report.dropped).toMatchObject({ total: report.dropped.slow_receiver });
    expect(report.dropped.slow_receiver).toBeGreaterThan(100);
    expect(report.verdict).toContain('the receiver did not keep up');
    expect(codesOf(report)).toEqual(['close_unanswered']);
    expect(session.ledger.connections[0]!.maxBacklogBytes).toBeLessThan(200_000 + FRAME_BYTES);
  });

  it.concurrent('after some messages, for a while: what the backlog holds arrives', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, { ...LONG, connections, closeTimeoutSeconds: 5 }, [
      {
        atSeconds: 9.5,
        async act() {
          await raw.peers[0]!.received(10);
          raw.peers[0]!.socket.pause();
        },
      },
      { atSeconds: 599, act: () => raw.peers[0]!.socket.resume() },
    ]);
    expect(report.dropped.total).toBe(report.dropped.slow_receiver);
    expect(report.dropped.slow_receiver).toBeGreaterThan(100);
    expect(codesOf(report)).toEqual([]);
    expect(raw.peers[0]!.messages).toBe(report.sent);
  });

  it.concurrent('and then dies: what was in its backlog is told as lost', async () => {
    await using raw = await rawReceiver([neverReads, good]);
    const { report, session } = await playAt(raw.url, { ...LONG, connections }, [
      {
        atSeconds: 500,
        async act(session) {
          raw.peers[0]!.socket.resetAndDestroy();
          await ended(session);
        },
      },
    ]);
    expect(report.dropped.slow_receiver).toBeGreaterThan(0);
    expect(report.dropped.disconnected).toBeGreaterThan(1);
    expect(codesOf(report)).toEqual(['reset_by_receiver']);
    expect(session.ledger.connections).toHaveLength(2);
    expect(raw.peers[1]!.messages).toBeGreaterThanOrEqual(99);
  });

  it.concurrent('while its connection is dropped on demand: the drop ends it all the same', async () => {
    await using raw = await rawReceiver([neverReads, good]);
    const { report, session } = await playAt(raw.url, { ...LONG, connections }, [
      { atSeconds: 500.5, act: (session) => expect(session.drop(undefined)).toBe(1) },
    ]);
    expect(codesOf(report)).toEqual(['dropped_on_demand']);
    expect(session.ledger.connections.map((each) => each.closeCode)).toEqual([1006, 1000]);
    // What it had not read is its doing; what fell due until the next dial is not.
    expect(report.dropped.slow_receiver).toBeGreaterThan(100);
    expect(report.dropped).toMatchObject({ disconnected: 0, total: report.dropped.slow_receiver });
  });

  it.concurrent('while it is to reconnect every minute: each connection ends in time', async () => {
    await using raw = await rawReceiver(neverReads);
    const { report, session } = await playAt(raw.url, {
      ...LONG,
      connections,
      reconnectEverySeconds: 60,
    });
    expect(report.scheduled).toBe(600);
    expect(report.dropped).toMatchObject({ disconnected: 0, on_demand: 0, endpoint_failed: 0 });
    expect(session.ledger.connections.length).toBeGreaterThan(5);
    for (const { openedSeconds, closedSeconds } of session.ledger.connections)
      expect(closedSeconds === null).toBe(openedSeconds === null);
  });

  it.concurrent('while it is aborted: the end comes in time', async () => {
    await using raw = await rawReceiver(neverReads);
    const abort = new AbortController();
    const { report } = await playAt(raw.url, { ...LONG, connections, signal: abort.signal }, [
      { atSeconds: 500, act: () => abort.abort() },
    ]);
    expect(report.interrupted).toBe(true);
    expect(report.dropped.total).toBe(report.dropped.slow_receiver);
  });

  it.concurrent('while a drop is under way and it is aborted', async () => {
    await using raw = await rawReceiver(neverReads);
    const abort = new AbortController();
    const { report } = await playAt(
      raw.url,
      { ...LONG, connections, signal: abort.signal, closeTimeoutSeconds: 3_600 },
      [
        {
          atSeconds: 500,
          act(session) {
            session.drop(undefined);
            abort.abort();
          },
        },
      ],
    );
    expect(report.interrupted).toBe(true);
  });
});

describe('a receiver that reads slowly', () => {
  it.concurrent.each([
    ['in bursts', inBursts(5, 20)],
    ['nearly never', inBursts(1, 50)],
  ])('%s: in virtual time nothing is lost', async (_what, behaviour) => {
    await using raw = await rawReceiver(behaviour);
    const { report, session } = await playAt(raw.url, {
      ...LONG,
      stallTimeoutSeconds: 20,
      closeTimeoutSeconds: 20,
    });
    expect(report).toMatchObject({ ok: true, sent: 600 });
    expect(raw.peers[0]!.messages).toBe(600);
    expect(session.ledger.connections[0]!.maxBacklogBytes).toBeLessThan(200_000 + FRAME_BYTES);
  });

  it.concurrent('byte by byte: the end comes in time, and every frame is accounted for', async () => {
    await using raw = await rawReceiver(async (peer: Peer) => {
      await peer.accept();
      peer.socket.removeAllListeners('data');
      peer.socket.pause();
      while (!peer.socket.destroyed) {
        peer.socket.read(1);
        await turns(1);
      }
    });
    const { report } = await playAt(raw.url, LONG);
    expect(report.dropped.slow_receiver).toBeGreaterThan(100);
    expect(report.dropped.total).toBe(report.dropped.slow_receiver);
  });

  it.concurrent('not at all, and one frame is larger than the backlog: it is sent, the next is not', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, {
      scenario: oneTalks(10),
      frameMs: 1_000,
      maxBacklogBytes: 0,
    });
    expect(report).toMatchObject({ ok: true, sent: 10 });
  });
});
