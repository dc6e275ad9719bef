/** How fast connections were read once their buffers were full. */
import type { ConnectionEvidence } from './evidence.ts';
import type { Problem } from './problems.ts';

export interface Reading {
  readonly connection: ConnectionEvidence;
  /** When the first frame was dropped. */
  readonly fromSeconds: number;
  /** When the last one was. */
  readonly toSeconds: number;
  /** Of the audio since then, the part that was taken: 0 to 1. */
  readonly rate: number;
}

/** Of the connections that dropped frames because they were not read. */
export function readingOf(problems: readonly Problem[]): Reading[] {
  return problems
    .filter(({ kind }) => kind === 'unread')
    .map(({ connection, atSeconds }) => {
      const ranges = connection.accounts.flatMap(({ missing }) => missing);
      // What is taken lies between what is missing. Behind the last gap comes only what waited in the buffers.
      const lastSeconds = Math.max(...ranges.map(({ toSeconds }) => toSeconds));
      const accounts = connection.accounts.filter(({ missing }) => missing.length > 0).length;
      const dueSeconds = (lastSeconds - atSeconds) * accounts;
      const missingSeconds = ranges.reduce((sum, range) => sum + range.toSeconds - range.fromSeconds, 0);
      const taken = dueSeconds - missingSeconds;
      // A frame or two between two gaps are a buffer that was moved, not a reader.
      return {
        connection,
        fromSeconds: atSeconds,
        toSeconds: lastSeconds,
        rate: taken / dueSeconds < 0.01 ? 0 : taken / dueSeconds,
      };
    });
}
