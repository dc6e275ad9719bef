/** What a connection is told when it is made: how to behave, and whom it belongs to. */
import type { Clock } from './clock.ts';
import type { Failure } from './failure.ts';
import type { ConnectionRecord, Ledger } from './ledger.ts';
import type { MessageTap } from './message-tap.ts';
import type { OutageOptions } from './outage.ts';
import type { PacerGroup } from './pacer.ts';
import type { ConnectionProbe } from './probe.ts';
import type { EndpointHistory, RetryOptions } from './retry.ts';
import type { Transition } from './transitions.ts';

export interface ConnectionOptions extends RetryOptions, OutageOptions {
  readonly url: string;
  readonly insecure: boolean;
  /** Skip what the receiver writes after the 101 and is no WebSocket frame, instead of ending the connection. */
  readonly tolerateInvalidFrames: boolean;
  readonly handshakeTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Wall time that `--speed max` waits for a receiver which does not read. */
  readonly stallTimeoutMs: number;
  /** Backlog per connection beyond which frames are dropped as `slow_receiver`. */
  readonly maxBacklogBytes: number;
  readonly reconnectEveryMs: number | undefined;
  readonly reconnectGapMs: number;
  readonly lateCloseMs: number;
  readonly probe?: ConnectionProbe | undefined;
  /** Headers of each upgrade; called once for every dial, as signatures carry the time. */
  headers(): Readonly<Record<string, string>>;
}

export interface ConnectionContext {
  readonly clock: Clock;
  readonly pacer: Pick<PacerGroup, 'add' | 'at'>;
  readonly ledger: Ledger;
  /** Shared by the connections of an endpoint; its own when left out. */
  readonly history?: EndpointHistory | undefined;
  readonly endpointIndex: number;
  /** What the faults' random numbers derive from; default 1. */
  readonly seed?: number | undefined;
  /** Meeting time at which the session started, on the pacer's clock. */
  readonly originMs: number;
  readonly tap?: MessageTap | undefined;
  /** Every transition, when it has happened. */
  onChange(record: ConnectionRecord, step: Transition): void;
  onLog(level: 'debug' | 'info' | 'warn', text: string): void;
  /** Asked before every dial: why it is to fail without being made, or undefined. */
  refusal?(): Failure | undefined;
  /** The last retry failed: nothing more is sent to this endpoint. */
  onFailed(why: Failure): void;
}
