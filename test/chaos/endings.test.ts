/** Every way in which we end a connection, at receivers that are in every state: it ends, and all is accounted for. */
import { describe, expect, it } from 'vitest';
import { type Clock, virtualClock } from '../../src/emulator/clock.ts';
import type { ConnectionMode } from '../../src/emulator/endpoint.ts';
import type { Session } from '../../src/emulator/session.ts';
import type { ConnectionState } from '../../src/emulator/transitions.ts';
import type { PlayOptions } from '../../src/play.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { codesOf, HANGS, oneTalks, playAt } from '../support/chaos.ts';
import { type Behaviour, closeFrame, good, rawReceiver } from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

const hangs: Behaviour = () => {};
const neverCloses: Behaviour = (peer) => peer.accept();
const refuses: Behaviour = (peer) => peer.socket.end('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n');

interface AbortCase {
  readonly state: ConnectionState;
  readonly receiver: Behaviour | readonly Behaviour[];
  readonly options?: PlayOptions;
  /** How often the state has to come before the abort. */
  readonly times?: number;
}

const ABORTS: readonly AbortCase[] = [
  { state: 'connecting', receiver: hangs },
  { state: 'open', receiver: good },
  { state: 'open', receiver: neverCloses },
  { state: 'closing', receiver: neverCloses },
  { state: 'closing', receiver: good, options: { lateCloseSeconds: 3_600 } },
  { state: 'retrying', receiver: refuses },
  { state: 'connecting', receiver: [refuses, hangs], times: 2 },
  {
    state: 'reconnecting',
    receiver: good,
    options: { reconnectEverySeconds: 1, reconnectGapSeconds: 3_600 },
  },
  {
    state: 'connecting',
    receiver: [good, hangs],
    times: 2,
    options: { reconnectEverySeconds: 1, reconnectGapSeconds: 1 },
  },
  {
    state: 'connecting',
    receiver: [good, hangs],
    times: 2,
    options: { reconnectEverySeconds: 1, lateCloseSeconds: 3_600 },
  },
  { state: 'failed', receiver: refuses, options: { retryAttempts: 0 } },
];

/** Aborts in the turn after the first connection has come to the state so many times. */
function abortAt(
  state: ConnectionState,
  times: number,
): { signal: AbortSignal; watch(session: Session): void } {
  const abort = new AbortController();
  let left = times;
  let last: ConnectionState | undefined;
  return {
    signal: abort.signal,
    watch(session) {
      session.events.on('change', () => {
        const [connection] = session.endpoints[0]?.connections ?? [];
        if (connection === undefined || connection.state === last) return;
        last = connection.state;
        if (last === state && --left === 0) abort.abort();
      });
    },
  };
}

describe.each(MODES)('an abort (%s)', (connections) => {
  it.concurrent.each(ABORTS)(
    'while a connection is $state ends it in time (case %#)',
    async ({ state, receiver, options, times = 1 }) => {
      await using raw = await rawReceiver(receiver);
      const { signal, watch } = abortAt(state, times);
      const { report, session } = await playAt(raw.url, {
        ...HANGS,
        connections,
        // Muted before the end: the connection closes in mid-call.
        scenario: meeting({ duration: 600 })
          .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).mute(4))
          .build(),
        ...(state === 'closing' && connections === 'per-endpoint' ? { scenario: oneTalks(4) } : {}),
        // What ends is ended by the abort, not by a timeout.
        handshakeTimeoutSeconds: 3_600,
        stallTimeoutSeconds: 3_600,
        retryAttempts: 30,
        signal,
        onSession: watch,
        ...options,
      });
      // In the mode of one connection it closes when the call is over, so a late close is none of its.
      expect(report.interrupted).toBe(signal.aborted);
      if (!(connections === 'per-endpoint' && options?.lateCloseSeconds !== undefined && state === 'closing'))
        expect(signal.aborted).toBe(true);
      expect(session.endpoints[0]!.connections.size).toBe(0);
      for (const { openedSeconds, closedSeconds } of session.ledger.connections)
        expect(closedSeconds === null).toBe(openedSeconds === null);
    },
  );

  it.concurrent('before anything has begun', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, { connections, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ interrupted: true, scheduled: 0, sent: 0 });
  });
});

describe('a mute', () => {
  const toggling = meeting({ duration: 3 })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).mute(0.5).unmute(1).mute(1.5))
    .build();

  it.concurrent('while the upgrade is pending: what fell due is sent when it succeeds', async () => {
    const time = virtualClock();
    // Virtual time waits for a handshake; here only the test may stop it.
    const clock: Clock = {
      ...time,
      get held() {
        return time.held;
      },
      hold: () => () => {},
    };
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    await using raw = await rawReceiver([
      async (peer) => {
        await opened;
        await good(peer);
      },
      good,
    ]);
    time.wakeAt(700, async () => {
      const release = time.hold();
      open();
      await until(() => raw.peers[0]?.closeCode !== undefined);
      release();
    });
    const { report } = await playAt(raw.url, { clock, scenario: toggling, connectGraceSeconds: 10 });
    expect(report).toMatchObject({ ok: true, scheduled: 10, sent: 10 });
    expect(raw.peers.map(({ messages, closeCode }) => [messages, closeCode])).toEqual([
      [5, 1000],
      [5, 1000],
    ]);
  });

  it.concurrent('while the upgrade hangs for good: its frames are told as lost for that', async () => {
    await using raw = await rawReceiver([hangs, good]);
    const { report } = await playAt(raw.url, {
      scenario: toggling,
      handshakeTimeoutSeconds: 0.2,
      connectGraceSeconds: 0.2,
      retryAttempts: 3,
    });
    expect(codesOf(report)).toEqual(['upgrade_timeout']);
    expect(report.dropped.total).toBe(report.dropped.disconnected);
  });

  it.concurrent('while it is between two retries ends them', async () => {
    await using raw = await rawReceiver([refuses, good]);
    const { report } = await playAt(raw.url, {
      scenario: toggling,
      retryIntervalSeconds: 0.7,
      retryAttempts: 5,
    });
    // Refused at 0 s, muted at 0.5 s, in again at 1 s.
    expect(report).toMatchObject({ sent: 5, dropped: { disconnected: 5 } });
    expect(raw.peers).toHaveLength(2);
    expect(codesOf(report)).toEqual(['upgrade_status']);
  });

  it.concurrent('closes late when asked to, and the next stream has opened by then', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, { scenario: toggling, lateCloseSeconds: 1 });
    expect(report).toMatchObject({ ok: true, sent: 10 });
    expect(report.participants[0]!.connections.map((each) => [each.opened_s, each.closed_s])).toEqual([
      [0, 1.5],
      [1, 2.5],
    ]);
  });

  it.concurrent('with a late close, and the receiver ends it first', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.accept();
      await peer.received(5);
      peer.send(closeFrame(1001));
      peer.socket.end();
    });
    const { report } = await playAt(raw.url, { scenario: toggling, lateCloseSeconds: 1, retryAttempts: 5 });
    expect(report.endpoints[0]!.status).toBe('done');
  });
});

describe.each(MODES)('a drop on demand (%s)', (connections) => {
  it.concurrent('is followed by a dial, and what is lost is not held against the receiver', async () => {
    await using raw = await rawReceiver(good);
    const { report } = await playAt(raw.url, { connections, scenario: oneTalks(4) }, [
      {
        atSeconds: 0.45,
        async act(session) {
          await raw.peers[0]!.received(5);
          expect(session.drop(0)).toBe(1);
          expect(session.drop(0)).toBeLessThanOrEqual(1);
          await raw.peers[0]!.closed;
        },
      },
    ]);
    expect(report).toMatchObject({ ok: true, sent: 38, dropped: { total: 2, on_demand: 2 } });
    expect(codesOf(report)).toEqual(['dropped_on_demand']);
    expect(raw.peers[0]!.closeCode).toBeUndefined();
  });

  it.concurrent('with a receiver that refuses from then on: the refusals are the reason', async () => {
    await using raw = await rawReceiver([good, refuses]);
    const { report } = await playAt(raw.url, { connections, scenario: oneTalks(4), retryAttempts: 2 }, [
      {
        atSeconds: 0.45,
        async act(session) {
          await raw.peers[0]!.received(5);
          session.drop(undefined);
          await raw.peers[0]!.closed;
        },
      },
    ]);
    expect(report).toMatchObject({ ok: false, sent: 5 });
    expect(report.endpoints[0]!.status).toBe('failed');
    expect(report.verdict).toContain('HTTP 503');
  });
});

describe.each(MODES)('a reconnect that was asked for (%s)', (connections) => {
  it.concurrent('at a receiver that refuses the second dial: the refusal is told', async () => {
    await using raw = await rawReceiver([good, refuses, good]);
    const { report } = await playAt(raw.url, {
      connections,
      scenario: oneTalks(4),
      reconnectEverySeconds: 1,
      reconnectGapSeconds: 0.2,
      retryAttempts: 5,
      retryIntervalSeconds: 0.3,
    });
    expect(report.dropped.reconnecting).toBeGreaterThan(0);
    expect(report.dropped.disconnected).toBeGreaterThan(0);
    expect(codesOf(report)).toContain('upgrade_status');
    expect(report.ok).toBe(false);
  });

  it.concurrent('with a late close at a receiver that never closes: each ends in time', async () => {
    await using raw = await rawReceiver(neverCloses);
    const { report, session } = await playAt(raw.url, {
      ...HANGS,
      connections,
      scenario: oneTalks(4),
      reconnectEverySeconds: 1,
      lateCloseSeconds: 0.5,
    });
    expect(report).toMatchObject({ scheduled: 40, sent: 40, dropped: { total: 0 } });
    expect(session.ledger.connections.length).toBeGreaterThanOrEqual(4);
    expect(codesOf(report)).toEqual(['close_unanswered']);
  });
});
