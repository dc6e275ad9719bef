import { describe, expect, it } from 'vitest';
import type { PlayReport } from '../../src/emulator/report.ts';
import { type PlayOptions, play } from '../../src/play.ts';
import { verifyRequest } from '../../src/protocol/signing.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { type Behaviour, type FaultyReceiver, withReceiver } from '../support/faulty-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

/** One participant, unmuted for so many seconds: ten frames a second. */
function talk(seconds: number) {
  return meeting({ duration: seconds })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
    .build();
}

/** Plays in virtual time at a receiver that behaves so, and gives the account of the only participant's connections. */
async function playAt(
  behaviours: readonly Behaviour[],
  options: PlayOptions,
): Promise<{
  report: PlayReport;
  receiver: FaultyReceiver;
  logs: string[];
  connections: PlayReport['participants'][number]['connections'];
}> {
  const logs: string[] = [];
  return withReceiver(behaviours, async (receiver) => {
    const report = await play({
      scenario: talk(10),
      speed: 'max',
      to: receiver.url,
      onLog: (level, text) => logs.push(`${level}: ${text}`),
      ...options,
    });
    expect(report.scheduled).toBe(report.sent + report.dropped.total);
    return { report, receiver, logs, connections: report.participants[0]!.connections };
  });
}

describe('a receiver that cannot be reached', () => {
  it('is dialled again every 3 s, 30 times, and then the endpoint has failed', async () => {
    const refusals = Array<Behaviour>(50).fill({ kind: 'status', status: 503 });
    const { report, receiver, connections } = await playAt(refusals, { scenario: talk(120) });
    expect(receiver.upgrades).toHaveLength(31);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({ retries: 30, opened_s: null, close_code: null });
    // The last dial is 90 s in: until then nobody was connected, and after it the endpoint has failed.
    expect(report.dropped).toEqual({
      total: 1_200,
      disconnected: 901,
      slow_receiver: 0,
      reconnecting: 0,
      on_demand: 0,
      fault: 0,
      endpoint_failed: 299,
    });
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(report.ok).toBe(false);
  });

  it('gets the stream from where it is when it comes back, timestamps going on', async () => {
    const { report, receiver, connections } = await playAt(
      [{ kind: 'hang-up' }, { kind: 'status', status: 404 }],
      { retryIntervalSeconds: 2, retryAttempts: 2 },
    );
    expect(connections[0]).toMatchObject({
      retries: 2,
      opened_s: 4,
      error: { code: 'upgrade_status', text: expect.stringContaining('HTTP 404') },
    });
    expect(report.dropped.disconnected).toBe(report.dropped.total);
    const first = JSON.parse(receiver.messages[0]!).data.data.timestamp.relative;
    expect(first).toBeGreaterThanOrEqual(3.9);
    expect(first).toBeLessThanOrEqual(4.1);
    expect(report.sent).toBe(receiver.messages.length);
  });

  it('gets a bounded tail of what it missed when asked for', async () => {
    const { report, receiver } = await playAt([{ kind: 'hang-up' }], { bufferDisconnectedSeconds: 2 });
    const relatives = receiver.messages.map((text) => JSON.parse(text).data.data.timestamp.relative);
    // Dialled again 3 s in: the two seconds until then were kept.
    expect(relatives[0]).toBe(1.1);
    expect(relatives).toHaveLength(89);
    expect(report.dropped.disconnected).toBe(11);
  });

  it.each<[string, Behaviour, string]>([
    ['302', { kind: 'status', status: 302 }, 'redirects are not followed'],
    ['401', { kind: 'status', status: 401 }, 'check the token'],
    ['403', { kind: 'status', status: 403 }, 'check the token'],
    ['404', { kind: 'status', status: 404 }, 'no WebSocket endpoint at this path'],
    ['500', { kind: 'status', status: 500 }, 'failed while handling the upgrade'],
    ['200', { kind: 'status', status: 200 }, 'instead of 101'],
    ['a destroyed socket', { kind: 'hang-up' }, 'destroyed the connection during the upgrade'],
  ])('is told about %s in its own terms', async (_what, behaviour, says) => {
    const { report } = await playAt([behaviour], { retryAttempts: 0 });
    expect(report.ok).toBe(false);
    expect(report.verdict).toContain(says);
  });

  it('is told about a host name that does not exist', async () => {
    const report = await play({
      scenario: talk(1),
      speed: 'max',
      to: 'ws://receiver.invalid/',
      retryAttempts: 0,
    });
    expect(report.verdict).toContain('receiver.invalid was not found');
  });
});

describe('a receiver that ends the connection', () => {
  it.each([1001, 1008, 1011, 4000])('with %i and a reason is dialled anew, and quoted', async (code) => {
    const { report, connections, logs } = await playAt(
      [{ kind: 'close', after: 20, code, reason: 'enough' }],
      { speed: 20 },
    );
    expect(connections).toHaveLength(2);
    expect(connections[0]).toMatchObject({ close_code: code, close_reason: 'enough' });
    expect(connections[1]).toMatchObject({ close_code: 1000, retries: 1 });
    expect(logs.join('\n')).toContain(`close code ${code} "enough"`);
    expect(report.ok).toBe(false);
  });

  it('by destroying the socket is dialled anew', async () => {
    const { connections } = await playAt([{ kind: 'destroy', after: 20 }], { speed: 20 });
    expect(connections.map(({ close_code }) => close_code)).toEqual([1006, 1000]);
  });
});

describe('a receiver that writes to us', () => {
  it('is answered and counted', async () => {
    const { report, connections, logs } = await playAt([{ kind: 'chatty' }], {});
    expect(report.ok).toBe(true);
    expect(connections[0]).toMatchObject({ messages_received: 2, pings_received: 1, close_code: 1000 });
    expect(logs.join('\n')).toContain('debug: receiver sent a message: {"hello":"emulator"}');
  });

  it('hears that its bytes are no frames', async () => {
    const { report } = await playAt([{ kind: 'stray-bytes' }], { retryAttempts: 0, speed: 10 });
    expect(report.ok).toBe(false);
    expect(report.verdict).toContain('`tolerateInvalidFrames`');
  });

  it('gets everything all the same when that is tolerated', async () => {
    const { report, receiver } = await playAt([{ kind: 'stray-bytes' }], {
      tolerateInvalidFrames: true,
      speed: 10,
    });
    expect(report.ok).toBe(true);
    expect(receiver.messages).toHaveLength(100);
  });
});

describe('planned reconnects', () => {
  it('end the socket without a close frame, and drop only what falls into the gap', async () => {
    const { report, receiver, connections } = await playAt([], { reconnectEverySeconds: 3 });
    expect(connections.map(({ close_code }) => close_code)).toEqual([1006, 1006, 1000]);
    expect(receiver.upgrades).toHaveLength(3);
    expect(report.dropped).toMatchObject({ total: 20, reconnecting: 20 });
    expect(report.ok).toBe(true);
  });

  it('lose nothing when the old socket closes after its successor has opened', async () => {
    const { report, receiver, connections } = await playAt([], {
      reconnectEverySeconds: 4,
      lateCloseSeconds: 3,
    });
    expect(connections.map(({ close_code }) => close_code)).toEqual([1000, 1000, 1000]);
    expect(connections[0]!.closed_s).toBe(7);
    expect(connections[1]!.opened_s).toBe(4);
    expect(report.dropped.total).toBe(0);
    expect(receiver.messages).toHaveLength(100);
  });
});

describe('every upgrade', () => {
  it('is signed with an id of its own, as Standard Webhooks sign an empty body', async () => {
    const { receiver } = await playAt([{ kind: 'hang-up' }], {
      secret: SECRET,
      headers: { 'X-Team': 'red' },
    });
    expect(receiver.upgrades).toHaveLength(2);
    for (const { headers } of receiver.upgrades) {
      expect(headers['x-team']).toBe('red');
      expect(
        verifyRequest({ secret: SECRET, headers, nowSeconds: Math.floor(Date.now() / 1_000) }),
      ).toMatchObject({ ok: true });
    }
    expect(new Set(receiver.upgrades.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });
});

describe('an abort', () => {
  it('during the handshake ends it, and everything is accounted for', async () => {
    const abort = new AbortController();
    const { report } = await playAt([{ kind: 'hang' }], {
      speed: 1,
      signal: abort.signal,
      onSession: (session) =>
        session.events.on('change', () => {
          if (session.elapsedSeconds < 5) setImmediate(() => abort.abort());
        }),
    });
    expect(report.interrupted).toBe(true);
    expect(report.sent).toBe(0);
  });
});
