/** What an open WebSocket is told when it is made. */
import type { Clock } from './clock.ts';
import type { ConnectionRecord } from './ledger.ts';
import type { MessageTap } from './message-tap.ts';

export interface WireOptions {
  readonly clock: Clock;
  readonly url: string;
  readonly stallTimeoutMs: number;
  /** How long the end may take, once we have begun it. */
  readonly closeTimeoutMs: number;
  readonly tolerateInvalidFrames: boolean;
  readonly record: ConnectionRecord;
  readonly tap?: MessageTap | undefined;
  onLog(level: 'debug' | 'info' | 'warn', text: string): void;
  onClosed(): void;
}
