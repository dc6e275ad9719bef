/** Real receivers with one mistake each: the first cause that is told is the true one, in both modes. A right one gets none. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import { type PlayOptions, play } from '../../src/play.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { ended, HANGS, type Moment, oneTalks, playAt, turns } from '../support/chaos.ts';
import {
  type Behaviour,
  closeFrame,
  good,
  type Peer,
  type RawReceiver,
  rawReceiver,
} from '../support/raw-receiver.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

/** Ada mutes and comes back; Ben comes later and stays. */
const TALK = meeting({ title: 'Talk', duration: 4 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).mute(1.5).unmute(2.5))
  .participant({ id: 200, name: 'Ben' }, (ben) => ben.unmute(0.6))
  .build();

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** In real time: what a receiver does by itself takes time. */
const REAL: PlayOptions = { scenario: TALK, speed: 1, retryAttempts: 8, retryIntervalSeconds: 0.3 };

type Listener = (webSocket: WebSocket, open: ReadonlySet<WebSocket>) => unknown;

interface WsReceiver extends AsyncDisposable {
  readonly url: string;
}

/** A receiver of the ws library. `refuse` answers an upgrade with a status, or lets it in with undefined. */
async function wsReceiver(
  onOpen: Listener = () => {},
  refuse: (open: ReadonlySet<WebSocket>, request: { headers: object }) => number | undefined = () =>
    undefined,
  options: { readonly maxPayload?: number } = {},
): Promise<WsReceiver> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, ...options });
  const open = new Set<WebSocket>();
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    const status = refuse(open, request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      open.add(webSocket);
      webSocket.on('error', () => {});
      webSocket.on('close', () => open.delete(webSocket));
      onOpen(webSocket, open);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/audio/`,
    async [Symbol.asyncDispose]() {
      for (const each of open) each.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const others = (open: ReadonlySet<WebSocket>, one: WebSocket): WebSocket[] =>
  [...open].filter((each) => each !== one);

interface Case {
  readonly what: string;
  start(): Promise<WsReceiver | RawReceiver>;
  readonly options?: PlayOptions;
  readonly moments?: (receiver: WsReceiver | RawReceiver) => readonly Moment[];
  /** The first cause in each mode; undefined: none, as there is nothing wrong. */
  readonly code: string | undefined | readonly [string | undefined, string | undefined];
  readonly certainty?: 'certain' | 'likely';
  readonly says?: string;
}

/** A receiver that counts what it has let in and closed, and decides by that. */
function counting(
  refuse: (seen: { letIn: number; closed: number; open: number }) => number | undefined,
): Case['start'] {
  return () => {
    const seen = { letIn: 0, closed: 0 };
    return wsReceiver(
      (webSocket) => webSocket.on('close', () => seen.closed++),
      (open) => {
        const status = refuse({ ...seen, open: open.size });
        if (status === undefined) seen.letIn++;
        return status;
      },
    );
  };
}

const raw =
  (behaviour: Behaviour): Case['start'] =>
  () =>
    rawReceiver(behaviour);

/** When `seconds` of the meeting have passed, the receiver does something to its last connection. */
const midCall =
  (seconds: number, act: (peer: Peer) => unknown): NonNullable<Case['moments']> =>
  (receiver) => [
    {
      atSeconds: seconds,
      async act(session) {
        await act((receiver as RawReceiver).peers.at(-1)!);
        await ended(session);
      },
    },
  ];

/** All of it is said at once, and read or not. */
const LONG: PlayOptions = { ...HANGS, scenario: oneTalks(600), frameMs: 1_000, maxBacklogBytes: 200_000 };

const CASES: readonly Case[] = [
  { what: 'a right receiver', start: () => wsReceiver(), options: REAL, code: undefined },
  {
    what: 'refuses a URL that is open',
    start: () => wsReceiver(undefined, (open) => (open.size > 0 ? 409 : undefined)),
    options: REAL,
    code: ['one_connection_per_url', undefined],
    certainty: 'certain',
    says: 'while #1 is open; the meeting would pass with `connections: per-endpoint`',
  },
  {
    what: 'lets a second connection in and closes it at once',
    start: () =>
      wsReceiver((webSocket, open) => others(open, webSocket).length > 0 && webSocket.close(4000, 'busy')),
    options: REAL,
    code: ['one_connection_per_url', undefined],
    certainty: 'certain',
  },
  {
    what: 'has a token that works once',
    start: counting(({ letIn }) => (letIn > 0 ? 403 : undefined)),
    options: REAL,
    code: ['token_works_once', undefined],
    certainty: 'certain',
  },
  {
    what: 'closes the older connection when a new one opens',
    start: () =>
      wsReceiver((webSocket, open) => {
        for (const other of others(open, webSocket)) other.close(1000, 'replaced');
      }),
    options: REAL,
    code: ['new_connection_closes_older', undefined],
    certainty: 'certain',
  },
  {
    what: 'closes all when one closes',
    start: () =>
      wsReceiver((webSocket, open) =>
        webSocket.on('close', () => {
          for (const other of open) other.close(1000);
        }),
      ),
    options: REAL,
    code: ['one_close_ends_all', undefined],
  },
  {
    what: 'destroys all when one closes',
    start: () =>
      wsReceiver((webSocket, open) =>
        webSocket.on('close', () => {
          for (const other of open) other.terminate();
        }),
      ),
    options: REAL,
    code: ['one_close_ends_all', undefined],
  },
  {
    what: 'lets nobody in after the first close',
    start: counting(({ closed }) => (closed > 0 ? 410 : undefined)),
    options: REAL,
    code: ['mute_ends_meeting', undefined],
    certainty: 'certain',
  },
  {
    what: 'stops listening after the first close',
    start: async () => {
      const receiver = await rawReceiver(async (peer) => {
        await peer.accept();
        await peer.closing();
        peer.send(closeFrame(1000));
        peer.socket.end();
        receiver.stopListening();
      });
      return receiver;
    },
    options: REAL,
    code: ['mute_ends_meeting', undefined],
    certainty: 'certain',
    says: 'stops listening once #1 has closed',
  },
  {
    what: 'dies in mid-call',
    start: raw(good),
    options: { scenario: oneTalks(4), retryAttempts: 2 },
    moments: (receiver) => [
      {
        atSeconds: 1.05,
        async act(session) {
          await (receiver as RawReceiver).close();
          await ended(session);
        },
      },
    ],
    code: 'crash',
    certainty: 'certain',
    says: 'The receiver crashed or was ended at 1.05 s: all connections were lost at one moment',
  },
  {
    what: 'is stopped in order',
    start: raw(good),
    options: { scenario: oneTalks(4), retryAttempts: 2 },
    moments: (receiver) => [
      {
        atSeconds: 1.05,
        async act(session) {
          (receiver as RawReceiver).stopListening();
          for (const peer of (receiver as RawReceiver).peers) peer.send(closeFrame(1001));
          await ended(session);
        },
      },
    ],
    code: 'shutdown',
    certainty: 'certain',
  },
  {
    what: 'accepts and closes at once, for ever',
    start: () => wsReceiver((webSocket) => webSocket.close(4000, 'no session')),
    options: REAL,
    code: ['accepts_then_closes', 'accepts_then_closes'],
    certainty: 'certain',
    says: 'close code 4000 "no session"',
  },
  {
    what: 'accepts and destroys at once, for ever',
    start: () => wsReceiver((webSocket) => webSocket.terminate()),
    options: REAL,
    code: 'accepts_then_closes',
  },
  {
    what: 'writes text to the raw socket',
    start: raw(async (peer) => {
      await peer.accept();
      peer.send('WebSocket connection upgraded');
    }),
    options: { scenario: oneTalks(1) },
    code: 'bytes_after_101',
    certainty: 'certain',
    says: '29 bytes after the 101: "WebSocket connection upgraded"',
  },
  {
    what: 'masks its frames',
    start: raw(async (peer) => {
      await peer.accept([], Buffer.from([0x81, 0x80, 0, 0, 0, 0]));
    }),
    options: { scenario: oneTalks(1) },
    code: 'sends_invalid_frames',
    says: 'MASK must be clear',
  },
  {
    what: 'wants a signature',
    start: () =>
      wsReceiver(undefined, (_open, { headers }) => ('webhook-signature' in headers ? undefined : 401)),
    code: 'credentials_refused',
    says: 'refuses an upgrade that has no signature and no token (HTTP 401)',
  },
  {
    what: 'refuses our signature',
    start: () => wsReceiver(undefined, () => 401),
    options: { secret: SECRET },
    code: 'credentials_refused',
    says: 'refuses our signature',
  },
  {
    what: 'has another path, and no answer but 404',
    start: () => wsReceiver(undefined, () => 404),
    code: 'wrong_path',
    certainty: 'certain',
  },
  {
    what: 'has another path in the ws library',
    start: async () => {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/other' });
      await new Promise((resolve) => server.once('listening', resolve));
      return {
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/audio/`,
        [Symbol.asyncDispose]: async () => void server.close(),
      };
    },
    code: 'wrong_path',
    certainty: 'likely',
  },
  {
    what: 'speaks TLS at a ws:// URL',
    start: raw(async (peer) => {
      await peer.request();
      peer.socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 10]));
    }),
    code: 'not_websocket',
    says: 'speaks TLS on this port: use wss://',
  },
  {
    what: 'has a certificate that nobody trusts',
    start: async () => {
      const made = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
      return rawReceiver(good, { tls: { key: made.private, cert: made.cert } });
    },
    code: 'tls',
    says: 'not trusted',
  },
  {
    what: 'is not there',
    start: async () => {
      const receiver = await rawReceiver(good);
      await receiver.close();
      return receiver;
    },
    code: 'not_there',
  },
  {
    what: 'fails in the upgrade',
    start: () => wsReceiver(undefined, () => 500),
    code: 'upgrade_error',
  },
  {
    what: 'is behind a proxy that cannot reach it',
    start: () => wsReceiver(undefined, () => 502),
    code: 'upgrade_error',
    says: "A proxy answers in the receiver's place",
  },
  { what: 'is not ready', start: () => wsReceiver(undefined, () => 503), code: 'overloaded' },
  {
    what: 'never answers the upgrade',
    start: raw(() => {}),
    options: { handshakeTimeoutSeconds: 0.2, retryAttempts: 0 },
    code: 'slow_upgrade',
    says: 'does not answer the upgrade',
  },
  {
    what: 'answers the upgrade too late',
    start: raw(async (peer) => {
      await peer.request();
      setTimeout(() => good(peer), 700);
    }),
    options: { ...REAL, scenario: oneTalks(2), connectGraceSeconds: 0.2 },
    code: 'slow_upgrade',
    says: 'too late',
  },
  {
    what: 'has a limit on messages',
    start: () => wsReceiver(undefined, undefined, { maxPayload: 1_000 }),
    options: REAL,
    code: 'message_too_big',
    certainty: 'certain',
  },
  {
    what: 'expects bytes',
    start: () =>
      wsReceiver((webSocket) =>
        webSocket.on('message', (_data, isBinary) => isBinary || webSocket.close(1003, 'binary only')),
      ),
    options: REAL,
    code: 'unsupported_data',
    says: 'expects binary messages and closes at text (1003, unsupported data "binary only")',
  },
  {
    what: 'cannot make sense of a message',
    start: () => wsReceiver((webSocket) => webSocket.on('message', () => webSocket.close(1007))),
    options: REAL,
    code: 'rejects_messages',
  },
  {
    what: 'fails at a message',
    start: () => wsReceiver((webSocket) => webSocket.on('message', () => webSocket.close(1011, 'KeyError'))),
    options: REAL,
    code: 'handler_error',
    says: '(1011, internal error "KeyError")',
  },
  {
    what: 'lets in and sends away who has no token',
    start: () => wsReceiver((webSocket) => webSocket.close(1008, 'no token')),
    options: REAL,
    code: 'closed_as_unauthorised',
  },
  {
    what: 'returns from its handler',
    start: raw(good),
    options: { scenario: oneTalks(4) },
    moments: midCall(2.05, (peer) => peer.send(closeFrame(1000))),
    code: 'closed_by_itself',
  },
  {
    what: 'ends a connection on which nothing was said for 30 s',
    start: raw(good),
    options: {
      scenario: meeting({ title: 'Quiet', duration: 60 })
        .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).mute(5).unmute(50))
        .build(),
    },
    moments: (receiver) => [
      {
        atSeconds: 35,
        async act(session) {
          if (session.options.mode === 'per-participant') return;
          (receiver as RawReceiver).peers[0]!.socket.end();
          await ended(session);
        },
      },
    ],
    code: [undefined, 'idle_timeout'],
    certainty: 'likely',
    says: 'after 30 s of silence',
  },
  {
    what: 'does not read',
    start: raw(async (peer) => {
      await peer.accept();
      peer.socket.pause();
    }),
    options: LONG,
    code: 'stopped_reading',
    certainty: 'certain',
  },
  {
    what: 'reads a little of what it gets',
    start: raw(async (peer) => {
      await peer.accept();
      peer.socket.pause();
    }),
    options: { ...LONG, stallTimeoutSeconds: 0.1 },
    // Every ten seconds of the meeting it reads some, and what waits moves up.
    moments: (receiver) =>
      Array.from({ length: 50 }, (_, index) => ({
        atSeconds: 95.5 + 10 * index,
        async act() {
          const peer = (receiver as RawReceiver).peers[0]!;
          const before = peer.messages;
          peer.socket.resume();
          await peer.received(before + 5);
          peer.socket.pause();
          await turns();
        },
      })),
    code: 'slower_than_real_time',
    says: 'reads slower than real time: about',
  },
  {
    what: 'reads for a while, then not, then again',
    start: raw(good),
    options: { ...LONG, closeTimeoutSeconds: 5 },
    moments: (receiver) => [
      {
        atSeconds: 9.5,
        async act() {
          const peer = (receiver as RawReceiver).peers[0]!;
          await peer.received(10);
          peer.socket.pause();
        },
      },
      {
        atSeconds: 500.5,
        async act() {
          const peer = (receiver as RawReceiver).peers[0]!;
          const before = peer.messages;
          peer.socket.resume();
          await peer.received(before + 20);
        },
      },
    ],
    code: 'stopped_reading',
    says: 'from 1',
  },
  {
    what: 'does not answer a close',
    start: raw((peer) => peer.accept()),
    options: { ...HANGS, scenario: oneTalks(1) },
    code: 'close_unanswered',
  },
];

describe.each(MODES)('a receiver that is played at (%s)', (connections) => {
  it.concurrent.each(CASES)('$what', async ({ start, options, moments, code, certainty, says }) => {
    await using receiver = await start();
    const { report } = await playAt(receiver.url, { connections, ...options }, moments?.(receiver));
    const expected =
      code === undefined || typeof code === 'string' ? code : code[connections === 'per-participant' ? 0 : 1];
    expect(report.diagnoses.map((each) => each.code).slice(0, 1), JSON.stringify(report.diagnoses)).toEqual(
      expected === undefined ? [] : [expected],
    );
    const [first] = report.diagnoses;
    if (first === undefined) {
      expect(report.ok).toBe(true);
      return;
    }
    if (certainty !== undefined) expect(first.certainty).toBe(certainty);
    if (says !== undefined) expect(first.text).toContain(says);
    expect(first.evidence.length).toBeGreaterThan(0);
    expect(first.remedy).not.toBe('');
    expect(report.diagnoses.filter((each) => each.code === 'unknown')).toEqual([]);
  });
});

describe('the embedded receiver', () => {
  it.concurrent.each(MODES)('is a right one (%s)', async (connections) => {
    const report = await play({ scenario: TALK, connections, speed: 'max' });
    expect(report.diagnoses).toEqual([]);
  });
});
