import { describe, expect, it } from 'vitest';
import { failure } from '../../src/emulator/failure.ts';
import { Histogram } from '../../src/emulator/histogram.ts';
import { Account, DROP_REASONS, ENDPOINT_EVENTS, Ledger, noDrops } from '../../src/emulator/ledger.ts';

describe('an account', () => {
  it('notes what is missing in ranges: touching frames are one', () => {
    const account = new Account(0, new Ledger().openConnection(0));
    account.drop('disconnected', 1_600, 1_600);
    account.drop('slow_receiver', 3_200, 800);
    account.drop('disconnected', 8_000, 1_600);
    expect(account.missing).toEqual([
      { startSample: 1_600, endSample: 4_000 },
      { startSample: 8_000, endSample: 9_600 },
    ]);
    expect(account.dropped).toEqual({ ...noDrops(), disconnected: 2, slow_receiver: 1 });
    expect(account.droppedTotal).toBe(3);
  });

  it('notes no range for an event that has no samples', () => {
    const account = new Account(ENDPOINT_EVENTS, new Ledger().openConnection(0));
    account.drop('disconnected', 1_600, 0);
    expect(account.missing).toEqual([]);
    expect(account.droppedTotal).toBe(1);
  });

  it('counts what frames were lost for', () => {
    const account = new Account(0, new Ledger().openConnection(0));
    const [reset, refused] = [
      failure('reset_by_receiver', 'reset'),
      failure('connection_refused', 'refused'),
    ];
    account.drop('disconnected', 0, 10, reset);
    account.drop('disconnected', 10, 10, refused);
    account.drop('disconnected', 20, 10, refused);
    account.drop('slow_receiver', 30, 10);
    expect([...account.causes]).toEqual([
      [reset, 1],
      [refused, 2],
    ]);
  });
});

describe('a ledger', () => {
  it('numbers connections in the order of dialling, and they begin with nothing', () => {
    const ledger = new Ledger();
    expect([ledger.openConnection(0), ledger.openConnection(2)]).toEqual([
      {
        endpointIndex: 0,
        number: 1,
        openedSeconds: null,
        closedSeconds: null,
        closeCode: null,
        closeReason: null,
        dials: [],
        endedBy: null,
        retries: 0,
        error: null,
        messagesReceived: 0,
        pingsReceived: 0,
        bytesWritten: 0,
        blockedMs: 0,
        maxBacklogBytes: 0,
        sentInDoubt: false,
        lastMessage: null,
      },
      expect.objectContaining({ endpointIndex: 2, number: 2 }),
    ]);
    expect(ledger.connections).toHaveLength(2);
  });

  it('has one account for each participant on each connection', () => {
    const ledger = new Ledger();
    const [one, two] = [ledger.openConnection(0), ledger.openConnection(0)];
    expect(ledger.account(one, 0)).toBe(ledger.account(one, 0));
    expect(new Set([ledger.account(one, 0), ledger.account(one, 1), ledger.account(two, 0)]).size).toBe(3);
    expect(ledger.accounts.map(({ participant, connection }) => [participant, connection.number])).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
    ]);
  });

  it('adds up frames, not events', () => {
    const ledger = new Ledger();
    const connection = ledger.openConnection(0);
    for (const [index, reason] of DROP_REASONS.entries()) {
      const account = ledger.account(connection, index);
      account.scheduled = 10;
      account.sent = 9 - index;
      for (let frame = 0; frame <= index; frame++) account.drop(reason, frame, 1);
    }
    const events = ledger.account(connection, ENDPOINT_EVENTS);
    events.scheduled = 100;
    events.sent = 50;
    events.drop('disconnected', 0, 0);
    expect(ledger.totals()).toEqual({
      scheduled: 60,
      sent: 9 + 8 + 7 + 6 + 5 + 4,
      injected: 0,
      inDoubt: 0,
      dropped: {
        disconnected: 1,
        slow_receiver: 2,
        reconnecting: 3,
        on_demand: 4,
        endpoint_failed: 5,
        fault: 6,
      },
      droppedTotal: 21,
    });
  });

  it('keeps one histogram for each account, or the one it was given', () => {
    const own = new Ledger();
    const connection = own.openConnection(0);
    expect(own.account(connection, 0).lateness).not.toBe(own.account(connection, 1).lateness);
    const lateness = new Histogram();
    const shared = new Ledger(lateness);
    expect(shared.account(shared.openConnection(0), 0).lateness).toBe(lateness);
  });
});
