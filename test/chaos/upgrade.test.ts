/** Receivers that do not let us in: nothing is sent, everything is accounted for, and the verdict says why. */
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { FailureCode } from '../../src/emulator/failure.ts';
import type { PlayOptions } from '../../src/play.ts';
import { codesOf, playAt } from '../support/chaos.ts';
import { type Behaviour, rawReceiver } from '../support/raw-receiver.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

interface Case {
  readonly what: string;
  readonly receiver: Behaviour;
  /** Several where it depends on the version of Node. */
  readonly code: FailureCode | readonly FailureCode[];
  /** What the verdict must say. */
  readonly says: string;
  readonly options?: PlayOptions;
}

/** Answers the request with these bytes and leaves the connection open. */
const answer =
  (text: string): Behaviour =>
  async (peer) => {
    await peer.request();
    peer.send(text);
  };

const status = (code: number, text: string, headers = '', body = ''): Behaviour =>
  answer(`HTTP/1.1 ${code} ${text}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);

/** Sends a piece at every turn of the event loop for as long as somebody takes it. */
function endlessly(socket: net.Socket, piece: string): void {
  if (socket.destroyed) return;
  if (socket.write(piece)) setImmediate(() => endlessly(socket, piece));
  else socket.once('drain', () => endlessly(socket, piece));
}

const SHORT_HANDSHAKE = { handshakeTimeoutSeconds: 0.2, retryAttempts: 0 } as const;

const CASES: readonly Case[] = [
  {
    what: 'accepts the TCP connection and hangs',
    receiver: () => {},
    code: 'upgrade_timeout',
    says: 'did not answer the upgrade within 0.2 s',
    options: SHORT_HANDSHAKE,
  },
  {
    what: 'accepts the TCP connection and does not read',
    receiver: ({ socket }) => socket.pause(),
    code: 'upgrade_timeout',
    says: 'did not answer the upgrade within 0.2 s',
    options: SHORT_HANDSHAKE,
  },
  {
    what: 'closes at once with FIN',
    receiver: ({ socket }) => socket.end(),
    code: 'upgrade_hung_up',
    says: 'closed or destroyed the connection during the upgrade without an answer',
  },
  {
    what: 'closes with FIN when it has read the request',
    receiver: async (peer) => {
      await peer.request();
      peer.socket.end();
    },
    code: 'upgrade_hung_up',
    says: 'closed or destroyed the connection during the upgrade without an answer',
  },
  {
    what: 'resets at once',
    receiver: ({ socket }) => socket.resetAndDestroy(),
    code: 'upgrade_reset',
    says: 'destroyed the connection during the upgrade',
  },
  {
    what: 'resets when it has read the request',
    receiver: async (peer) => {
      await peer.request();
      peer.socket.resetAndDestroy();
    },
    code: 'upgrade_reset',
    says: 'destroyed the connection during the upgrade',
  },
  {
    what: 'resets in the middle of its answer',
    receiver: async (peer) => {
      await peer.request();
      peer.socket.write('HTTP/1.1 101 Switching Proto', () => peer.socket.resetAndDestroy());
    },
    // Node's HTTP client makes no difference once an answer has begun; since Node 24 it does.
    code: ['upgrade_hung_up', 'upgrade_reset'],
    says: 'destroyed the connection during the upgrade',
  },
  {
    what: 'ends in the middle of its answer',
    receiver: async (peer) => {
      await peer.request();
      peer.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websock');
    },
    code: 'upgrade_hung_up',
    says: 'closed or destroyed the connection during the upgrade without an answer',
  },
  ...(
    [
      [200, 'OK', 'HTTP 200 OK'],
      [204, 'No Content', 'HTTP 204 No Content'],
      [400, 'Bad Request', 'HTTP 400 Bad Request'],
      [401, 'Unauthorized', 'check the token'],
      [403, 'Forbidden', 'check the token'],
      [404, 'Not Found', 'no WebSocket endpoint at this path'],
      [426, 'Upgrade Required', 'wants another protocol or version'],
      [429, 'Too Many Requests', 'HTTP 429 Too Many Requests'],
      [500, 'Internal Server Error', 'failed while handling the upgrade'],
      [503, 'Service Unavailable', 'failed while handling the upgrade'],
    ] as const
  ).flatMap(([code, text, says]): Case[] => [
    { what: `answers ${code}`, receiver: status(code, text), code: 'upgrade_status', says },
    {
      what: `answers ${code} with a body and stays`,
      receiver: status(code, text, 'Content-Type: text/html\r\n', '<html>no</html>'),
      code: 'upgrade_status',
      says,
    },
  ]),
  ...[301, 302, 307, 308].map(
    (code): Case => ({
      what: `answers ${code}`,
      receiver: status(code, 'Elsewhere', 'Location: https://login.example/\r\n'),
      code: 'upgrade_redirected',
      says: 'to https://login.example/: redirects are not followed',
    }),
  ),
  {
    what: 'redirects to nowhere',
    receiver: status(302, 'Found'),
    code: 'upgrade_redirected',
    says: 'redirects are not followed',
  },
  {
    what: 'answers with a body that never ends',
    receiver: async (peer) => {
      await peer.request();
      peer.send('HTTP/1.1 500 Internal Server Error\r\n\r\n');
      endlessly(peer.socket, 'no '.repeat(5_000));
    },
    code: 'upgrade_status',
    says: 'HTTP 500',
  },
  {
    what: 'answers in status text that would draw on a terminal',
    receiver: status(418, '\u001b]0;owned\u0007\u001b[2K\u001b[1A✔ 20 of 20 frames delivered'),
    code: 'upgrade_status',
    says: 'HTTP 418 \\u001b]0;owned\\u0007',
  },
  {
    what: 'answers 101 without an Upgrade header',
    receiver: answer('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    code: 'not_websocket',
    says: 'without an Upgrade header',
  },
  {
    what: 'answers 101 with an upgrade to something else',
    receiver: answer('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    code: 'not_websocket',
    says: 'Invalid Upgrade header',
  },
  {
    what: 'answers 101 without an accept key',
    receiver: answer('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    code: 'not_websocket',
    says: 'Invalid Sec-WebSocket-Accept',
  },
  {
    what: 'answers 101 with a wrong accept key',
    receiver: answer(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: bm90IHRoZSBrZXk=\r\n\r\n',
    ),
    code: 'not_websocket',
    says: 'Invalid Sec-WebSocket-Accept',
  },
  {
    what: 'answers 101 with an extension nobody asked for',
    receiver: (peer) => peer.accept(['Sec-WebSocket-Extensions: permessage-deflate']),
    code: 'not_websocket',
    says: 'Server sent a Sec-WebSocket-Extensions header but no extension was requested',
  },
  {
    what: 'answers 101 with a subprotocol nobody asked for',
    receiver: (peer) => peer.accept(['Sec-WebSocket-Protocol: audio.v1']),
    code: 'not_websocket',
    says: 'Server sent a subprotocol but none was requested',
  },
  {
    what: 'answers garbage',
    receiver: answer('\u0000\u0001\u0002 what do you want?\r\n\r\n'),
    code: 'not_websocket',
    says: 'is it a WebSocket server?',
  },
  {
    what: 'is an SSH server',
    receiver: ({ socket }) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
    code: 'not_websocket',
    says: 'is it a WebSocket server?',
  },
  {
    what: 'is a mail server that hangs up',
    receiver: ({ socket }) => socket.end('220 mail.example.com ESMTP\r\n'),
    code: 'not_websocket',
    says: 'is it a WebSocket server?',
  },
  {
    what: 'speaks HTTP/0.9',
    receiver: async (peer) => {
      await peer.request();
      peer.socket.end('<html>hello</html>');
    },
    code: 'not_websocket',
    says: 'is it a WebSocket server?',
  },
  {
    what: 'dribbles its headers',
    receiver: async (peer) => {
      await peer.request();
      peer.send('HTTP/1.1 101 Switching Protocols\r\n');
      const timer = setInterval(() => peer.send('X'), 50);
      void peer.closed.then(() => clearInterval(timer));
    },
    code: 'upgrade_timeout',
    says: 'did not answer the upgrade within 0.2 s',
    options: SHORT_HANDSHAKE,
  },
  {
    what: 'has headers that never end',
    receiver: async (peer) => {
      await peer.request();
      peer.send('HTTP/1.1 101 Switching Protocols\r\n');
      endlessly(peer.socket, `X-Filler: ${'x'.repeat(1_000)}\r\n`);
    },
    code: 'not_websocket',
    says: 'is it a WebSocket server?',
  },
  {
    what: 'answers 100 Continue again and again',
    receiver: async (peer) => {
      await peer.request();
      endlessly(peer.socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20));
    },
    code: 'upgrade_timeout',
    says: 'did not answer the upgrade within 0.2 s',
    options: SHORT_HANDSHAKE,
  },
];

describe.each(MODES)('a receiver that does not let us in (%s)', (connections) => {
  it.concurrent.each(CASES)('$what', async ({ receiver, code, says, options }) => {
    await using raw = await rawReceiver(receiver);
    const { report, session, logs } = await playAt(raw.url, { connections, ...options });
    expect(report).toMatchObject({ ok: false, scheduled: 20, sent: 0 });
    const [told, ...others] = codesOf(report);
    expect([code].flat()).toContain(told);
    expect(others).toEqual([]);
    expect(report.verdict).toContain(says);
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(report.dropped.total).toBe(report.dropped.disconnected + report.dropped.endpoint_failed);
    expect(report.dropped.endpoint_failed).toBeGreaterThan(0);
    expect(logs.filter((line) => line.includes('the endpoint has failed'))).toHaveLength(1);
    // Whatever was lost was lost for this.
    const causes = session.ledger.accounts.flatMap(({ causes }) => [...causes.keys()]);
    expect(new Set(causes.map((cause) => cause.code))).toEqual(new Set([told]));
  });

  it.concurrent('is not there at all', async () => {
    const raw = await rawReceiver(() => {});
    await raw.close();
    const { report } = await playAt(raw.url, { connections });
    expect(codesOf(report)).toEqual(['connection_refused']);
    expect(report.verdict).toContain('ECONNREFUSED');
    expect(report).toMatchObject({ ok: false, sent: 0 });
  });
});

describe('a receiver that lets us in at last', () => {
  it('gets the rest, and what it missed is told with the reason', async () => {
    await using raw = await rawReceiver([
      status(503, 'Service Unavailable'),
      ({ socket }) => socket.end(),
      async (peer) => {
        await peer.accept();
        await peer.closing();
        peer.socket.end();
      },
    ]);
    const { report } = await playAt(raw.url, {
      connections: 'per-endpoint',
      retryAttempts: 3,
      retryIntervalSeconds: 0.3,
    });
    expect(report.dropped).toMatchObject({ disconnected: report.dropped.total, endpoint_failed: 0 });
    expect(report.dropped.total).toBeGreaterThanOrEqual(12);
    expect(report.sent).toBeGreaterThanOrEqual(6);
    expect(raw.peers[2]!.messages).toBe(report.sent);
    expect(report.verdict).toContain('HTTP 503');
  });
});
