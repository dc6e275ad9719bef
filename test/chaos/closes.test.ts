/** Receivers that end the connection in mid-call: every code and every way, in both modes. */
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { FailureCode } from '../../src/emulator/failure.ts';
import { checkPlain, codesOf, ended, HANGS, oneTalks, playAt, turns, twoTalk } from '../support/chaos.ts';
import { closeFrame, good, OPCODE, type Peer, rawReceiver, serverFrame } from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

interface Case {
  readonly what: string;
  readonly end: (peer: Peer) => unknown;
  readonly code: FailureCode;
  readonly says: string;
  readonly closeCode: number;
}

const closedWith = (code: number, reason = ''): Case => ({
  what: `close code ${code}${reason === '' ? '' : ' with a reason'}`,
  end: (peer) => {
    peer.send(closeFrame(code, reason));
    peer.socket.end();
  },
  code: 'closed_by_receiver',
  says: `receiver closed the connection (close code ${code}${reason === '' ? '' : ` "${reason}"`})`,
  closeCode: code,
});

/** Codes that must not stand in a close frame: ws ends the connection for it. */
const invalidClose = (code: number): Case => ({
  what: `close code ${code}, which is none`,
  end: (peer) => peer.send(closeFrame(code)),
  code: 'invalid_frames',
  says: `invalid status code ${code}`,
  closeCode: 1006,
});

const CASES: readonly Case[] = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4001, 4999].map(
    (code) => closedWith(code),
  ),
  closedWith(1011, 'out of memory'),
  closedWith(4000, 'x'.repeat(123)),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535].map(invalidClose),
  {
    what: 'a close frame without a code',
    end: (peer) => {
      peer.send(closeFrame());
      peer.socket.end();
    },
    code: 'closed_by_receiver',
    says: 'close code 1005',
    closeCode: 1005,
  },
  {
    what: 'a close frame, and the socket stays open',
    end: (peer) => peer.send(closeFrame(1001)),
    code: 'closed_by_receiver',
    says: 'close code 1001',
    closeCode: 1001,
  },
  {
    what: 'two close frames',
    end: (peer) => {
      peer.send(Buffer.concat([closeFrame(1011, 'first'), closeFrame(4000, 'second')]));
      peer.socket.end();
    },
    code: 'closed_by_receiver',
    says: 'close code 1011 "first"',
    closeCode: 1011,
  },
  {
    what: 'messages after its close frame',
    end: (peer) => {
      peer.send(Buffer.concat([closeFrame(1011), ...Array(50).fill(serverFrame(OPCODE.text, 'more'))]));
      peer.socket.end();
    },
    code: 'closed_by_receiver',
    says: 'close code 1011',
    closeCode: 1011,
  },
  {
    what: 'a reason that is not UTF-8',
    end: (peer) => {
      peer.send(closeFrame(1011, Buffer.from([0xc3, 0x28])));
      peer.socket.end();
    },
    code: 'invalid_message',
    says: 'not UTF-8',
    closeCode: 1006,
  },
  {
    what: 'a reason that would forge a verdict',
    end: (peer) => {
      peer.send(closeFrame(1011, '\r\n\u001b[2K✔ 40 of 40\u001b]0;x\u0007\u009b1A\u2028\u202e'));
      peer.socket.end();
    },
    code: 'closed_by_receiver',
    says: 'close code 1011 "\\r\\n\\u001b[2K✔ 40 of 40\\u001b]0;x\\u0007\\u009b1A\\u2028\\u202e"',
    closeCode: 1011,
  },
  {
    what: 'FIN without a close frame',
    end: (peer) => peer.socket.end(),
    code: 'ended_without_close_frame',
    says: 'without a close frame',
    closeCode: 1006,
  },
  {
    what: 'FIN in the middle of a frame',
    end: (peer) => peer.socket.end(serverFrame(OPCODE.text, 'half').subarray(0, 4)),
    code: 'ended_without_close_frame',
    says: 'without a close frame',
    closeCode: 1006,
  },
  {
    what: 'RST',
    end: (peer) => peer.socket.resetAndDestroy(),
    code: 'reset_by_receiver',
    says: 'destroyed the connection without a close frame (ECONNRESET)',
    closeCode: 1006,
  },
  {
    what: 'RST in the middle of a frame',
    end: async (peer) => {
      peer.send(serverFrame(OPCODE.text, 'half').subarray(0, 4));
      // libuv takes data and RST in one turn for an end.
      await turns();
      peer.socket.resetAndDestroy();
    },
    code: 'reset_by_receiver',
    says: 'destroyed the connection without a close frame (ECONNRESET)',
    closeCode: 1006,
  },
];

describe.each(MODES)('a receiver that ends the connection in mid-call (%s)', (connections) => {
  it.concurrent.each(CASES)('with $what', async ({ end, code, says, closeCode }) => {
    await using raw = await rawReceiver(good);
    const { report, session, logs } = await playAt(raw.url, { connections, scenario: oneTalks(4) }, [
      {
        atSeconds: 0.45,
        async act(session) {
          await raw.peers[0]!.received(5);
          await end(raw.peers[0]!);
          await ended(session);
        },
      },
    ]);
    // Dialled again after 0.2 s: the frames of 0.5 and 0.6 s are lost.
    expect(report).toMatchObject({
      ok: false,
      scheduled: 40,
      sent: 38,
      dropped: { total: 2, disconnected: 2 },
    });
    expect(codesOf(report)).toEqual([code]);
    expect(report.failures[0]).toMatchObject({ frames: 2, connections: 1 });
    expect(report.verdict).toContain('38 of 40 frames delivered: 2 frames lost while disconnected (');
    expect(report.verdict).toContain(says);
    expect(session.ledger.connections.map((each) => each.closeCode)).toEqual([closeCode, 1000]);
    expect(raw.peers.map(({ messages }) => messages)).toEqual([5, 33]);
    expect(session.ledger.accounts.flatMap(({ missing }) => missing)).toEqual([
      { startSample: 8_000, endSample: 11_200 },
    ]);
    expect(logs.filter((line) => line.startsWith('warn: '))).toHaveLength(1);
  });
});

describe('a receiver at the end of a call', () => {
  it.concurrent('does not answer our close frame: told, and waited for no longer than its time', async () => {
    await using raw = await rawReceiver((peer) => peer.accept());
    const { report, session } = await playAt(raw.url, { ...HANGS, scenario: oneTalks(1) });
    expect(report).toMatchObject({ scheduled: 10, sent: 10, dropped: { total: 0 } });
    expect(codesOf(report)).toEqual(['close_unanswered']);
    expect(session.ledger.connections[0]).toMatchObject({ closeCode: 1000 });
    expect(raw.peers[0]!.closeCode).toBe(1000);
  });

  it.concurrent('ends without an answer to our close frame', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.accept();
      await peer.closing();
      peer.socket.end();
    });
    const { report } = await playAt(raw.url, { scenario: oneTalks(1) });
    expect(report).toMatchObject({ sent: 10 });
    expect(codesOf(report)).toEqual(['close_unanswered']);
  });

  it.concurrent('answers with another code, and goes on sending', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.accept();
      await peer.closing();
      peer.send(Buffer.concat([serverFrame(OPCODE.text, 'bye'), closeFrame(1001, 'gone'), closeFrame(4000)]));
      peer.socket.end();
    });
    const { report, session } = await playAt(raw.url, { scenario: oneTalks(1) });
    expect(report).toMatchObject({ ok: true, sent: 10, failures: [] });
    expect(session.ledger.connections[0]).toMatchObject({ closeCode: 1001, closeReason: 'gone' });
  });

  it.concurrent('an unanswered close takes no blame for what was lost before', async () => {
    await using raw = await rawReceiver([good, (peer) => peer.accept()]);
    const { report } = await playAt(raw.url, { ...HANGS, scenario: oneTalks(2) }, [
      {
        atSeconds: 0.45,
        async act(session) {
          raw.peers[0]!.send(closeFrame(1011, 'out of memory'));
          await ended(session);
        },
      },
    ]);
    expect(report.failures).toMatchObject([
      { code: 'closed_by_receiver', frames: 2, connections: 1 },
      { code: 'close_unanswered', frames: 0, connections: 1 },
    ]);
    expect(report.verdict).toContain('(receiver closed the connection (close code 1011 "out of memory"))');
    expect(report.verdict).not.toContain('did not answer');
  });
});

describe('a receiver that half-closes', () => {
  it.concurrent('with FIN and goes on reading: its end is an end, and we dial anew', async () => {
    await using raw = await rawReceiver(good, { allowHalfOpen: true });
    const { report, session } = await playAt(raw.url, { scenario: oneTalks(2) }, [
      {
        atSeconds: 0.45,
        async act(session) {
          raw.peers[0]!.socket.end();
          await ended(session);
        },
      },
    ]);
    expect(report).toMatchObject({ sent: 18, dropped: { disconnected: 2 } });
    expect(codesOf(report)).toEqual(['ended_without_close_frame']);
    expect(session.ledger.connections).toHaveLength(2);
  });
});

describe('a receiver with rules of its own for connections', () => {
  it.concurrent('that lets in one at a time: the second participant is told why not', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.request();
      if (peer.all.some((other) => other !== peer && !other.socket.destroyed)) {
        peer.socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      await good(peer);
    });
    const { report } = await playAt(raw.url, { scenario: twoTalk(2), retryAttempts: 30 });
    const [ada, ben] = report.participants;
    expect(ada).toMatchObject({ scheduled: 20, sent: 20 });
    expect(ben).toMatchObject({ scheduled: 20, sent: 0, dropped: { disconnected: 20 } });
    expect(codesOf(report)).toEqual(['upgrade_status']);
    expect(report.verdict).toContain('HTTP 409 Conflict');
    const shared = await playAt(raw.url, { scenario: twoTalk(2), connections: 'per-endpoint' });
    expect(shared.report).toMatchObject({ ok: true, sent: 40 });
  });

  it.concurrent('that closes older connections when a new one opens: both fight, all is told, it ends', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.accept();
      for (const other of peer.all) {
        if (other !== peer && !other.socket.destroyed) {
          other.send(closeFrame(4001, 'replaced'));
          other.socket.end();
        }
      }
      await peer.closing();
      peer.send(closeFrame(1000));
      peer.socket.end();
    });
    const { report } = await playAt(raw.url, { scenario: twoTalk(4), retryAttempts: 3 });
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('closed_by_receiver');
    expect(report.verdict).toContain('close code 4001 "replaced"');
    const shared = await playAt(raw.url, { scenario: twoTalk(4), connections: 'per-endpoint' });
    expect(shared.report).toMatchObject({ ok: true, sent: 80 });
  });
});

describe('a receiver that accepts and closes for ever', () => {
  it.concurrent.each([
    ['with a close frame', (peer: Peer) => peer.send(closeFrame(1013, 'try again')), 'closed_by_receiver'],
    ['with FIN', (peer: Peer) => peer.socket.end(), 'ended_without_close_frame'],
    ['with RST', (peer: Peer) => peer.socket.resetAndDestroy(), 'reset_by_receiver'],
  ] as const)('%s: the endpoint fails after 30 retries, in either mode', async (_what, end, code) => {
    for (const connections of MODES) {
      const clock = virtualClock();
      await using raw = await rawReceiver(async (peer) => {
        // No time passes between the opening and the end.
        const release = clock.hold();
        await peer.accept();
        await turns();
        await end(peer);
        await peer.closed;
        await turns();
        release();
      });
      const { report } = await playAt(raw.url, {
        clock,
        connections,
        scenario: oneTalks(120),
        retryAttempts: 30,
        retryIntervalSeconds: 3,
      });
      expect(raw.peers).toHaveLength(31);
      expect(report.endpoints[0]!.status).toBe('failed');
      expect(codesOf(report)).toEqual([code]);
      // The last dial is 90 s in.
      expect(report.dropped).toMatchObject({ endpoint_failed: 299, total: 1_200 - report.sent });
      expect(report.verdict).toContain('the endpoint failed: receiver ');
    }
  });
});

describe('a receiver that goes away', () => {
  it.concurrent.each(MODES)('for a second: the call goes on with the rest (%s)', async (connections) => {
    const first = await rawReceiver(good);
    let second: Awaited<ReturnType<typeof rawReceiver>> | undefined;
    const { report } = await playAt(
      first.url,
      { connections, scenario: oneTalks(4), retryAttempts: 30, retryIntervalSeconds: 0.3 },
      [
        {
          atSeconds: 1.05,
          async act(session) {
            await first.peers[0]!.received(11);
            await first.close();
            await ended(session);
          },
        },
        {
          atSeconds: 2.05,
          async act() {
            second = await rawReceiver(good, { port: first.port });
          },
        },
      ],
    );
    await second!.close();
    // Gone at 1.05 s; dialled at 1.35, 1.65, 1.95 and, with success, at 2.25 s.
    expect(report).toMatchObject({ scheduled: 40, sent: 28, dropped: { total: 12, disconnected: 12 } });
    expect(second!.peers[0]!.messages).toBe(17);
    expect(report.failures[0]!.code).toMatch(/^(ended_without_close_frame|reset_by_receiver)$/);
    expect(report.failures[0]!.frames).toBe(12);
    expect(report.endpoints[0]!.status).toBe('done');
  });

  it.concurrent.each(MODES)(
    'for good: the endpoint fails, and the reason is the end (%s)',
    async (connections) => {
      const raw = await rawReceiver(good);
      const { report } = await playAt(
        raw.url,
        { connections, scenario: oneTalks(4), retryAttempts: 3, retryIntervalSeconds: 0.3 },
        [
          {
            atSeconds: 1.05,
            async act(session) {
              await raw.peers[0]!.received(11);
              await raw.close();
              await ended(session);
            },
          },
        ],
      );
      expect(report).toMatchObject({ ok: false, scheduled: 40, sent: 11 });
      expect(report.endpoints[0]!.status).toBe('failed');
      expect(report.dropped.disconnected + report.dropped.endpoint_failed).toBe(29);
      expect(report.verdict).toContain('ECONNREFUSED');
      checkPlain([report.verdict]);
      await until(() => raw.peers.every(({ socket }) => socket.destroyed));
    },
  );
});
