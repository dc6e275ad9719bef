import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { realClock } from '../../src/emulator/clock.ts';
import { dial } from '../../src/emulator/dial.ts';
import { Ledger } from '../../src/emulator/ledger.ts';
import { Wire } from '../../src/emulator/wire.ts';
import { turns } from '../support/chaos.ts';
import {
  type Behaviour,
  good,
  OPCODE,
  type Peer,
  rawReceiver,
  serverFrame,
} from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

interface Opened {
  readonly wire: Wire;
  readonly peer: Peer;
  readonly webSocket: WebSocket;
  readonly closed: Promise<void>;
}

/** An open wire to a receiver; both are gone after `use`. */
async function withWire(behaviour: Behaviour, use: (opened: Opened) => Promise<void>): Promise<void> {
  await using raw = await rawReceiver(behaviour);
  const dialled = dial(raw.url, {
    headers: {},
    insecure: false,
    tolerateInvalidFrames: false,
    handshakeTimeoutMs: 10_000,
    closeTimeoutMs: 200,
  });
  await new Promise((resolve) => dialled.webSocket.once('open', resolve));
  let end = (): void => {};
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  const wire = new Wire(dialled, {
    clock: realClock(),
    url: raw.url,
    stallTimeoutMs: 1_000,
    closeTimeoutMs: 200,
    tolerateInvalidFrames: false,
    record: new Ledger().openConnection(0),
    onLog: () => {},
    onClosed: end,
  });
  try {
    await use({ wire, peer: raw.peers[0]!, webSocket: dialled.webSocket, closed });
  } finally {
    wire.close();
    await closed;
  }
}

const pingsOf = ({ frames }: Peer): Buffer[] =>
  frames.filter(({ opcode }) => opcode === OPCODE.ping).map(({ payload }) => payload);

const pong = (payload: Buffer): Buffer => serverFrame(OPCODE.pong, payload);

describe('our pings', () => {
  it('are answered each by its own pong', () =>
    withWire(good, async ({ wire, peer }) => {
      const answered: number[] = [];
      for (const number of [0, 1, 2]) wire.ping(() => answered.push(number));
      await peer.until(() => pingsOf(peer).length === 3);
      const [first, second, third] = pingsOf(peer);
      peer.send(pong(first!));
      await until(() => answered.length === 1);
      peer.send(pong(first!));
      peer.send(pong(Buffer.from('somebody else')));
      peer.send(pong(second!));
      await until(() => answered.length === 2);
      peer.send(pong(third!));
      await until(() => answered.length === 3);
      expect(answered).toEqual([0, 1, 2]);
    }));

  it('have no answer of their own when a later one is answered, and their pong is late', () =>
    withWire(good, async ({ wire, peer }) => {
      const answered: number[] = [];
      for (const number of [0, 1, 2]) wire.ping(() => answered.push(number));
      await peer.until(() => pingsOf(peer).length === 3);
      const [first, second, third] = pingsOf(peer);
      peer.send(pong(second!));
      await until(() => answered.length === 1);
      peer.send(pong(first!));
      peer.send(pong(third!));
      await until(() => answered.length === 2);
      expect(answered).toEqual([1, 2]);
    }));

  it('take the time from the ping to its pong', () =>
    withWire(good, async ({ wire, peer }) => {
      let roundTripMs: number | undefined;
      wire.ping((ms) => {
        roundTripMs = ms;
      });
      await peer.until(() => pingsOf(peer).length === 1);
      const startMs = performance.now();
      await until(() => performance.now() - startMs > 20);
      peer.send(pong(pingsOf(peer)[0]!));
      await until(() => roundTripMs !== undefined);
      expect(roundTripMs).toBeGreaterThan(20);
      expect(roundTripMs).toBeLessThan(60_000);
    }));

  it('wait for no more than eight pongs, and nobody listens more with each of them', () =>
    withWire(good, async ({ wire, peer, webSocket }) => {
      const listeners = (): number =>
        webSocket.eventNames().reduce((sum, name) => sum + webSocket.listenerCount(name as string), 0);
      const before = listeners();
      const answered: number[] = [];
      for (let number = 0; number < 100; number++) wire.ping(() => answered.push(number));
      expect(listeners()).toBe(before);
      await peer.until(() => pingsOf(peer).length === 8);
      peer.send(pong(pingsOf(peer)[7]!));
      await until(() => answered.length === 1);
      wire.ping(() => answered.push(-1));
      await peer.until(() => pingsOf(peer).length === 9);
      expect(pingsOf(peer)).toHaveLength(9);
      expect(new Set(pingsOf(peer).map(String)).size).toBe(9);
    }));

  it('are not sent once the end has begun', () =>
    withWire(
      (peer) => peer.accept(),
      async ({ wire, peer, closed }) => {
        wire.close();
        wire.ping(() => {});
        await closed;
        wire.ping(() => {});
        await turns();
        expect(pingsOf(peer)).toEqual([]);
      },
    ));
});

describe('the end of a wire', () => {
  it('comes once, however often it is asked for', () =>
    withWire(good, async ({ wire, peer, closed }) => {
      wire.close();
      wire.close();
      wire.endWithoutCloseFrame('drop');
      wire.closeNow();
      await closed;
      wire.close();
      wire.endWithoutCloseFrame('drop');
      expect(wire.record).toMatchObject({ closeCode: 1000, error: null });
      expect(peer.closeCode).toBe(1000);
    }));

  it('without a close frame does not wait for a receiver that does not read', () =>
    withWire(
      async (peer) => {
        await peer.accept();
        peer.socket.pause();
      },
      async ({ wire, closed }) => {
        const account = new Ledger().account(wire.record, 0);
        account.scheduled = 400;
        for (let frame = 0; frame < 400; frame++)
          wire.write(Buffer.alloc(64 * 1024), account, frame * 100, 100);
        wire.endWithoutCloseFrame('drop');
        // What comes after the end has begun is lost for that; what was queued, because nobody read it.
        account.scheduled++;
        wire.write(Buffer.alloc(10), account, 40_000, 100);
        await closed;
        expect(account.dropped.slow_receiver).toBeGreaterThan(1);
        expect(account.dropped).toMatchObject({ on_demand: 1, disconnected: 0 });
        expect([...account.causes]).toEqual([[wire.record.error, 1]]);
        expect(account.scheduled).toBe(account.sent + account.droppedTotal);
        expect(account.missing.at(-1)?.endSample).toBe(40_100);
        expect(wire.record).toMatchObject({ closeCode: 1006, error: { code: 'dropped_on_demand' } });
      },
    ));
});
