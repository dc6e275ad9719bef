/** The trace that a command was asked for: its file is made before anything runs, and what came of it is said at the end. */
import type { CheckTrace } from '../check/trace.ts';
import type { PlayReport } from '../emulator/report.ts';
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import type { RealtimeEvent } from '../protocol/events.ts';
import type { ReceiverProgress } from '../receiver/receiver.ts';
import type { ConnectionStats } from '../receiver/stats.ts';
import type { TraceFile } from '../trace/file.ts';
import type { SessionTrace, SessionTraceOptions } from '../trace/session.ts';
import { inFlags } from './command-flags.ts';
import { tell } from './print.ts';

const MAX_PATH = 4_096;

export interface PlayTrace {
  /** Before the session begins. */
  watch(session: Session, options: SessionTraceOptions): void;
  /** What it came to. Whether all of it is in the file; says so, or why not. */
  conclude(report: PlayReport): boolean;
}

/** Rejects when there can be no such file. */
export async function openTrace(path: string): Promise<PlayTrace> {
  const [{ TraceFiles }, { SessionTrace: Trace }] = await Promise.all([
    import('../trace/file.ts'),
    import('../trace/session.ts'),
  ]);
  const file = (await TraceFiles.open()).create(path);
  let trace: SessionTrace | undefined;
  return {
    watch: (session, options) => {
      trace = new Trace(session, file, options);
    },
    conclude: (report) => {
      trace?.conclude(report);
      return tellTraced(file);
    },
  };
}

export interface RecordTrace {
  event(event: RealtimeEvent, connection: ConnectionStats): void;
  progress(progress: ReceiverProgress): void;
  /** Nothing more comes. Whether all of it is in the file; says so, or why not. */
  close(): boolean;
}

/** The same of what a receiver gets. */
export async function openReceivedTrace(path: string, subtitle: string): Promise<RecordTrace> {
  const [{ TraceFiles }, { ReceivedTrace }] = await Promise.all([
    import('../trace/file.ts'),
    import('../trace/received.ts'),
  ]);
  const file = (await TraceFiles.open()).create(path);
  const trace = new ReceivedTrace(file, subtitle);
  /** Of the receiver's second 0. */
  let originMs: number | undefined;
  return {
    event(event, connection) {
      const atSeconds = originMs === undefined ? undefined : (performance.now() - originMs) / 1_000;
      trace.event(event, connection, atSeconds);
    },
    progress(progress) {
      if (progress.kind === 'connection_closed') trace.closed(progress.connection);
      if (progress.kind !== 'connection_opened') return;
      originMs ??= performance.now() - progress.connection.openedSeconds * 1_000;
    },
    close() {
      trace.close();
      return tellTraced(file);
    },
  };
}

export interface CheckedTrace extends Pick<CheckTrace, 'session' | 'result'> {
  /** Whether all of it is in the file; says so, or why not. */
  close(): boolean;
}

/** The same of all meetings of a check. */
export async function openCheckTrace(path: string): Promise<CheckedTrace> {
  const [{ TraceFiles }, { CheckTrace: Trace }] = await Promise.all([
    import('../trace/file.ts'),
    import('../check/trace.ts'),
  ]);
  const file = (await TraceFiles.open()).create(path);
  const trace = new Trace(file, inFlags);
  return {
    session: (planned, session) => trace.session(planned, session),
    result: (result) => trace.result(result),
    close: () => tellTraced(file),
  };
}

/** Whether the file is whole. Says so, or why not. */
export function tellTraced(file: TraceFile): boolean {
  file.close();
  if (file.failure === undefined) tell(`wrote ${plainText(file.path, MAX_PATH)}`);
  else tell(`error: the trace is not whole: ${plainText(file.failure.message)}`);
  return file.failure === undefined;
}
