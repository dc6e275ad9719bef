/** A receiver with one mistake, and the cases that it fails. */
import type { Receiver } from '../receiver.ts';

export interface Mistake {
  /** In the receiver's terms. */
  readonly what: string;
  /** Ids of the cases of its group that it fails. */
  readonly costs: readonly string[];
  /** In their headlines. */
  readonly says: RegExp;
  /** Of these cases; `fail` when left out. */
  readonly verdict?: 'warn';
  /** It shows in its own case and others: only its own is played. Or it is one of real time. */
  readonly alone?: true;
  readonly receiver: new () => Receiver;
}
