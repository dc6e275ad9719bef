/** Faults that end connections, or keep them from beginning. The next dial comes 0.2 s after a loss. */
import { describe, expect, it } from 'vitest';
import { type Clock, virtualClock } from '../../../src/emulator/clock.ts';
import { play } from '../../../src/play.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { codesOf } from '../../support/chaos.ts';
import { withFolder } from '../../support/cli.ts';
import { tenths, withFault } from '../../support/faults.ts';
import { good, OPCODE, type Peer, serverFrame } from '../../support/raw-receiver.ts';

/** A good receiver that answers a ping and notes how its socket ended. */
function noting(ends: string[]) {
  return (peer: Peer): unknown => {
    const ping = (): Buffer | undefined => peer.frames.find(({ opcode }) => opcode === OPCODE.ping)?.payload;
    void peer.until(() => ping() !== undefined).then(() => peer.send(serverFrame(OPCODE.pong, ping())));
    peer.socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code ?? 'error'));
    peer.socket.on('end', () => ends.push('FIN'));
    return good(peer);
  };
}

describe('reset', () => {
  it('is an RST at the receiver; the loss is ours, and the stream goes on over a new connection', async () => {
    const ends: string[] = [];
    const { report, peers, relatives } = await withFault('reset@1s', {
      behaviour: noting(ends),
      closeTimeoutSeconds: 600,
    });
    expect(ends[0]).toBe('ECONNRESET');
    expect(peers).toHaveLength(2);
    expect(peers[0]!.closeCode).toBeUndefined();
    expect(relatives).toEqual(tenths(1, 1.1, 1.2));
    expect(report).toMatchObject({ ok: true, sent: 17, dropped: { total: 3, fault: 3 } });
    expect(report.verdict).toContain('3 frames lost to the faults asked for');
    expect(report.failures).toEqual([{ code: 'fault', text: 'fault reset@1s', frames: 3, connections: 1 }]);
    expect(report.verdict).not.toContain('in doubt');
  });

  it('destroys nothing that counts as sent: what the embedded receiver kept is compared to the sample', () =>
    withFolder(async (out) => {
      const faults = ['reset@3s', 'reset@9s', 'slicer=512@8s'];
      const report = await play({ scenario: 'standup', speed: 'max', faults, out });
      expect(report.dropped.fault).toBeGreaterThan(0);
      expect(report.ok, report.verdict).toBe(true);
      expect(report.verdict).toMatch(/lost to the faults asked for; received audio equals sent audio\.$/);
    }));

  it('says what is in doubt at a receiver that does not answer a ping', async () => {
    const { report, session } = await withFault('reset@1s');
    expect(report).toMatchObject({ ok: true, sent: 17, dropped: { total: 3, fault: 3 } });
    expect(report.participants[0]!.connections.map(({ in_doubt }) => in_doubt)).toEqual([10, 0]);
    expect(report.verdict).toContain('; up to 10 frames in doubt: a reset destroys what');
    expect(session.ledger.totals()).toMatchObject({ sent: 17, inDoubt: 10 });
  });

  it('does not have audio compared that is in doubt, and has all other audio', () =>
    withFolder(async (out) => {
      const scenario = meeting({ duration: 4 })
        .participant({ id: 100 }, (ada) => ada.unmute(0))
        .participant({ id: 200 }, (ben) => ben.unmute(0))
        .build();
      // The time for a close is over before the receiver has had a turn.
      const virtual = virtualClock();
      const afterWall: Clock['afterWall'] = (ms, callback) => {
        if (ms !== 7_000) return virtual.afterWall(ms, callback);
        queueMicrotask(callback);
        return () => {};
      };
      const clock: Clock = Object.assign(Object.create(virtual), { afterWall });
      const report = await play({
        scenario,
        clock,
        closeTimeoutSeconds: 7,
        faults: ['reset,participant=100@1s'],
        out,
      });
      expect(report.participants.map(({ received }) => received?.ok)).toEqual([undefined, true]);
      expect(report.ok, report.verdict).toBe(true);
      expect(report.verdict).toMatch(
        /in doubt: .*; received audio equals sent audio; not compared for participant 100\.$/,
      );
    }));
});

describe('drop', () => {
  it('is a FIN without a close frame', async () => {
    const ends: string[] = [];
    const { report, peers, relatives } = await withFault('drop@1s', { behaviour: noting(ends) });
    expect(ends[0]).toBe('FIN');
    expect(peers[0]!.closeCode).toBeUndefined();
    expect(relatives).toEqual(tenths(1, 1.1, 1.2));
    expect(report.participants[0]!.connections[0]).toMatchObject({
      close_code: 1006,
      error: { code: 'fault' },
    });
    expect(report).toMatchObject({ ok: true, dropped: { total: 3, fault: 3 } });
  });

  it('befalls the participant that is named, and nobody else', async () => {
    const scenario = meeting({ duration: 2 })
      .participant({ id: 100 }, (ada) => ada.unmute(0))
      .participant({ id: 200 }, (ben) => ben.unmute(0))
      .build();
    const { report } = await withFault('drop,participant=200@1s', { scenario });
    expect(report.participants.map(({ dropped }) => dropped.fault)).toEqual([0, 3]);
  });

  it('needs an open connection, and says when there is none', async () => {
    const scenario = meeting({ duration: 2 })
      .participant({ id: 100 }, (ada) => ada.unmute(1))
      .build();
    const { report, logs } = await withFault('drop@500ms', { scenario });
    expect(report).toMatchObject({ ok: true, sent: 10 });
    expect(logs).toContain('warn: fault drop@500ms: no connection was open');
  });
});

describe('half_open', () => {
  it('leaves the old connection open in silence while a new one carries on', async () => {
    const ends: string[] = [];
    const seen: { frames: number; ended: boolean }[] = [];
    const { report, peers, relatives } = await withFault(
      'half_open=300ms@1s',
      { behaviour: noting(ends) },
      (all) => [
        {
          atSeconds: 1.8,
          act: () => seen.push({ frames: all[0]!.messages, ended: ends.length > 0 }),
        },
      ],
    );
    expect(seen).toEqual([{ frames: 10, ended: false }]);
    expect(peers).toHaveLength(2);
    expect(peers[0]!.closeCode).toBeUndefined();
    expect(relatives).toEqual(tenths(1, 1.1, 1.2, 1.3));
    expect(report).toMatchObject({ ok: true, dropped: { total: 4, fault: 4 } });
  });
});

describe('refuse', () => {
  it('keeps every dial from being made while it lasts', async () => {
    const { report, peers, relatives } = await withFault('refuse@0s-500ms', { retryAttempts: 5 });
    expect(peers).toHaveLength(1);
    // Dialled at 0, 0.2 and 0.4 s in vain, and at 0.6 s.
    expect(report.participants[0]!.connections[0]).toMatchObject({ retries: 3, opened_s: 0.6 });
    expect(relatives).toEqual(tenths(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6));
    expect(report).toMatchObject({ ok: true, dropped: { total: 7, fault: 7 } });
    expect(codesOf(report)).toEqual(['fault']);
  });
});

describe('reconnect', () => {
  it('is the option of that name, at any time and for any length', async () => {
    const { report, peers } = await withFault('reconnect=400ms,gap=100ms@500ms-1500ms');
    expect(peers).toHaveLength(3);
    expect(report).toMatchObject({ ok: true, dropped: { total: report.dropped.reconnecting } });
    expect(report.dropped.reconnecting).toBeGreaterThan(0);
  });

  it('may dial the successor first', async () => {
    const { report, peers } = await withFault('reconnect=1s,late=300ms');
    expect(peers.map(({ closeCode }) => closeCode)).toEqual([1000, 1000]);
    expect(report.participants[0]!.connections.map(({ opened_s, closed_s }) => [opened_s, closed_s])).toEqual(
      [
        [0, 1.3],
        [1, 2],
      ],
    );
    expect(report.dropped.total).toBe(0);
  });
});

describe('late_close', () => {
  it('keeps the socket open after a mute', async () => {
    const scenario = meeting({ duration: 3 })
      .participant({ id: 100 }, (ada) => ada.unmute(0).mute(1))
      .build();
    const { report } = await withFault('late_close=700ms', { scenario });
    expect(report.participants[0]!.connections[0]).toMatchObject({ closed_s: 1.7, close_code: 1000 });
  });
});
