import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock, virtualClock } from '../../src/emulator/clock.ts';
import {
  type Script,
  type ScriptStep,
  type StepOf,
  scriptOf,
  type WaitStep,
} from '../../src/emulator/script.ts';
import type { ScriptConnectionReport } from '../../src/emulator/script-connection.ts';
import { playScript } from '../../src/emulator/script-player.ts';
import { UsageError } from '../../src/errors.ts';
import { play } from '../../src/play.ts';
import { SAMPLE_RATE } from '../../src/protocol/pcm.ts';
import { verifyRequest } from '../../src/protocol/signing.ts';
import { timelineArb } from '../../src/testing/arbitraries.ts';
import {
  type Behaviour,
  closeFrame,
  good,
  OPCODE,
  type Peer,
  type RawReceiver,
  rawReceiver,
  serverFrame,
  thenGood,
} from '../support/raw-receiver.ts';

type BinaryStep = Extract<StepOf<Script>, { readonly kind: 'binary' }>;

const startTime = new Date('2026-03-04T05:06:07.089Z');

const open = (connection: number, atSample = 0): ScriptStep => ({ kind: 'open', connection, atSample });
const close = (connection: number, code = 1000): ScriptStep => ({
  kind: 'close',
  connection,
  atSample: 0,
  code,
});
const say = (connection: number, text = '{}', atSample = 0): ScriptStep => ({
  kind: 'message',
  connection,
  atSample,
  text,
});

/** Takes everything and keeps every byte that came after the upgrade and before the close frame, whose mask is random. */
function keepBytes(kept: Buffer[]): Behaviour {
  return async (peer) => {
    const chunks: Buffer[] = [];
    peer.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await good(peer);
    await peer.closed;
    const all = Buffer.concat(chunks);
    const closeBytes = 2 + 4 + 2;
    kept.push(all.subarray(all.indexOf('\r\n\r\n') + 4, all.length - closeBytes));
  };
}

const texts = (peer: Peer | undefined): string[] =>
  peer?.frames.filter(({ opcode }) => opcode === OPCODE.text).map(({ payload }) => payload.toString()) ?? [];

async function bytesOf(run: (url: string) => Promise<unknown>): Promise<Buffer[]> {
  const kept: Buffer[] = [];
  await using receiver = await rawReceiver(keepBytes(kept));
  await run(receiver.url);
  await expect.poll(() => kept.length).toBe(receiver.peers.length);
  // Connections that open together arrive in any order.
  return kept.sort(Buffer.compare);
}

describe('a played script', () => {
  it('can have binary messages', async () => {
    await using receiver = await rawReceiver(good);
    const bytes = Buffer.from([0, 0xff, 0x80]);
    await playScript([open(1), say(1), { kind: 'binary', connection: 1, atSample: 0, bytes }, close(1)], {
      url: receiver.url,
      speed: 'max',
    });
    const binary = receiver.peers[0]!.frames.filter(({ opcode }) => opcode === OPCODE.binary);
    expect(binary.map(({ payload }) => payload)).toEqual([bytes]);
  });

  it('tells when its connections opened, what came and when they were over', async () => {
    await using receiver = await rawReceiver(good);
    const { connections } = await playScript([open(1), say(1, '{}', SAMPLE_RATE), close(1), open(2)], {
      url: receiver.url,
      speed: 'max',
    });
    expect(connections.map(({ openedSeconds }) => openedSeconds)).toEqual([0, 1]);
    expect(connections.map(({ endedSeconds }) => endedSeconds)).toEqual([1, 1]);
    const refused = await playScript([open(1)], { url: 'ws://127.0.0.1:9/', speed: 'max' });
    expect(refused.connections[0]).toMatchObject({ opened: false, openedSeconds: null, endedSeconds: 0 });
  });

  it('can wait for what the receiver does about a message, by a ping', async () => {
    await using receiver = await rawReceiver(async (peer) => {
      await peer.accept();
      await peer.received(1);
      peer.send(closeFrame(1007));
      await peer.closing();
      peer.socket.end();
    });
    const ping = { kind: 'ping', connection: 1, atSample: 0 } as const;
    const report = await playScript([open(1), say(1), ping, say(1), say(1), close(1)], {
      url: receiver.url,
      speed: 'max',
    });
    expect(report.connections[0]).toMatchObject({ sent: 1, unsent: 2, endedBy: 'receiver', closeCode: 1007 });
  });

  it.each(['per-participant', 'per-endpoint'] as const)(
    'puts the same bytes on the wire as a session of the same timeline, %s',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(timelineArb({ maxParticipants: 3 }), async (compiled) => {
          const timeline = await compiled;
          const session = await bytesOf((to) =>
            play({ scenario: timeline, to, connections: mode, speed: 'max', startTime }),
          );
          const script = await bytesOf((url) =>
            playScript(scriptOf(timeline, { mode, startTime }), { url, speed: 'max' }),
          );
          expect(script.map(({ length }) => length)).toEqual(session.map(({ length }) => length));
          // Megabytes, which toEqual would compare number by number.
          expect(script.findIndex((bytes, index) => !bytes.equals(session[index]!))).toBe(-1);
        }),
        { numRuns: 15 },
      );
    },
  );

  it('takes its steps in order over all connections, and closes with the codes that it says', async () => {
    await using receiver = await rawReceiver(good);
    const script = [
      open(7),
      say(7, 'one'),
      open(3),
      say(3, 'two'),
      close(7, 4321),
      say(3, 'three'),
      close(3, 1006),
    ];
    const { connections, interrupted } = await playScript(script, { url: receiver.url, speed: 'max' });
    expect(interrupted).toBe(false);
    expect(connections).toMatchObject([
      { connection: 7, opened: true, sent: 1, unsent: 0, endedBy: 'script', closeCode: 1000, failure: null },
      { connection: 3, opened: true, sent: 2, unsent: 0, endedBy: 'script', closeCode: 1006, failure: null },
    ]);
    const [seven, three] = receiver.peers;
    expect([texts(seven), texts(three)]).toEqual([['one'], ['two', 'three']]);
    expect([seven!.closeCode, three!.closeCode]).toEqual([4321, undefined]);
  });

  it('closes with 1000 what the script leaves open', async () => {
    await using receiver = await rawReceiver(good);
    await playScript([open(1), say(1)], { url: receiver.url });
    expect(receiver.peers[0]!.closeCode).toBe(1000);
  });

  it('comes at its positions on the clock, and later by its waits', async () => {
    await using receiver = await rawReceiver(good);
    const clock = virtualClock();
    const seen: number[] = [];
    function* script(): Generator<ScriptStep | WaitStep> {
      yield open(1);
      yield say(1, '{}', 3 * SAMPLE_RATE);
      // A step is asked for when the one before it is done.
      seen.push(clock.now());
      yield { kind: 'wait', atSample: 4 * SAMPLE_RATE, ms: 60_000 };
      seen.push(clock.now());
      yield say(1, '{}', 5 * SAMPLE_RATE);
      seen.push(clock.now());
    }
    const { connections } = await playScript(script(), { url: receiver.url, clock });
    expect(seen).toEqual([3_000, 64_000, 65_000]);
    expect(connections[0]).toMatchObject({ sent: 2 });
  });

  it('signs each upgrade, and sends the headers that it is given', async () => {
    await using receiver = await rawReceiver(good);
    const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
    await playScript([open(1), open(2)], { url: receiver.url, secret, headers: { 'X-Case': 'four' } });
    for (const peer of receiver.peers) {
      const lines = (await peer.request()).split('\r\n').slice(1);
      const headers = Object.fromEntries(
        lines.map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 2),
        ]),
      );
      expect(headers['x-case']).toBe('four');
      expect(verifyRequest({ secret, headers, nowSeconds: Date.now() / 1_000 })).toMatchObject({ ok: true });
    }
  });
});

describe('what a receiver does to a script', () => {
  it('is told: what it sends, how often it pings, and how it ends', async () => {
    await using receiver = await rawReceiver(async (peer) => {
      await peer.accept();
      await peer.received(1);
      peer.send(Buffer.concat([serverFrame(OPCODE.text, 'welcome'), serverFrame(OPCODE.ping, 'p')]));
      peer.send(serverFrame(OPCODE.binary, Buffer.alloc(3)));
      peer.send(closeFrame(4002, 'enough'));
      peer.socket.end();
      await peer.closed;
      release();
    });
    // The rest of the script comes when the receiver has gone.
    const clock = virtualClock();
    const release = clock.hold();
    const script = [open(1), say(1), ...Array.from({ length: 20 }, () => say(1, '{}', SAMPLE_RATE))];
    const { connections } = await playScript(script, { url: receiver.url, clock });
    expect(connections[0]).toMatchObject({
      sent: 1,
      unsent: 20,
      received: { count: 2, texts: ['welcome', '3 bytes'] },
      pingsReceived: 1,
      endedBy: 'receiver',
      closeCode: 4002,
      closeReason: 'enough',
      failure: { code: 'closed_by_receiver' },
    });
  });

  it.each<[string, Behaviour, object, string]>([
    ['refuses', (peer) => peer.send('HTTP/1.1 401 Unauthorized\r\n\r\n'), {}, 'upgrade_status'],
    ['hangs up', (peer) => peer.socket.destroy(), {}, 'upgrade_'],
    ['never answers', () => {}, { handshakeTimeoutSeconds: 0.1 }, 'upgrade_timeout'],
  ])('leaves the rest of the script going when it %s', async (_what, refuse, options, code) => {
    await using receiver = await rawReceiver([refuse, good]);
    const script = [open(1), say(1), close(1), open(2), say(2), close(2)];
    const { connections } = await playScript(script, { url: receiver.url, ...options });
    expect(connections).toMatchObject([
      { opened: false, sent: 0, unsent: 1, endedBy: null, closeCode: null },
      { opened: true, sent: 1, unsent: 0, failure: null },
    ]);
    expect(connections[0]!.failure!.code).toContain(code);
  });

  it('is not waited for without end: when it does not read, or does not answer a close', async () => {
    await using receiver = await rawReceiver([
      async (peer) => {
        await peer.accept();
        peer.socket.pause();
      },
      (peer) => peer.accept(),
    ]);
    // More than the buffers of two sockets hold.
    const large = 'x'.repeat(1024 * 1024);
    const script = [open(1), ...Array.from({ length: 40 }, () => say(1, large)), open(2), close(2)];
    const options = { stallTimeoutSeconds: 0.2, closeTimeoutSeconds: 0.2 };
    const { connections } = await playScript(script, { url: receiver.url, ...options });
    expect(connections).toMatchObject([
      { closeCode: 1006, failure: { code: 'interrupted' } },
      { closeCode: 1000, failure: { code: 'close_unanswered' } },
    ]);
    const [{ sent, unsent, failure }] = connections as [ScriptConnectionReport];
    expect(sent + unsent).toBe(40);
    expect(unsent).toBeGreaterThan(0);
    expect(failure!.text).toContain('has not read for 0.2 s');
  });
});

describe('the last message of a script', () => {
  const play = async (last: ScriptStep | BinaryStep): Promise<ScriptConnectionReport> => {
    await using receiver = await rawReceiver(endsAtSecond);
    // A ping is over when its connection is.
    const ping = { kind: 'ping', connection: 1, atSample: 0 } as const;
    const script = [open(1), say(1, '{"event":"first"}'), last, ping];
    const { connections } = await playScript(script, { url: receiver.url, closeTimeoutSeconds: 60 });
    return connections[0]!;
  };
  const endsAtSecond: Behaviour = async (peer) => {
    await peer.accept();
    await peer.until(() => peer.frames.length >= 2);
    peer.socket.destroy();
  };

  it('is told when the receiver ends the connection: its kind, its length and its event', async () => {
    const text = await play(say(1, '{"event": "a.b", "x": 1}'));
    expect(text).toMatchObject({
      endedBy: 'receiver',
      lastMessage: { kind: 'text', event: 'a.b', bytes: 6 + 24 },
    });
    expect(text.endedSeconds).toBeGreaterThanOrEqual(text.openedSeconds!);
    const bytes: BinaryStep = { kind: 'binary', connection: 1, atSample: 0, bytes: Buffer.from([0, 255]) };
    expect((await play(bytes)).lastMessage).toEqual({ kind: 'binary', event: '', bytes: 8 });
  });

  it('is none of an end that is the script’s', async () => {
    await using receiver = await rawReceiver(good);
    const { connections } = await playScript([open(1), say(1), close(1)], { url: receiver.url });
    expect(connections).toMatchObject([{ endedBy: 'script', lastMessage: null }]);
  });
});

describe('the end of a script before its time', () => {
  it.each<[string, Behaviour, (receiver: RawReceiver) => boolean, object]>([
    [
      'while it waits for its next step',
      good,
      ({ peers }) => peers[0]?.messages === 1,
      { opened: true, sent: 1, endedBy: 'abort', closeCode: 1000 },
    ],
    [
      'in a handshake',
      () => {},
      ({ peers }) => peers.length === 1,
      { opened: false, failure: { code: 'interrupted' } },
    ],
  ])('comes with its signal, %s', async (_when, behaviour, ready, expected) => {
    await using receiver = await rawReceiver(behaviour);
    const ending = new AbortController();
    const script = [open(1), say(1), say(1, '{}', 3_600 * SAMPLE_RATE)];
    const playing = playScript(script, { url: receiver.url, clock: realClock(), signal: ending.signal });
    await expect.poll(() => ready(receiver)).toBe(true);
    ending.abort();
    const { connections, interrupted } = await playing;
    expect(interrupted).toBe(true);
    expect(connections).toMatchObject([expected]);
  });

  it('comes at once for a signal that has been given', async () => {
    await using receiver = await rawReceiver(good);
    const options = { url: receiver.url, signal: AbortSignal.abort() };
    expect(await playScript([open(1)], options)).toEqual({ connections: [], interrupted: true });
    expect(receiver.peers).toEqual([]);
  });

  it('comes with what the script throws, when its connections are closed', async () => {
    await using receiver = await rawReceiver(thenGood(() => {}));
    function* script(): Generator<ScriptStep> {
      yield open(1);
      throw new RangeError('no more of it');
    }
    await expect(playScript(script(), { url: receiver.url })).rejects.toThrow('no more of it');
    expect(receiver.peers[0]!.closeCode).toBe(1000);
  });

  it.each<[string, readonly ScriptStep[], string]>([
    ['writes to what it has not opened', [say(1)], 'has not opened connection 1'],
    ['opens a connection twice', [open(1), open(1)], 'opens connection 1 twice'],
    ['closes with what is no code', [open(1), close(1, 999)], 'closes connection 1 with 999'],
  ])('is a UsageError for a script that %s', async (_what, script, message) => {
    await using receiver = await rawReceiver(good);
    const error = await playScript(script, { url: receiver.url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'invalid_script', hint: expect.any(String) });
    expect((error as UsageError).message).toContain(message);
  });
});
