/**
 * The workspaces of a server: each API key has one of its own, made when the key is seen for the first time. Bots, webhooks,
 * answers on demand and idempotency keys of one are not seen by another, so that tests that run at the same time can share
 * a server. The clock is the server's: all workspaces have the same time.
 */
import { createHash } from 'node:crypto';
import type { AnswersOnDemand } from '../bot/answers.ts';
import type { EventBots } from '../bot/calendar-bots.ts';
import type { Calendars } from '../bot/calendars.ts';
import type { DownloadFaults } from '../bot/download-faults.ts';
import { refused } from '../bot/refusal.ts';
import type { Workspace } from '../bot/workspace.ts';
import type { BotState, RecordingRecord } from '../store/records.ts';
import type { DeliveryTotals } from '../webhooks/delivery.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestLog } from './request-log.ts';

/** A workspace, and what there is beside its bots. */
export interface KeyedWorkspace {
  readonly workspace: Workspace;
  readonly webhooks: Webhooks;
  readonly calendars: Calendars;
  readonly eventBots: EventBots;
  readonly answers: AnswersOnDemand;
  readonly downloadFaults: DownloadFaults;
  readonly idempotency: IdempotencyKeys;
  readonly requests: RequestLog;
  /** Undefined: as many requests as one likes. */
  readonly limits: RateLimits | undefined;
}

/** A key for each test of a long day. Who wants more makes them up to fill our memory. */
const MAX_WORKSPACES = 10_000;

/** What a workspace is called: keys are secrets, and are neither shown nor kept. */
export function workspaceName(apiKey: string): string {
  return createHash('sha256').update(`recall-emulator workspace\0${apiKey}`).digest('hex').slice(0, 16);
}

/** What has become of the webhooks of them all. */
export function sumOfDeliveries(workspaces: readonly KeyedWorkspace[]): DeliveryTotals {
  const sum = { pending: 0, delivered: 0, failed: 0, dropped: 0, withheld: 0 };
  for (const { webhooks } of workspaces) {
    const { pending, delivered, failed, dropped, withheld } = webhooks.totals();
    sum.pending += pending;
    sum.delivered += delivered;
    sum.failed += failed;
    sum.dropped += dropped;
    sum.withheld += withheld;
  }
  return sum;
}

export class Workspaces {
  /** Without a name: of nobody yet. */
  readonly #make: (name: string | undefined) => KeyedWorkspace;
  readonly #byName = new Map<string, KeyedWorkspace>();
  /** Of bots that were there before any key was: the first key that comes has it. */
  #unclaimed: KeyedWorkspace | undefined;
  #ending = false;

  constructor(make: (name: string | undefined) => KeyedWorkspace) {
    this.#make = make;
  }

  /** Throws a `Refusal` (503) when there are too many, or the server ends. */
  of(apiKey: string): KeyedWorkspace {
    const name = workspaceName(apiKey);
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#ending) throw refused(503, 'ending', 'recall-emulator is ending.');
    if (this.#byName.size >= MAX_WORKSPACES) {
      const detail = `${MAX_WORKSPACES} API keys have been used: use fewer, reset some, or start anew.`;
      throw refused(503, 'too_many_workspaces', detail);
    }
    const workspace = this.#unclaimed ?? this.#make(name);
    if (workspace === this.#unclaimed) {
      this.#unclaimed = undefined;
      workspace.workspace.claim(name);
    }
    this.#byName.set(name, workspace);
    return workspace;
  }

  /** Undefined for a key that nobody has used. */
  find(apiKey: string): KeyedWorkspace | undefined {
    return this.#byName.get(workspaceName(apiKey));
  }

  all(): readonly KeyedWorkspace[] {
    return [...(this.#unclaimed === undefined ? [] : [this.#unclaimed]), ...this.#byName.values()];
  }

  /** Whether anything of any key has this id. */
  owns(id: string): boolean {
    return this.all().some(({ workspace }) => workspace.context.store.ownerOf(id) !== undefined);
  }

  /** The workspace that has this recording, and the recording. */
  withRecording(
    id: string,
  ): { readonly keyed: KeyedWorkspace; readonly recording: RecordingRecord } | undefined {
    for (const keyed of this.all()) {
      const recording = keyed.workspace.context.store.recording(id);
      if (recording !== undefined) return { keyed, recording };
    }
    return undefined;
  }

  /** The bots of a data folder go back to where they were; those of nobody to `ownKey`, or to the first key that comes. */
  async restore(states: readonly BotState[], ownKey?: string): Promise<void> {
    const own = ownKey === undefined ? undefined : workspaceName(ownKey);
    const byWorkspace = new Map<KeyedWorkspace, BotState[]>();
    for (const state of states) {
      const workspace = this.#named(state.bot.workspace ?? own);
      byWorkspace.set(workspace, [...(byWorkspace.get(workspace) ?? []), state]);
    }
    for (const [{ workspace }, ofOne] of byWorkspace) await workspace.restore(ofOne);
  }

  /** Its bots end, and all of it is forgotten: the next request with its key finds it as new. */
  async reset(keyed: KeyedWorkspace): Promise<void> {
    keyed.webhooks.close();
    await keyed.workspace.forget();
    if (this.#unclaimed === keyed) this.#unclaimed = undefined;
    for (const [name, each] of this.#byName) if (each === keyed) this.#byName.delete(name);
  }

  /** No new ones: the server ends. */
  end(): void {
    this.#ending = true;
  }

  #named(name: string | undefined): KeyedWorkspace {
    if (name === undefined) {
      this.#unclaimed ??= this.#make(undefined);
      return this.#unclaimed;
    }
    const made = this.#byName.get(name) ?? this.#make(name);
    this.#byName.set(name, made);
    return made;
  }
}
