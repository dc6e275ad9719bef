/** Plays a meeting at a receiver that misbehaves, and checks what must hold whatever it does. */
import { expect } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import type { FailureCode } from '../../src/emulator/failure.ts';
import { DROP_REASONS, ENDPOINT_EVENTS } from '../../src/emulator/ledger.ts';
import type { PlayReport } from '../../src/emulator/report.ts';
import type { Session } from '../../src/emulator/session.ts';
import { type PlayOptions, play } from '../../src/play.ts';
import { meeting } from '../../src/scenario/builder.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { until, within } from './until.ts';

/** Two participants, unmuted for so many seconds; ten frames a second of each. */
export function twoTalk(seconds: number): Scenario {
  return meeting({ title: 'Chaos', duration: seconds })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
    .participant({ id: 200, name: 'Ben' }, (ben) => ben.unmute(0))
    .build();
}

/** One participant, unmuted for so many seconds. */
export function oneTalks(seconds: number): Scenario {
  return meeting({ title: 'Chaos', duration: seconds })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
    .build();
}

export interface ChaosRun {
  readonly report: PlayReport;
  readonly session: Session;
  readonly logs: readonly string[];
}

/** Something that happens in mid-call: time stands still at these meeting seconds until it is over. */
export interface Moment {
  readonly atSeconds: number;
  act(session: Session): unknown;
}

/** For receivers that do not read or do not answer: as little as it takes, in wall seconds. Others have more than they need. */
export const HANGS = { closeTimeoutSeconds: 0.3, stallTimeoutSeconds: 0.3 } as const satisfies PlayOptions;

/**
 * Plays one second in virtual time unless told otherwise, with one retry. What happens at a moment has happened when time goes
 * on, so that every count is exact.
 */
export async function playAt(
  url: string,
  options: PlayOptions = {},
  moments: readonly Moment[] = [],
): Promise<ChaosRun> {
  const logs: string[] = [];
  let session: Session | undefined;
  const clock = options.clock ?? (options.speed === undefined ? virtualClock() : undefined);
  const failed: unknown[] = [];
  for (const { atSeconds, act } of moments) {
    clock!.wakeAt(atSeconds * 1_000, () => {
      const release = clock!.hold();
      // A turn later: what this time has sent has left by then.
      setImmediate(async () => {
        try {
          await within(Promise.resolve(act(session!)), `what happens at ${atSeconds} s: ${act}`);
        } catch (error) {
          failed.push(error);
        }
        release();
      });
    });
  }
  const playing = play({
    scenario: twoTalk(1),
    to: url,
    clock,
    retryAttempts: 1,
    retryIntervalSeconds: 0.2,
    closeTimeoutSeconds: 10,
    stallTimeoutSeconds: 10,
    onLog: (level, text) => logs.push(`${level}: ${text}`),
    ...options,
    onSession: (made) => {
      session = made;
      options.onSession?.(made);
    },
  });
  // Whatever the receiver does, and however busy the machine is: timeouts of a test add up to a few seconds at most.
  const report = await within(playing, () => ['the end of the meeting', ...logs].join('\n'));
  if (failed.length > 0) throw failed[0];
  checkAccounts(report, session!);
  checkPlain([JSON.stringify(report), report.verdict, ...logs]);
  return { report, session: session!, logs };
}

/** `scheduled = sent + dropped`, everywhere, with what is missing noted sample by sample and nothing pending. */
export function checkAccounts(report: PlayReport, session: Session): void {
  expect(report.scheduled).toBe(report.sent + report.dropped.total);
  for (const account of session.ledger.accounts) {
    const dropped = DROP_REASONS.reduce((sum, reason) => sum + account.dropped[reason], 0);
    expect(account.scheduled).toBe(account.sent + dropped);
    expect(account.pending).toBe(0);
    if (account.participant === ENDPOINT_EVENTS) continue;
    const missing = account.missing.reduce(
      (sum, { startSample, endSample }) => sum + endSample - startSample,
      0,
    );
    expect(missing > 0).toBe(dropped > 0);
  }
  // Sent and missing samples together are what was scheduled.
  if (report.interrupted) return;
  const { timeline, ledger } = session;
  for (const index of timeline.participants.keys()) {
    const planned = timeline.streams
      .filter(({ participant }) => participant === index)
      .flatMap(({ segments }) => segments)
      .reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
    const accounts = ledger.accounts.filter(({ participant }) => participant === index);
    const told = accounts.reduce(
      (sum, { sentSamples, missing }) =>
        sum + sentSamples + missing.reduce((total, range) => total + range.endSample - range.startSample, 0),
      0,
    );
    expect(told).toBe(planned);
  }
}

/** Nothing that a terminal would obey, and no line break that could forge a line. */
export function checkPlain(texts: readonly string[]): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  for (const text of texts) expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
}

export function codesOf(report: PlayReport): FailureCode[] {
  return report.failures.map(({ code }) => code);
}

/** The emulator has seen the end of so many WebSockets. */
export function ended(session: Session, count = 1): Promise<void> {
  return until(() => session.ledger.connections.filter((each) => each.closeCode !== null).length >= count);
}

/** What has been written on one side of a loopback socket has been read on the other: both share this event loop. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
