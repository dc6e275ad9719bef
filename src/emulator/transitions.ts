/**
 * The states of a connection and what leads from one to the next: all of it, in one table. What is not in the table cannot
 * happen. Pure: who waits for what, and for how long, is decided by the connection and its policies.
 */

/**
 * `idle → connecting → open → closing → closed`, with `retrying` between the attempts of an incident and `failed` after
 * the last. `reconnecting` is the gap of a reconnect that was asked for.
 */
export const CONNECTION_STATES = [
  'idle',
  'connecting',
  'open',
  'retrying',
  'reconnecting',
  'closing',
  'closed',
  'failed',
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/**
 * - `dial`: a handshake begins.
 * - `open`: the receiver has accepted it.
 * - `retry`: a dial has failed, or the WebSocket is lost; the next dial comes later.
 * - `part`: the WebSocket is given up on purpose; its successor is dialled after a gap.
 * - `replace`: its successor is dialled at once, and takes over.
 * - `close`: we have begun to end it, or shall as soon as what it still has to send is sent.
 * - `end`: it has ended in order.
 * - `give_up`: it was to close before it had come back.
 * - `fail`: nothing more is sent to this endpoint.
 */
export const CONNECTION_EVENTS = [
  'dial',
  'open',
  'retry',
  'part',
  'replace',
  'close',
  'end',
  'give_up',
  'fail',
] as const;
export type ConnectionEvent = (typeof CONNECTION_EVENTS)[number];

export const TRANSITIONS: Readonly<
  Record<ConnectionState, Readonly<Partial<Record<ConnectionEvent, ConnectionState>>>>
> = {
  idle: { dial: 'connecting', give_up: 'closed', fail: 'failed' },
  connecting: { open: 'open', retry: 'retrying', give_up: 'closed', fail: 'failed' },
  open: {
    retry: 'retrying',
    part: 'reconnecting',
    replace: 'connecting',
    close: 'closing',
    fail: 'failed',
  },
  retrying: { dial: 'connecting', give_up: 'closed', fail: 'failed' },
  reconnecting: { dial: 'connecting', give_up: 'closed', fail: 'failed' },
  closing: { end: 'closed', fail: 'failed' },
  closed: {},
  failed: {},
};

/** One step of a connection, as `onChange` is told of it. */
export interface Transition {
  readonly from: ConnectionState;
  readonly event: ConnectionEvent;
  readonly to: ConnectionState;
}

/** Throws an `Error` for an event that this state cannot have: that is a defect of ours. */
export function transition(from: ConnectionState, event: ConnectionEvent): Transition {
  const to = TRANSITIONS[from][event];
  if (to === undefined) throw new Error(`a connection that is ${from} cannot have the event ${event}`);
  return { from, event, to };
}

/** Whether nothing more happens to it. */
export function isOver(state: ConnectionState): boolean {
  return state === 'closed' || state === 'failed';
}
