/** Receivers that misbehave in every way: each gets its true cause, or none. Never a wrong one. */
import { describe, expect, it } from 'vitest';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { PlayOptions } from '../../src/play.ts';
import { ended, oneTalks, playAt } from '../support/chaos.ts';
import {
  type Behaviour,
  closeFrame,
  good,
  OPCODE,
  type Peer,
  rawReceiver,
  serverFrame,
} from '../support/raw-receiver.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

/** What is told, and the receiver is dialled again and good: `undefined`, where nothing goes wrong; `unknown`, for no cause. */
type Row = readonly [what: string, code: string | undefined, act: (peer: Peer) => unknown];

const closes = (code: number, reason = ''): Row[2] => {
  return (peer) => {
    peer.send(closeFrame(code, reason));
    peer.socket.end();
  };
};

/** In mid-call. */
const ENDINGS: readonly Row[] = [
  ['1000', 'closed_by_itself', closes(1000)],
  ['1001', 'shutdown', closes(1001)],
  ['1002', 'rejects_messages', closes(1002)],
  ['1003', 'unsupported_data', closes(1003)],
  ['1007', 'rejects_messages', closes(1007)],
  ['1008', 'closed_as_unauthorised', closes(1008)],
  ['1009', 'message_too_big', closes(1009)],
  ['1010', 'unknown', closes(1010)],
  ['1011 "out of memory"', 'handler_error', closes(1011, 'out of memory')],
  ['1012', 'shutdown', closes(1012)],
  ['1013', 'overloaded', closes(1013)],
  ['1014', 'unknown', closes(1014)],
  ['3000', 'closed_as_unauthorised', closes(3000)],
  ['4000', 'unknown', closes(4000, 'x'.repeat(123))],
  ['4999', 'unknown', closes(4999)],
  ['a close code that is none', 'sends_invalid_frames', (peer) => peer.send(closeFrame(999))],
  ['a close frame without a code', 'closed_by_itself', (peer) => peer.send(closeFrame())],
  [
    'a reason that is not UTF-8',
    'sends_invalid_frames',
    (peer) => peer.send(closeFrame(1011, Buffer.from([0xc3, 0x28]))),
  ],
  ['FIN', 'unknown', ({ socket }) => socket.end()],
  [
    'FIN within a frame',
    'unknown',
    ({ socket }) => socket.end(serverFrame(OPCODE.text, 'half').subarray(0, 4)),
  ],
  ['RST', 'unknown', ({ socket }) => socket.resetAndDestroy()],
  [
    'masked frames',
    'sends_invalid_frames',
    (peer) => peer.send(serverFrame(OPCODE.text, 'hello', { masked: true })),
  ],
  [
    'reserved bits',
    'sends_invalid_frames',
    (peer) => peer.send(serverFrame(OPCODE.text, 'hello', { reserved: 0x40 })),
  ],
  ['an opcode that is none', 'sends_invalid_frames', (peer) => peer.send(serverFrame(3, 'hello'))],
  [
    'more than 1 MiB',
    'sends_invalid_frames',
    (peer) => peer.send(serverFrame(OPCODE.binary, Buffer.alloc(1024 * 1024 + 1))),
  ],
  ['text without a frame', 'bytes_after_101', (peer) => peer.send('{"status":"connected"}\r\n')],
  [
    'escape codes without a frame',
    'sends_invalid_frames',
    (peer) => peer.send('\u001b[2J\u001b]0;owned\u0007'),
  ],
];

/** What a receiver may write: nothing is wrong. */
const HARMLESS: readonly Row[] = [
  ['a text', undefined, (peer) => peer.send(serverFrame(OPCODE.text, '{"hello":1}'))],
  ['bytes', undefined, (peer) => peer.send(serverFrame(OPCODE.binary, Buffer.alloc(70_000)))],
  ['pings', undefined, (peer) => peer.send(Buffer.concat(Array(50).fill(serverFrame(OPCODE.ping, 'x'))))],
  ['pongs', undefined, (peer) => peer.send(Buffer.concat(Array(50).fill(serverFrame(OPCODE.pong, 'x'))))],
];

const answers =
  (text: string): Behaviour =>
  async (peer) => {
    await peer.request();
    peer.send(text);
  };
const status = (code: number, headers = ''): Behaviour =>
  answers(`HTTP/1.1 ${code} Told\r\n${headers}Content-Length: 0\r\n\r\n`);

/** From the first dial on, for ever. */
const UPGRADES: readonly (readonly [what: string, code: string, receiver: Behaviour])[] = [
  ['closes at once', 'unknown', ({ socket }) => socket.end()],
  ['resets at once', 'unknown', ({ socket }) => socket.resetAndDestroy()],
  ['answers 200', 'wrong_path', status(200)],
  ['answers 204', 'wrong_path', status(204)],
  ['answers 302', 'wrong_path', status(302, 'Location: https://login.example/\r\n')],
  ['answers 400', 'unknown', status(400)],
  ['answers 401', 'credentials_refused', status(401)],
  ['answers 403', 'credentials_refused', status(403)],
  ['answers 403 as uvicorn does', 'wrong_path', status(403, 'Server: uvicorn\r\n')],
  ['answers 404', 'wrong_path', status(404)],
  ['answers 409', 'unknown', status(409)],
  ['answers 418', 'unknown', status(418)],
  ['answers 426', 'wrong_path', status(426)],
  ['answers 429', 'overloaded', status(429)],
  ['answers 500', 'upgrade_error', status(500)],
  ['answers 503', 'overloaded', status(503)],
  ['answers 504', 'upgrade_error', status(504)],
  [
    'answers 101 without an Upgrade header',
    'not_websocket',
    answers('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  ],
  [
    'answers 101 with an extension',
    'not_websocket',
    (peer) => peer.accept(['Sec-WebSocket-Extensions: permessage-deflate']),
  ],
  ['answers garbage', 'not_websocket', answers('\u0000\u0001 what do you want?\r\n\r\n')],
  ['is an SSH server', 'not_websocket', ({ socket }) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
];

async function causes(
  url: string,
  options: PlayOptions,
  act?: (session: never) => unknown,
): Promise<string[]> {
  const { report } = await playAt(
    url,
    options,
    act === undefined ? [] : [{ atSeconds: 0.45, act: act as never }],
  );
  for (const { text, evidence, remedy } of report.diagnoses) {
    expect(text).not.toBe('');
    expect(evidence.length).toBeGreaterThan(0);
    expect(remedy).not.toBe('');
  }
  return report.diagnoses.map(({ code }) => code);
}

describe.each(MODES)('a receiver that misbehaves (%s)', (connections) => {
  it.concurrent.each(ENDINGS)('by %s: %s', async (_what, code, act) => {
    await using raw = await rawReceiver(good);
    const told = await causes(raw.url, { connections, scenario: oneTalks(2) }, async (session) => {
      await raw.peers[0]!.received(5);
      await act(raw.peers[0]!);
      await ended(session);
    });
    expect(told).toEqual([code]);
  });

  it.concurrent.each(HARMLESS)('not, by %s', async (_what, _code, act) => {
    await using raw = await rawReceiver(good);
    const told = await causes(raw.url, { connections, scenario: oneTalks(2) }, async () => {
      await raw.peers[0]!.received(5);
      await act(raw.peers[0]!);
    });
    expect(told).toEqual([]);
  });

  it.concurrent.each(UPGRADES)('and %s: %s', async (_what, code, receiver) => {
    await using raw = await rawReceiver(receiver);
    expect(await causes(raw.url, { connections })).toEqual([code]);
  });

  it.concurrent('at the wish of a test or of ours: nothing is wrong with it', async () => {
    await using raw = await rawReceiver(good);
    const told = await causes(
      raw.url,
      { connections, scenario: oneTalks(4), reconnectEverySeconds: 1, reconnectGapSeconds: 0.2 },
      (session: { drop(participant: undefined): number }) => session.drop(undefined),
    );
    expect(told).toEqual([]);
  });
});
