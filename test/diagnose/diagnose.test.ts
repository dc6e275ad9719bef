/** What is not there is not told: patterns that something contradicts, and what one cause leaves to the next. */
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { ConnectionEvidence, Evidence } from '../../src/diagnose/evidence.ts';
import { type FailureCode, failure } from '../../src/emulator/failure.ts';
import { noDrops } from '../../src/emulator/ledger.ts';

const refusedAt = (seconds: number, code: FailureCode = 'upgrade_status', status = 409) => ({
  startedSeconds: seconds,
  failedSeconds: seconds,
  failure: failure(code, `refused with ${status}`, { status }),
});

/** `open`: from – to, and who ended it: E for us, R for the receiver. */
function connection(
  number: number,
  open: readonly [from: number, to: number, by: 'E' | 'R'] | undefined,
  more: Partial<ConnectionEvidence> = {},
): ConnectionEvidence {
  const [from = null, to = null, by] = open ?? [];
  const lost = by === 'R';
  return {
    number,
    openedSeconds: from,
    closedSeconds: to,
    closeCode: lost ? 4000 : from === null ? null : 1000,
    closeReason: null,
    dials: from === null ? [] : [{ startedSeconds: from, failedSeconds: null, failure: null }],
    endedBy: from === null ? null : lost ? 'receiver' : 'emulator',
    retries: 0,
    error: lost ? failure('closed_by_receiver', 'receiver closed the connection') : null,
    messagesReceived: 0,
    pingsReceived: 0,
    bytesWritten: 0,
    blockedMs: 0,
    maxBacklogBytes: 0,
    sentInDoubt: false,
    lastMessage: null,
    accounts: [],
    scheduled: 100,
    sent: 90,
    dropped: noDrops(),
    ...more,
  };
}

function causesOf(connections: readonly ConnectionEvidence[], more: Partial<Evidence> = {}): string[] {
  return diagnose({
    endpoint: { secure: false, hasToken: true, signed: false },
    mode: 'per-participant',
    durationSeconds: 600,
    interrupted: false,
    participants: [],
    unmuted: [],
    witnesses: {},
    connections,
    ...more,
  }).map(({ code, certainty }) => (certainty === 'likely' ? `${code}?` : code));
}

describe('a rule for connections', () => {
  const busy = connection(2, [20, 60, 'E'], {
    dials: [refusedAt(5), refusedAt(8), { startedSeconds: 20, failedSeconds: null, failure: null }],
  });

  it('holds as long as nothing contradicts it', () => {
    expect(causesOf([connection(1, [0, 18, 'E']), busy])).toEqual(['one_connection_per_url']);
    // Nobody was let in again: a token that works once would show like this, too.
    expect(
      causesOf([connection(1, [0, 60, 'E']), connection(2, undefined, { dials: [refusedAt(5)] })]),
    ).toEqual(['one_connection_per_url?']);
    // The same refusals, and somebody else was let in beside.
    expect(causesOf([connection(1, [0, 18, 'E']), busy, connection(3, [10, 60, 'E'])])).not.toContain(
      'one_connection_per_url',
    );
  });

  it('is none where a connection may have died of its first message', () => {
    const ended = (closeCode: number): string[] =>
      causesOf([connection(1, [0, 60, 'E']), connection(2, [5, 5.2, 'R'], { closeCode })]);
    expect(ended(4000)).toEqual(['one_connection_per_url?']);
    expect(ended(1011)).toEqual(['handler_error']);
    expect(ended(1006)).toEqual(['unknown']);
  });

  it('may be of more than one connection', () => {
    expect(
      causesOf([
        connection(1, [0, 18, 'E']),
        connection(2, [1, 60, 'E']),
        connection(3, [20, 60, 'E'], { dials: [refusedAt(5)] }),
      ]),
    ).toEqual(['connection_limit']);
  });

  it('is none when a token was good a second time', () => {
    const first = connection(1, [0, 10, 'E']);
    const refused = connection(2, undefined, { dials: [refusedAt(5), refusedAt(30)] });
    expect(causesOf([first, refused])).toEqual(['token_works_once']);
    expect(causesOf([first, refused, connection(3, [40, 50, 'E'])])).not.toContain('token_works_once');
  });

  it('does not take a survivor for a victim', () => {
    const newcomer = connection(3, [10, 60, 'E']);
    const replaced = connection(1, [0, 10.05, 'R']);
    expect(causesOf([replaced, newcomer])).toEqual(['new_connection_closes_older?']);
    expect(causesOf([replaced, connection(2, [0, 60, 'E']), newcomer])).toEqual(['unknown']);
    const muted = connection(1, [0, 30, 'E']);
    const ended = connection(2, [0, 30.02, 'R']);
    expect(causesOf([muted, ended])).toEqual(['one_close_ends_all?']);
    expect(causesOf([muted, ended, connection(3, [0, 60, 'E'])])).toEqual(['unknown']);
  });

  it('does not take a close of ours that the receiver crossed with its own for the beginning', () => {
    const ended = connection(2, [0, 30.02, 'R']);
    for (const [closeCode, cause] of [
      [1005, 'one_close_ends_all?'],
      [1006, 'one_close_ends_all?'],
      [4000, 'unknown'],
    ] as const)
      expect([closeCode, causesOf([connection(1, [0, 30, 'E'], { closeCode }), ended])]).toEqual([
        closeCode,
        [cause],
      ]);
  });

  it('takes an unmuted participant who is refused after a mute for a meeting that is over', () => {
    const refused = connection(3, undefined, { dials: [refusedAt(30)] });
    expect(causesOf([connection(1, [0, 10, 'E']), connection(2, [1, 60, 'E']), refused])).toEqual([
      'mute_ends_meeting',
    ]);
    expect(causesOf([connection(1, [0, 10, 'E']), refused])).toEqual(['mute_ends_meeting?']);
  });
});

describe('a crash', () => {
  const gone = { closeCode: 1006, error: failure('reset_by_receiver', 'reset') };
  const nobody = connection(9, undefined, { dials: [refusedAt(33, 'connection_refused')] });

  it('takes everything with it', () => {
    const lost = [connection(1, [0, 30, 'R'], gone), connection(2, [0, 30.1, 'R'], gone)];
    expect(causesOf([...lost, nobody])).toEqual(['crash']);
    // One that lives on shows that the process does.
    expect(causesOf([...lost, connection(3, [0, 60, 'E']), nobody])).toEqual(['unknown']);
    expect(causesOf(lost)).toEqual(['unknown']);
  });
});

describe('a timeout', () => {
  const shared = { mode: 'per-endpoint' } as const;
  const quiet = [
    { participant: 0, fromSeconds: 0, toSeconds: 10 },
    { participant: 0, fromSeconds: 100, toSeconds: 110 },
  ];

  it('is the same each time', () => {
    const lost = [connection(1, [0, 40, 'R']), connection(2, [43, 140, 'R'])];
    expect(causesOf(lost, { ...shared, unmuted: quiet })).toEqual(['idle_timeout']);
    const other = [connection(1, [0, 40, 'R']), connection(2, [43, 170, 'R'])];
    expect(causesOf(other, { ...shared, unmuted: quiet })).toEqual(['unknown']);
  });

  it('is none while somebody talks, and none after a short pause', () => {
    const talks = [{ participant: 0, fromSeconds: 0, toSeconds: 600 }];
    expect(causesOf([connection(1, [0, 40, 'R'])], { ...shared, unmuted: talks })).toEqual(['unknown']);
    expect(causesOf([connection(1, [0, 13, 'R'])], { ...shared, unmuted: quiet })).toEqual(['unknown']);
  });

  it('may be of a proxy that counts what comes back', () => {
    const lost = [connection(1, [0, 60, 'R']), connection(2, [63, 123.2, 'R'])];
    expect(causesOf(lost)).toEqual(['idle_timeout?']);
    expect(causesOf(lost.map((each) => ({ ...each, pingsReceived: 2 })))).toEqual(['unknown']);
  });
});

describe('several causes', () => {
  it('are each told for what they explain, and what is left is told as it is', () => {
    const told = causesOf([
      connection(1, [0, 20, 'R'], { closeCode: 1009 }),
      connection(2, [23, 50, 'R'], { closeCode: 1011, closeReason: 'boom' }),
      connection(3, [53, 100, 'R']),
    ]);
    expect(told).toEqual(['message_too_big', 'handler_error', 'unknown']);
  });

  it('are also told of a close that crossed ours, where audio was lost by it', () => {
    const crossed = { closeCode: 1009, dropped: { ...noDrops(), disconnected: 5 } };
    expect(causesOf([connection(1, [0, 20, 'E'], crossed)])).toEqual(['message_too_big']);
    expect(causesOf([connection(1, [0, 20, 'E'], { closeCode: 1009 })])).toEqual([]);
    expect(causesOf([connection(1, [0, 20, 'E'], { ...crossed, closeCode: 1000 })])).toEqual([]);
  });

  it('name a few facts, not all, and whom alone it befalls', () => {
    const account = (participant: number) => [{ participant, sent: 1, causes: [], missing: [] }];
    const [diagnosis] = diagnose({
      endpoint: { secure: false, hasToken: false, signed: false },
      mode: 'per-participant',
      durationSeconds: 600,
      interrupted: false,
      participants: [
        { id: 100, name: 'Ada' },
        { id: 300, name: null },
      ],
      unmuted: [],
      witnesses: {},
      connections: [
        connection(1, [0, 600, 'E'], { accounts: account(0) }),
        ...Array.from({ length: 20 }, (_, index) =>
          connection(index + 2, [10 * index + 1, 10 * index + 1.2, 'R'], {
            closeCode: 1011,
            closeReason: '\u001b[2Jboom',
            accounts: account(1),
          }),
        ),
      ],
    });
    expect(diagnosis!.text).toContain('"\\u001b[2Jboom"');
    expect(diagnosis!.evidence).toHaveLength(6);
    expect(diagnosis!.evidence[0]).toBe('it befell only participant 300 (name null)');
    expect(diagnosis!.evidence.at(-1)).toBe('and 16 more');
  });
});
