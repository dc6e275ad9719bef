/** What the ledger keeps of the dials of a connection. */
import type { Clock } from './clock.ts';
import type { Failure } from './failure.ts';

/** One dial. Times in meeting seconds. */
export interface DialRecord {
  readonly startedSeconds: number;
  /** Null while it is under way, and when it has led to the open WebSocket. */
  failedSeconds: number | null;
  failure: Failure | null;
}

interface Dialled {
  readonly dials: DialRecord[];
}

/** What meeting seconds are counted by. */
interface MeetingTime {
  readonly clock: Pick<Clock, 'now'>;
  readonly originMs: number;
}

/** Of a connection that is dialled more often, the first ones and the last are kept. */
const MAX_DIALS = 100;

/** A dial begins. */
export function noteDial({ dials }: Dialled, time: MeetingTime): void {
  if (dials.length === MAX_DIALS) dials.pop();
  dials.push({ startedSeconds: secondsNow(time), failedSeconds: null, failure: null });
}

/** The dial that was under way has failed. */
export function noteDialFailed({ dials }: Dialled, failure: Failure, time: MeetingTime): void {
  const last = dials.at(-1);
  if (last === undefined) return;
  last.failure = failure;
  last.failedSeconds = secondsNow(time);
}

function secondsNow({ clock, originMs }: MeetingTime): number {
  return (clock.now() - originMs) / 1_000;
}
