/** A receiver with one mistake, and the cases that it fails. */
import type { Receiver } from '../receiver.ts';

export interface Mistake {
  /** In the receiver's terms. */
  readonly what: string;
  /** Ids of the cases that it fails, of all groups. */
  readonly costs: readonly string[];
  /** In their headlines. */
  readonly says: RegExp;
  /** Of these cases; `fail` when left out. */
  readonly verdict?: 'warn';
  /** Ids of cases that it may fail as well: whether they show it is a matter of moments. */
  readonly mayCost?: readonly string[];
  /** It shows in most others as well, one way or another: only its own are played, at their own pace. */
  readonly alone?: true;
  readonly receiver: new () => Receiver;
}
