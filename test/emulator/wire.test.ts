import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { realClock } from '../../src/emulator/clock.ts';
import { dial } from '../../src/emulator/dial.ts';
import { failure } from '../../src/emulator/failure.ts';
import { Account, Ledger } from '../../src/emulator/ledger.ts';
import { Wire } from '../../src/emulator/wire.ts';
import { turns } from '../support/chaos.ts';
import {
  type Behaviour,
  closeFrame,
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
async function withWire(
  behaviour: Behaviour,
  use: (opened: Opened) => Promise<void>,
  { closeTimeoutMs = 200 } = {},
): Promise<void> {
  await using raw = await rawReceiver(behaviour);
  const dialled = dial(raw.url, {
    headers: {},
    insecure: false,
    tolerateInvalidFrames: false,
    handshakeTimeoutMs: 10_000,
    closeTimeoutMs,
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
    closeTimeoutMs,
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

const RESET = failure('fault', 'fault reset@1s');
/** A masked text message, as a client sends it; its mask changes nothing. */
const MESSAGE = Buffer.concat([Buffer.from([0x81, 0x80 | 100]), Buffer.alloc(4), Buffer.alloc(100, 'x')]);

/** What it waits for comes, however slow the machine is. */
const PATIENT = { closeTimeoutMs: 600_000 };

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

  it('by an RST comes when the receiver has read all that was written', () =>
    withWire(
      async (peer) => {
        await peer.accept();
        await peer.until(() => pingsOf(peer).length === 1);
        peer.send(pong(pingsOf(peer)[0]!));
      },
      async ({ wire, peer, closed }) => {
        const ends: (string | undefined)[] = [];
        peer.socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code));
        const account = new Ledger().account(wire.record, 0);
        account.scheduled = 2_001;
        for (let frame = 0; frame < 2_000; frame++) wire.write(MESSAGE, account, frame * 100, 100);
        wire.reset(RESET);
        wire.write(MESSAGE, account, 200_000, 100);
        await closed;
        await peer.closed;
        expect(ends).toEqual(['ECONNRESET']);
        expect(peer.messages).toBe(2_000);
        expect(account).toMatchObject({ sent: 2_000, dropped: { fault: 1 } });
        expect(wire.record).toMatchObject({ sentInDoubt: false, error: RESET, endedBy: 'emulator' });
      },
      PATIENT,
    ));

  it('by an RST waits for an answer no longer than for a close, and then what was sent is in doubt', () =>
    withWire(
      (peer) => peer.accept(),
      async ({ wire, closed }) => {
        wire.reset(RESET);
        await closed;
        expect(wire.record).toMatchObject({ sentInDoubt: true, error: RESET, closeCode: 1006 });
      },
    ));

  it('by an RST comes at once in an interrupt', () =>
    withWire(
      (peer) => peer.accept(),
      async ({ wire, closed }) => {
        wire.reset(RESET);
        wire.closeNow();
        await closed;
        expect(wire.record).toMatchObject({ sentInDoubt: true, error: RESET });
      },
      PATIENT,
    ));

  it("is the receiver's when it closes before it has answered: no RST was sent", () =>
    withWire(
      async (peer) => {
        await peer.accept();
        await peer.until(() => pingsOf(peer).length === 1);
        peer.send(closeFrame(4000));
        peer.socket.end();
      },
      async ({ wire, closed }) => {
        const account = new Ledger().account(wire.record, 0);
        account.scheduled = 1;
        wire.reset(RESET);
        wire.write(MESSAGE, account, 0, 100);
        await closed;
        expect(wire.record).toMatchObject({ sentInDoubt: false, closeCode: 4000, endedBy: 'receiver' });
        expect(account.dropped).toMatchObject({ disconnected: 1, fault: 0 });
      },
      PATIENT,
    ));

  it('by an RST never comes in the middle of a message', () =>
    withWire(
      (peer) => peer.accept(),
      async ({ wire, peer, closed }) => {
        const account = new Ledger().account(wire.record, 0);
        account.scheduled = 1;
        wire.writePart(MESSAGE.subarray(0, 3));
        wire.midFrame = true;
        wire.reset(RESET);
        wire.write(MESSAGE.subarray(3), account, 0, 100);
        wire.midFrame = false;
        await peer.until(() => pingsOf(peer).length === 1);
        peer.send(pong(pingsOf(peer)[0]!));
        await closed;
        expect(peer.messages).toBe(1);
        expect(account.sent).toBe(1);
      },
      PATIENT,
    ));
});

describe('a frame', () => {
  it('that the operating system refuses at once was not sent', () =>
    withWire(good, async ({ wire, peer, closed }) => {
      const account = new Account(0, wire.record);
      wire.write(MESSAGE, account, 0, 100);
      await peer.until(() => peer.messages === 1);
      // Its RST is here before anything of ours hears of it.
      peer.socket.resetAndDestroy();
      wire.write(MESSAGE, account, 100, 100);
      wire.write(MESSAGE, account, 200, 100);
      await closed;
      expect(account).toMatchObject({ sent: 1, sentSamples: 100, dropped: { disconnected: 2 } });
    }));

  it('that waited for a receiver which did not read was sent when that has read it', () =>
    withWire(good, async ({ wire, peer, webSocket, closed }) => {
      const account = new Account(0, wire.record);
      const long = Buffer.alloc(10_000 * MESSAGE.length, MESSAGE);
      peer.socket.pause();
      let frames = 0;
      while (!wire.write(long, account, 100 * frames, 100)) frames++;
      wire.write(long, account, 100 * ++frames, 100);
      peer.socket.resume();
      await until(() => webSocket.bufferedAmount === 0);
      peer.socket.resetAndDestroy();
      await closed;
      expect(account).toMatchObject({ sent: frames + 1, dropped: { disconnected: 0 } });
    }));
});
