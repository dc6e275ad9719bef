/**
 * What went wrong with a connection: a stable code for programs and a sentence for people. Whoever decides anything looks at
 * the code; nobody searches the text.
 */
import { plainText } from '../plain-text.ts';

/** Every way in which a dial or an open WebSocket can fail. docs/errors.md says what each means, and what to do. */
export const FAILURE_CODES = [
  // The dial.
  'connection_refused',
  'host_not_found',
  'unreachable',
  'upgrade_timeout',
  'upgrade_slow',
  'upgrade_reset',
  'upgrade_hung_up',
  'upgrade_status',
  'upgrade_redirected',
  'not_websocket',
  'tls_untrusted',
  'tls_invalid_certificate',
  'tls_client_certificate',
  'tls_failed',
  'dial_failed',
  // The open WebSocket, ended by the receiver.
  'closed_by_receiver',
  'ended_without_close_frame',
  'reset_by_receiver',
  'invalid_frames',
  'invalid_message',
  'message_too_large',
  'close_unanswered',
  // Ended by us.
  'interrupted',
  'dropped_on_demand',
  'refused_on_demand',
  'fault',
  'target_not_allowed',
  // This machine.
  'own_descriptors',
  'own_ports',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export interface Failure {
  readonly code: FailureCode;
  /** One sentence in the receiver's terms, without its full stop. Safe to print. */
  readonly text: string;
  /** For programs, where the code alone says too little. Safe to print; no part of reports. */
  readonly facts?: FailureFacts;
}

export interface FailureFacts {
  /** Of the HTTP answer to the upgrade. */
  readonly status?: number;
  /** The answer's `Server` header. */
  readonly server?: string;
  /** The answer looks like one that the ws library writes. */
  readonly isWsLibrary?: boolean;
  /** What came behind the 101 and is no WebSocket frame, shown in part. */
  readonly stray?: string;
}

/** Whether somebody asked for it: then it is no fault of the receiver's. */
export function isOnDemand({ code }: Failure): boolean {
  return code === 'dropped_on_demand' || code === 'refused_on_demand' || code === 'fault';
}

/** `text` may hold what came from outside: it is cleaned here. */
export function failure(code: FailureCode, text: string, facts?: FailureFacts): Failure {
  return { code, text: plainText(text), ...(facts && { facts }) };
}
