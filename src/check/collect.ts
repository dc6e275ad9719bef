/**
 * When to look at what was kept. Receivers write at a close, seconds later, or only when their process ends: the first cases
 * show which, and the others wait accordingly.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, judge } from './oracle/judge.ts';
import { type Locator, locator } from './oracle/locate.ts';
import type { KeptSeen, MeetingSeen, PlayedMeeting } from './seen.ts';
import { isExpected } from './verdict.ts';
import type { KeptWitness, WholeWitness } from './witnesses/kept.ts';
import type { ReceiverProcess } from './witnesses/process.ts';

export interface CollectOptions {
  readonly kept: readonly KeptWitness[];
  readonly whole: readonly WholeWitness[];
  readonly process: ReceiverProcess | undefined;
  /** How long the first case waits for what is missing. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const POLL_MS = 50;
/** Nothing has changed for so long: it is done, or it waits for something. */
const STABLE_MS = 200;
/** What came late at most, so many times over, is waited for. */
const PATIENCE = 3;
const MIN_WAIT_MS = 750;

export class Collector {
  readonly #options: CollectOptions;
  #waitMs: number;
  #latestMs = 0;
  #writesOnExit: boolean | undefined;

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#waitMs = options.waitMs;
  }

  /** Whether it is known that files are written only when the process ends. */
  get writesOnExit(): boolean {
    return this.#writesOnExit === true;
  }

  async prepare(): Promise<void> {
    for (const witness of [...this.#options.kept, ...this.#options.whole]) await witness.prepare();
  }

  nextRound(): void {
    for (const witness of [...this.#options.kept, ...this.#options.whole]) witness.nextRound?.();
  }

  began(recordingId: string): void {
    for (const witness of [...this.#options.kept, ...this.#options.whole]) witness.began?.(recordingId);
  }

  /** May end the process, when it writes only then. */
  async collect(played: readonly PlayedMeeting[]): Promise<MeetingSeen[]> {
    const { kept, whole, process } = this.#options;
    if (kept.length === 0 && whole.length === 0)
      return played.map((meeting) => ({ ...meeting, kept: undefined, mix: undefined }));
    const locators = played.map(({ sent }) => locator(sent));
    if (this.#writesOnExit === true) {
      await process?.stop();
      return this.#seen(played, locators);
    }
    const seen = await this.#settled(played, locators);
    if (seen.every(isFine) || process?.running !== true || this.#writesOnExit === false) return seen;
    const before = await this.#state(played);
    await process.stop();
    this.#writesOnExit = (await this.#state(played)) !== before;
    return this.#writesOnExit ? this.#seen(played, locators) : seen;
  }

  /** Looks whenever nothing changes any more, until all is well or the patience is at its end. */
  async #settled(played: readonly PlayedMeeting[], locators: readonly Locator[]): Promise<MeetingSeen[]> {
    const startMs = performance.now();
    let state: string | undefined;
    let looked: string | undefined;
    let sinceMs = startMs;
    let seen: MeetingSeen[] | undefined;
    for (;;) {
      const nowMs = performance.now();
      const next = await this.#state(played);
      if (next !== state) {
        state = next;
        sinceMs = nowMs;
      }
      const isLate = nowMs - startMs >= this.#waitMs;
      if (state !== looked && (isLate || nowMs - sinceMs >= STABLE_MS || seen === undefined)) {
        looked = state;
        seen = await this.#seen(played, locators);
        if (seen.every(isFine)) {
          this.#latestMs = Math.max(this.#latestMs, performance.now() - startMs);
          this.#waitMs = Math.max(MIN_WAIT_MS, this.#latestMs * PATIENCE);
          return seen;
        }
      }
      if (isLate || this.#options.signal.aborted) {
        // What was waited for in vain once is not waited for so long again.
        this.#waitMs = Math.max(MIN_WAIT_MS, this.#latestMs * PATIENCE);
        return seen ?? this.#seen(played, locators);
      }
      await sleep(POLL_MS);
    }
  }

  async #state(played: readonly PlayedMeeting[]): Promise<string> {
    const { kept, whole } = this.#options;
    const states = await Promise.all(
      [...kept, ...whole].flatMap((witness) => played.map((meeting) => witness.state(meeting, played))),
    );
    return states.join('\n\n');
  }

  #seen(played: readonly PlayedMeeting[], locators: readonly Locator[]): Promise<MeetingSeen[]> {
    return Promise.all(
      played.map(async (meeting, index) => ({
        ...meeting,
        kept: await this.#keptOf(meeting, played, locators[index]!),
        mix: await this.#wholeOf(meeting, played),
      })),
    );
  }

  async #keptOf(
    meeting: PlayedMeeting,
    played: readonly PlayedMeeting[],
    found: Locator,
  ): Promise<KeptSeen | undefined> {
    for (const witness of this.#options.kept) {
      const files = await witness.look(meeting, played);
      if (files !== undefined) return { by: witness.option, files, judgement: judge(files, found) };
    }
    return undefined;
  }

  async #wholeOf(meeting: PlayedMeeting, played: readonly PlayedMeeting[]): Promise<MeetingSeen['mix']> {
    let all: MeetingSeen['mix'];
    for (const witness of this.#options.whole) {
      const findings = await witness.look(meeting, played);
      if (findings !== undefined) all = [...(all ?? []), ...findings];
    }
    return all;
  }
}

function isFine(meeting: MeetingSeen): boolean {
  const { kept, mix } = meeting;
  return !isExpected(meeting) || (kept?.judgement.ok !== false && isOk(mix ?? []));
}
