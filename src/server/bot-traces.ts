/**
 * A trace of each bot: its recordings as they are played, and beside them what the app asked for and the webhooks that it was sent.
 * Told of everything by the server's own hooks; a trace that cannot be written disturbs no bot.
 */
import { dirname, join } from 'node:path';
import { diagnoseSession } from '../diagnose/diagnose.ts';
import { playReport } from '../emulator/report.ts';
import type { Session } from '../emulator/session.ts';
import { EmulatorError, UsageError } from '../errors.ts';
import { makeOutputFolder } from '../files.ts';
import { redactTarget } from '../target.ts';
import { type TraceFile, TraceFiles } from '../trace/file.ts';
import type { TraceCall, TraceRow } from '../trace/format.ts';
import type { MeetingTrace } from '../trace/meeting.ts';
import { SessionTrace } from '../trace/session.ts';
import { shortened } from '../trace/shortened.ts';
import type { LoggedRequest } from './api/request-log.ts';
import type { Activity } from './store/activity.ts';
import type { Delivery } from './webhooks/delivery.ts';

const BOT_ID = '{bot_id}';
/** Of bots that have begun no recording yet, and of each of them. */
const MAX_WAITING = 1_000;
const MAX_EARLIER = 100;
/** Bots that are over, whose last webhooks may still be on their way. */
const MAX_OVER = 1_000;

/** What the server knows beside. */
export interface CallLogs {
  requests(): readonly LoggedRequest[];
  deliveries(): readonly Delivery[];
}

interface BotTrace {
  readonly file: TraceFile;
  /** The recording that runs, or ran last. */
  meeting: MeetingTrace;
  /** When it started, in milliseconds since the epoch. */
  startMs: number;
  isOver: boolean;
}

export class BotTraces {
  readonly #files: TraceFiles;
  readonly #where: string;
  readonly #onProblem: (text: string) => void;
  readonly #bots = new Map<string, BotTrace>();
  /** What was told of bots before their first recording. */
  readonly #earlier = new Map<string, Activity[]>();
  #logs: CallLogs | undefined;
  #failed = 0;

  private constructor(files: TraceFiles, where: string, onProblem: (text: string) => void) {
    this.#files = files;
    this.#where = where;
    this.#onProblem = onProblem;
  }

  /**
   * `where`: a folder, or the name of a file with `{bot_id}` in it. Rejects with a `UsageError` (`invalid_trace`) for the name of
   * one file, and as `makeOutputFolder` does.
   */
  static async open(where: string, onProblem: (text: string) => void): Promise<BotTraces> {
    if (!where.includes(BOT_ID) && /\.html?$/i.test(where)) {
      throw new UsageError('invalid_trace', 'Every bot has a trace of its own, and this names one file.', {
        hint: 'Give a folder, or a name with {bot_id} in it.',
      });
    }
    makeOutputFolder(where.includes(BOT_ID) ? dirname(where.replaceAll(BOT_ID, 'bot')) : where);
    return new BotTraces(await TraceFiles.open(), where, onProblem);
  }

  /** Where it finds requests and webhooks. */
  look(logs: CallLogs): void {
    this.#logs = logs;
  }

  /** How many could not be written to their end. */
  get failed(): number {
    return this.#failed + [...this.#bots.values()].filter(({ file }) => file.failure !== undefined).length;
  }

  /** A recording of a bot is about to begin. */
  session(session: Session): void {
    const id = session.options.bot?.id;
    const file = id === undefined ? undefined : (this.#bots.get(id)?.file ?? this.#create(id));
    if (id === undefined || file === undefined) return;
    const trace = new SessionTrace(session, file);
    const startMs = (session.options.startMicros ?? 0) / 1_000;
    const bot: BotTrace = { file, meeting: trace.meeting, startMs, isOver: false };
    this.#bots.set(id, bot);
    for (const activity of this.#earlier.get(id) ?? []) this.#note(bot, activity);
    this.#earlier.delete(id);
    session.events.once('end', () => {
      trace.conclude(playReport(session, { diagnoses: diagnoseSession(session) }));
      file.close();
    });
  }

  /** Something has happened. */
  activity(activity: Activity): void {
    const { bot_id: id, kind, data } = activity;
    if (id === undefined || kind === 'webhook' || kind === 'request') return;
    const bot = this.#bots.get(id);
    if (bot === undefined) {
      this.#keepEarlier(id, activity);
      return;
    }
    this.#note(bot, activity);
    if (kind !== 'bot' || (data?.code !== 'done' && data?.code !== 'fatal')) return;
    bot.isOver = true;
    this.#writeCalls(id, bot);
    this.#forgetOldest();
  }

  /** The server has ended: what was still on its way is known now. */
  close(): void {
    for (const [id, bot] of this.#bots) this.#writeCalls(id, bot);
  }

  #create(id: string): TraceFile | undefined {
    const path = this.#where.includes(BOT_ID)
      ? this.#where.replaceAll(BOT_ID, id)
      : join(this.#where, `bot-${id}.html`);
    try {
      return this.#files.create(path);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      this.#failed++;
      this.#onProblem(`no trace of bot ${id}: ${error.message}`);
      return undefined;
    }
  }

  #keepEarlier(id: string, activity: Activity): void {
    const known = this.#earlier.get(id);
    if (known !== undefined && known.length < MAX_EARLIER) known.push(activity);
    if (known === undefined && this.#earlier.size < MAX_WAITING) this.#earlier.set(id, [activity]);
  }

  #note({ meeting, startMs }: BotTrace, { kind, at, text }: Activity): void {
    const level = kind === 'warning' ? 'warn' : 'info';
    meeting.row({ kind: 'log', at: secondsSince(startMs, at), level, text: `${kind}: ${text}` });
  }

  #writeCalls(id: string, { file, meeting, startMs }: BotTrace): void {
    const { requests = () => [], deliveries = () => [] } = this.#logs ?? {};
    const rows: TraceRow[] = [
      ...requests()
        .filter((request) => isOf(request, id))
        .map((request) => requestRow(request, startMs)),
      ...deliveries()
        .filter(({ bot_id }) => bot_id === id)
        .map((delivery) => deliveryRow(delivery, startMs)),
    ];
    for (const row of rows) meeting.row(row);
    meeting.flush();
    file.close();
  }

  /** Their last webhooks are not worth the memory. */
  #forgetOldest(): void {
    const over = [...this.#bots].filter(([, { isOver }]) => isOver);
    for (const [id, { file }] of over.slice(0, Math.max(0, over.length - MAX_OVER))) {
      if (file.failure !== undefined) this.#failed++;
      this.#bots.delete(id);
    }
  }
}

function secondsSince(startMs: number, at: string): number {
  return (Date.parse(at) - startMs) / 1_000;
}

/** About the bot: its path names it, or it was made by it. */
function isOf({ path, answer }: LoggedRequest, id: string): boolean {
  return path.includes(id) || (answer as { readonly id?: unknown } | null)?.id === id;
}

function requestRow(request: LoggedRequest, startMs: number): TraceCall {
  const { number, at, method, path, status } = request;
  return {
    kind: 'request',
    at: secondsSince(startMs, at),
    id: `${number}`,
    title: `${method} ${path}`,
    status,
    ok: status < 400,
    json: shortened(request),
  };
}

function deliveryRow(delivery: Delivery, startMs: number): TraceCall {
  const { id, event, url, created_at, state, attempts } = delivery;
  return {
    kind: 'webhook',
    at: secondsSince(startMs, created_at),
    id,
    title: event,
    status: attempts.at(-1)?.status ?? null,
    ok: state === 'delivered' || state === 'pending',
    json: shortened({ ...delivery, url: redactTarget(url) }),
  };
}
