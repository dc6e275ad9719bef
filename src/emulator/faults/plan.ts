/** The faults of a session: when each begins and ends, and which connections it befalls. */
import { UsageError } from '../../errors.ts';
import type { Connection } from '../connection.ts';
import type { FaultSpec, PlannedFault } from './fault.ts';

export interface FaultPlanOptions {
  readonly originMs: number;
  now(): number;
  at(dueMs: number, callback: () => void): () => void;
  /** Those that have not ended. */
  connections(): Iterable<Connection>;
  /** Index of a participant; -1 when there is none. */
  indexOf(participantId: number): number;
  onLog(level: 'info' | 'warn', text: string): void;
}

/** More cannot wait at the same time. */
const MAX_FAULTS = 10_000;

export class FaultPlan {
  readonly #options: FaultPlanOptions;
  readonly #inForce = new Set<PlannedFault>();
  readonly #waiting = new Map<PlannedFault, () => void>();
  #added = 0;

  constructor(options: FaultPlanOptions) {
    this.#options = options;
  }

  /** Throws a `UsageError` (`unknown_participant`, `too_many_faults`). One whose time has come begins at once. */
  add(spec: FaultSpec): void {
    const { originMs, now, at, indexOf } = this.#options;
    const participant = spec.participantId === undefined ? undefined : indexOf(spec.participantId);
    if (participant === -1) {
      throw new UsageError('unknown_participant', `There is no participant ${spec.participantId}.`, {
        hint: 'Name somebody of the meeting, or nobody.',
      });
    }
    if (this.#waiting.size + this.#inForce.size >= MAX_FAULTS) {
      throw new UsageError('too_many_faults', `${MAX_FAULTS} faults wait already.`, {
        hint: 'Let them happen first.',
      });
    }
    const fault: PlannedFault = { ...spec, participant, number: this.#added++ };
    const nowMs = now();
    const beginMs = Math.max(nowMs, originMs + (spec.atMs ?? 0));
    const { untilMs, forMs = spec.kind.lengthMs } = spec;
    const endMs = untilMs !== undefined ? originMs + untilMs : beginMs + (forMs ?? Number.POSITIVE_INFINITY);
    if (endMs <= beginMs) return;
    if (beginMs === nowMs) this.#begin(fault);
    else
      this.#waiting.set(
        fault,
        at(beginMs, () => this.#begin(fault)),
      );
    // Now, so that it comes before the frames of the same moment.
    if (Number.isFinite(endMs)) at(endMs, () => this.#end(fault));
  }

  /** A connection that is about to be dialled gets what is in force. */
  greet(connection: Connection): void {
    for (const fault of this.#inForce) if (befalls(fault, connection)) connection.afflict(fault);
  }

  /** Ends those that hold frames back: the meeting is over. */
  letGo(): void {
    for (const fault of [...this.#inForce]) if (fault.kind.holds === true) this.#end(fault);
  }

  /** No more faults; those in force end. */
  clear(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    for (const fault of [...this.#inForce]) this.#end(fault);
  }

  /** Those that wait or are in force, as they are written. */
  list(): readonly string[] {
    return [...this.#inForce, ...this.#waiting.keys()].map(({ text }) => text);
  }

  #begin(fault: PlannedFault): void {
    const { connections, onLog } = this.#options;
    const { kind } = fault;
    this.#waiting.delete(fault);
    let befallen = 0;
    for (const connection of [...connections()])
      if (befalls(fault, connection) && connection.afflict(fault)) befallen++;
    if (kind.instant === true) {
      if (befallen === 0) onLog('warn', `fault ${fault.text}: no connection was open`);
      return;
    }
    this.#inForce.add(fault);
  }

  #end(fault: PlannedFault): void {
    if (!this.#inForce.delete(fault)) return;
    for (const connection of [...this.#options.connections()]) connection.relieve(fault);
  }
}

/** Of a connection that everybody shares, only the participant's frames are befallen; it breaks for all. */
function befalls({ participant }: PlannedFault, connection: Connection): boolean {
  return (
    participant === undefined ||
    connection.participant === undefined ||
    connection.participant === participant
  );
}
