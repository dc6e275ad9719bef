/** Receivers that write to us: in good frames, in bad ones, in floods, and in what is no frame at all. */
import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/emulator/failure.ts';
import type { ConnectionRecord } from '../../src/emulator/ledger.ts';
import type { PlayOptions } from '../../src/play.ts';
import { checkPlain, codesOf, type Moment, oneTalks, playAt } from '../support/chaos.ts';
import {
  closeFrame,
  good,
  OPCODE,
  type Peer,
  type RawReceiver,
  rawReceiver,
  serverFrame,
  thenGood,
} from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

/** Forty frames. */
const CALL: PlayOptions = { scenario: oneTalks(4) };

/** Half a second into the call, when five frames have come: the only peer writes, and the emulator has seen it. */
function write(
  raw: RawReceiver,
  act: (peer: Peer) => unknown,
  seen: (record: ConnectionRecord) => boolean,
): Moment {
  return {
    atSeconds: 0.45,
    async act(session) {
      await raw.peers[0]!.received(5);
      await act(raw.peers[0]!);
      await until(() => seen(session.ledger.connections[0]!));
    },
  };
}

const hasEnded = (record: ConnectionRecord): boolean => record.closeCode !== null;

const GREETING = 'WebSocket connection upgraded';
const BIG = 1024 * 1024 + 1;

/** What a receiver may write: nothing is lost for it. */
const HARMLESS: readonly {
  what: string;
  write: (peer: Peer) => unknown;
  messages: number;
  pings?: number;
}[] = [
  { what: 'a text', write: (peer) => peer.send(serverFrame(OPCODE.text, '{"hello":1}')), messages: 1 },
  {
    what: 'bytes',
    write: (peer) => peer.send(serverFrame(OPCODE.binary, Buffer.alloc(70_000))),
    messages: 1,
  },
  { what: 'an empty text', write: (peer) => peer.send(serverFrame(OPCODE.text)), messages: 1 },
  {
    what: 'a message in fragments with a ping between',
    write: (peer) => {
      peer.send(serverFrame(OPCODE.text, '{"hel', { fin: false }));
      peer.send(serverFrame(OPCODE.ping, 'between'));
      peer.send(serverFrame(OPCODE.continuation, 'lo":1}'));
    },
    messages: 1,
    pings: 1,
  },
  {
    what: 'a message one byte at a time',
    write: (peer) => {
      for (const byte of serverFrame(OPCODE.text, 'slowly')) peer.send(Buffer.from([byte]));
    },
    messages: 1,
  },
  {
    what: 'a message of exactly 1 MiB',
    write: (peer) => peer.send(serverFrame(OPCODE.binary, Buffer.alloc(BIG - 1))),
    messages: 1,
  },
  {
    what: 'pongs that nobody asked for',
    write: (peer) => peer.send(Buffer.concat(Array(5_000).fill(serverFrame(OPCODE.pong, 'x')))),
    messages: 0,
  },
  {
    what: 'a thousand messages',
    write: (peer) => peer.send(Buffer.concat(Array(1_000).fill(serverFrame(OPCODE.text, '{}')))),
    messages: 1_000,
  },
];

/** What ends the connection: it is ours that ended it, and the receiver's frames are why. */
const HARMFUL: readonly { what: string; bytes: Buffer; code: FailureCode; says: string }[] = [
  {
    what: 'text behind the 101',
    bytes: Buffer.from(GREETING),
    code: 'invalid_frames',
    says: `29 bytes after the 101: "${GREETING}"`,
  },
  {
    what: 'JSON without a frame',
    bytes: Buffer.from('{"status":"connected"}\r\n'),
    code: 'invalid_frames',
    says: '24 bytes after the 101: "{\\"status\\":\\"connected\\"}\\\\r\\\\n"'
      .replaceAll('\\"', '"')
      .replaceAll('\\\\', '\\'),
  },
  {
    what: 'escape codes without a frame',
    bytes: Buffer.from('\u001b[2J\u001b]0;owned\u0007'),
    code: 'invalid_frames',
    says: '14 bytes after the 101: 1b5b324a',
  },
  {
    what: 'masked frames',
    bytes: serverFrame(OPCODE.text, 'hello', { masked: true }),
    code: 'invalid_frames',
    says: 'MASK must be clear',
  },
  {
    what: 'reserved bits',
    bytes: serverFrame(OPCODE.text, 'hello', { reserved: 0x20 }),
    code: 'invalid_frames',
    says: 'RSV2 and RSV3 must be clear',
  },
  {
    what: 'compressed frames nobody asked for',
    bytes: serverFrame(OPCODE.text, 'hello', { reserved: 0x40 }),
    code: 'invalid_frames',
    says: 'RSV1 must be clear',
  },
  {
    what: 'an opcode of nobody',
    bytes: serverFrame(3, 'hello'),
    code: 'invalid_frames',
    says: 'invalid opcode',
  },
  {
    what: 'a continuation of nothing',
    bytes: serverFrame(OPCODE.continuation, 'hello'),
    code: 'invalid_frames',
    says: 'invalid opcode',
  },
  {
    what: 'a ping in fragments',
    bytes: serverFrame(OPCODE.ping, 'hello', { fin: false }),
    code: 'invalid_frames',
    says: 'FIN must be set',
  },
  {
    what: 'a ping of 126 bytes',
    bytes: serverFrame(OPCODE.ping, Buffer.alloc(126)),
    code: 'invalid_frames',
    says: 'invalid payload length',
  },
  {
    what: 'a close frame of one byte',
    bytes: serverFrame(OPCODE.close, 'x'),
    code: 'invalid_frames',
    says: 'invalid payload length',
  },
  {
    what: 'a length of 2^63',
    bytes: Buffer.from([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    code: 'message_too_large',
    says: 'more than 1 MiB',
  },
  {
    what: 'a message of more than 1 MiB',
    bytes: serverFrame(OPCODE.binary, Buffer.alloc(BIG)),
    code: 'message_too_large',
    says: 'more than 1 MiB',
  },
  {
    what: 'text that is not UTF-8',
    bytes: serverFrame(OPCODE.text, Buffer.from([0xc3, 0x28])),
    code: 'invalid_message',
    says: 'not UTF-8',
  },
];

describe('a receiver that writes to us', () => {
  it.concurrent.each(HARMLESS)('$what', async ({ write: act, messages, pings = 0 }) => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, CALL, [
      write(raw, act, (record) => record.messagesReceived === messages && record.pingsReceived === pings),
    ]);
    expect(report).toMatchObject({ ok: true, scheduled: 40, sent: 40 });
    expect(report.failures).toEqual([]);
    expect(report.participants[0]!.connections[0]).toMatchObject({
      messages_received: messages,
      pings_received: pings,
      close_code: 1000,
    });
    expect(raw.peers).toHaveLength(1);
    expect(raw.peers[0]!.messages).toBe(40);
  });

  it.concurrent('text that draws on a terminal, which is logged without its controls', async () => {
    await using raw = await rawReceiver(good);
    const text = '\u001b[2J\r\n\u001b]8;;http://x\u0007✔ all fine\u202e';
    const { report, logs } = await playAt(raw.url, CALL, [
      write(
        raw,
        (peer) => peer.send(serverFrame(OPCODE.text, text)),
        (record) => record.messagesReceived === 1,
      ),
    ]);
    expect(report.ok).toBe(true);
    checkPlain(logs);
    expect(logs.join()).toContain('\\u001b[2J\\r\\n');
  });

  it.concurrent.each(HARMFUL)('$what', async ({ bytes, code, says }) => {
    await using raw = await rawReceiver(good);
    const { report, logs } = await playAt(raw.url, CALL, [write(raw, (peer) => peer.send(bytes), hasEnded)]);
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toEqual([code]);
    expect(report.verdict).toContain(says);
    // From the end at 0.45 s to the next dial at 0.65 s; the second connection takes the rest.
    expect(report).toMatchObject({ sent: 38, dropped: { total: 2, disconnected: 2 } });
    expect(report.participants[0]!.connections.map((each) => each.error?.code)).toEqual([code, undefined]);
    expect(raw.peers.map(({ messages }) => messages)).toEqual([5, 33]);
    expect(logs.filter((line) => line.startsWith('warn: '))).toHaveLength(1);
  });

  it.concurrent('text in the same packet as the 101', async () => {
    await using raw = await rawReceiver([(peer) => peer.accept([], GREETING), good]);
    const { report } = await playAt(raw.url, CALL);
    expect(codesOf(report)).toEqual(['invalid_frames']);
    expect(report.verdict).toContain(`29 bytes after the 101: "${GREETING}"`);
    expect(raw.peers).toHaveLength(2);
  });
});

describe('a receiver whose stray bytes are tolerated', () => {
  const TOLERANT: PlayOptions = { ...CALL, tolerateInvalidFrames: true };

  it.concurrent('gets everything, is answered, and reads what it wrote', async () => {
    await using raw = await rawReceiver(thenGood((peer) => peer.send(GREETING)));
    const { report, logs } = await playAt(raw.url, TOLERANT, [
      write(
        raw,
        (peer) => {
          const ping = (text: string): Buffer => serverFrame(OPCODE.ping, text);
          peer.send(Buffer.concat([ping('p1'), Buffer.from('{{{'), ping('p2')]));
          peer.send(serverFrame(OPCODE.text, Buffer.from([0xc3, 0x28])));
        },
        (record) => record.messagesReceived === 1 && record.pingsReceived === 2,
      ),
    ]);
    expect(report).toMatchObject({ ok: true, sent: 40, failures: [] });
    expect(pongsOf(raw.peers[0]!)).toEqual(['p1', 'p2']);
    expect(logs.join('\n')).toContain(`warn: ignored 29 bytes after the 101: "${GREETING}"`);
    expect(logs.join('\n')).toContain('warn: ignored 3 bytes that are no frame: "{{{"');
  });

  it.concurrent.each([
    ['in the same packet as the 101', (peer: Peer) => peer.accept([], GREETING)],
    [
      'one byte at a time',
      async (peer: Peer) => {
        await peer.accept();
        for (const byte of Buffer.from(GREETING)) peer.send(Buffer.from([byte]));
      },
    ],
  ])('may write them %s', async (_what, begin) => {
    await using raw = await rawReceiver(async (peer) => {
      await begin(peer);
      await peer.closing();
      peer.send(closeFrame(1000));
      peer.socket.end();
    });
    const { report, logs } = await playAt(raw.url, TOLERANT, [
      write(
        raw,
        (peer) => peer.send(serverFrame(OPCODE.ping, 'still there?')),
        (record) => record.pingsReceived === 1,
      ),
    ]);
    expect(report).toMatchObject({ ok: true, sent: 40 });
    expect(pongsOf(raw.peers[0]!)).toEqual(['still there?']);
    expect(logs.join('\n')).toContain('after the 101: "W');
  });

  it.concurrent.each([1000, 1007, 1011, 4000])('is seen to close all the same (%i)', async (code) => {
    await using raw = await rawReceiver([thenGood((peer) => peer.send(GREETING)), good]);
    const { report } = await playAt(raw.url, TOLERANT, [
      write(raw, (peer) => peer.send(closeFrame(code, 'enough')), hasEnded),
    ]);
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toEqual(['closed_by_receiver']);
    expect(report.verdict).toContain(`close code ${code} "enough"`);
    expect(report).toMatchObject({ sent: 38, dropped: { disconnected: 2 } });
    expect(raw.peers.map(({ messages }) => messages)).toEqual([5, 33]);
  });

  it.concurrent('may write rubbish without end: memory and log stay bounded', async () => {
    await using raw = await rawReceiver(good);
    const rubbish = Buffer.alloc(16 * 1024, 0xff);
    let written = 0;
    const { report, logs } = await playAt(raw.url, TOLERANT, [
      write(
        raw,
        async ({ socket }) => {
          for (; written < 32 * 1024 * 1024 && !socket.destroyed; written += rubbish.length) {
            if (!socket.write(rubbish)) await new Promise((resolve) => socket.once('drain', resolve));
          }
        },
        () => true,
      ),
    ]);
    expect(written).toBe(32 * 1024 * 1024);
    expect(report).toMatchObject({ ok: true, sent: 40 });
    expect(logs.filter((line) => line.startsWith('warn: ignored'))).toHaveLength(3);
  });
});

describe('a receiver that pings', () => {
  it.concurrent.each([1, 61, 5_000])('%i times in a burst and reads', async (count) => {
    await using raw = await rawReceiver(good);
    const burst = Buffer.concat(
      Array.from({ length: count }, (_, number) => serverFrame(OPCODE.ping, `ping ${number}`)),
    );
    const { report } = await playAt(raw.url, CALL, [
      write(
        raw,
        (peer) => peer.send(burst),
        (record) => record.pingsReceived === count,
      ),
    ]);
    expect(report).toMatchObject({ ok: true, sent: 40, failures: [] });
    expect(report.participants[0]!.connections).toHaveLength(1);
    // Each ping or, of many that wait, the last (RFC 6455 §5.5.3).
    const pongs = pongsOf(raw.peers[0]!);
    expect(pongs.at(-1)).toBe(`ping ${count - 1}`);
    expect(pongs.length).toBeLessThanOrEqual(count);
    if (count === 61) expect(pongs).toHaveLength(61);
  });

  it.concurrent('200,000 times and does not read: what waits for it is bounded', async () => {
    const burst = Buffer.concat(
      Array.from({ length: 1_000 }, () => serverFrame(OPCODE.ping, 'x'.repeat(125))),
    );
    await using raw = await rawReceiver(good);
    const { report, session } = await playAt(raw.url, { ...CALL, stallTimeoutSeconds: 0.3 }, [
      write(
        raw,
        async ({ socket }) => {
          socket.pause();
          for (let sent = 0; sent < 200; sent++) {
            if (!socket.write(burst)) await new Promise((resolve) => socket.once('drain', resolve));
          }
        },
        (record) => record.pingsReceived === 200_000,
      ),
      { atSeconds: 3, act: () => raw.peers[0]!.socket.resume() },
    ]);
    expect(report).toMatchObject({ ok: true, sent: 40, failures: [] });
    // 64 KiB of pongs, and the frames of the seconds in which it did not read. All pongs would be 26 MB.
    expect(session.ledger.connections[0]!.maxBacklogBytes).toBeGreaterThan(0);
    expect(session.ledger.connections[0]!.maxBacklogBytes).toBeLessThan(300_000);
    expect(pongsOf(raw.peers[0]!).at(-1)).toBe('x'.repeat(125));
  });
});

function pongsOf({ frames }: Peer): string[] {
  return frames.filter(({ opcode }) => opcode === OPCODE.pong).map(({ payload }) => String(payload));
}
