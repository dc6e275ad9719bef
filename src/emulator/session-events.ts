/** What a session tells, and what is played beside it. */
export type LogLevel = 'debug' | 'info' | 'warn';

export interface SessionEvents {
  log: [level: LogLevel, text: string];
  /** A connection changed its state. */
  change: [];
  /** The last connection has closed: nothing follows. */
  end: [];
}

/** What is played beside the streams: the meeting's other events. */
export interface Companion {
  /** The recording has begun. The streams are added after it. */
  start(): void;
  /** The last frame has been passed. What is still to be said is said now, before the connections close. */
  finish(): void;
}
