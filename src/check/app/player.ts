/**
 * Plays a case by way of the app: a command lets the app make its bot at our mock of Recall's API, and the meeting is what this bot
 * plays at the endpoint that the app gave.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { diagnoseSession } from '../../diagnose/diagnose.ts';
import { playReport } from '../../emulator/report.ts';
import type { Session } from '../../emulator/session.ts';
import { UsageError } from '../../errors.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { createMock } from '../../server/server.ts';
import type { Activity } from '../../server/store/activity.ts';
import { redactTarget } from '../../target.ts';
import { PingWatch } from '../ping-watch.ts';
import {
  CONNECT_GRACE_SECONDS,
  caseTimeline,
  isPinged,
  type MeetingContext,
  type Player,
  RETRIES,
  sentBy,
  TIMEOUTS,
} from '../player.ts';
import type { CaseMeeting, PlayedMeeting } from '../seen.ts';
import { runShell } from '../witnesses/shell.ts';
import { AppApi } from './api.ts';
import { type AppCall, isLeave, nameOfCall, tookEffect } from './calls.ts';

export interface AppOptions {
  /** Shell command that lets the app make its bot. */
  readonly create: string;
  readonly secret: string | undefined;
  readonly insecure: boolean;
  readonly webhookUrls: readonly string[] | undefined;
  readonly mapTargets: Readonly<Record<string, string>> | undefined;
  /** How long the command may take, and the app until its bot is there. */
  readonly waitMs: number;
}

export interface AppPlayer extends Player {
  /** For the app and for the command: where Recall's API is. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the app's bots played, without what is secret in it; empty before the first one. */
  readonly target: string;
  close(): Promise<void>;
}

/** Wall seconds of each step of a bot's way into its call: it comes when the answer to its creation has been read. */
const STEP_SECONDS = 0.1;
/**
 * Of what is to be played as fast as the receiver takes it. A bot plays by the clock, and does not wait: at this speed the meeting is
 * what a receiver must take at least.
 */
const HURRIED_SPEED = 2;
const POLL_MS = 20;
/** Of one meeting. */
const MAX_CALLS = 500;

export async function startAppPlayer(options: AppOptions): Promise<AppPlayer> {
  const api = await AppApi.start();
  const env = { RECALL_API_BASE_URL: api.url, RECALL_BASE_URL: api.url };
  let target = '';
  // One after the other: the bot that is made is that of the meeting whose turn it is.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    env,
    get target() {
      return target;
    },
    cannot,
    async play(context) {
      const bot = new AppBot(context, options, api);
      const made = turn.then(() => bot.make(env));
      turn = made.catch(() => {});
      try {
        await made;
        const session = await bot.recording();
        target = redactTarget(session.options.endpoints[0]!.url);
        return bot.played(session);
      } finally {
        bot.end();
      }
    },
    close: () => api.close(),
  };
}

/** What the app's own bot decides, and no case. */
function cannot({
  script,
  events,
  credentials = {},
  botMetadata,
  endpointMetadata,
}: CaseMeeting): string | undefined {
  if (script !== undefined) return 'its messages are not those of a bot: give the URL, without `create`';
  if (events !== undefined)
    return "which events there are is the app's choice: give the URL, without `create`";
  if ((botMetadata ?? endpointMetadata) !== undefined)
    return "metadata is the app's own: give the URL, without `create`";
  if (credentials.url !== undefined || credentials.headers !== undefined)
    return "the URL is the app's own: give the URL, without `create`";
  return undefined;
}

/** The bot of one meeting, from the command that makes it to its end. */
class AppBot {
  readonly #context: MeetingContext;
  readonly #options: AppOptions;
  readonly #api: AppApi;
  readonly #speed: number;
  readonly #pings: PingWatch | undefined;
  #botId: string | undefined;
  #status = 'not made';
  #session: Session | undefined;
  #startedMs = 0;
  readonly #calls: AppCall[] = [];
  /** Warnings of the mock, such as of a platform without separate audio. */
  #warning: string | undefined;

  constructor(context: MeetingContext, options: AppOptions, api: AppApi) {
    this.#context = context;
    this.#options = options;
    this.#api = api;
    const { meeting, speed } = context;
    this.#speed = meeting.speed === 'max' ? HURRIED_SPEED : speed;
    this.#pings = isPinged(meeting, speed) ? new PingWatch(this.#speed) : undefined;
  }

  /** Resolves when the bot has been made. Throws a `UsageError`: `create_failed`, `no_bot_created`. */
  async make(env: Readonly<Record<string, string>>): Promise<void> {
    const { caseId, setting, signal } = this.#context;
    const { create, waitMs } = this.#options;
    const own = this.#api.use(await this.#mock((id) => own(id)), ({ method, path, status }) => {
      if (!path.startsWith('/api/') || this.#session === undefined || this.#calls.length >= MAX_CALLS) return;
      const atSeconds = this.#session.elapsedSeconds;
      this.#calls.push({ name: nameOfCall(method, path), status, atSeconds });
    });
    const result = await runShell(create, {
      env: { ...env, RECALL_EMULATOR_CASE: caseId, RECALL_EMULATOR_CONNECTIONS: setting.connections },
      timeoutMs: waitMs,
      signal,
    });
    if (signal.aborted) return;
    if (result.problem !== undefined) {
      throw new UsageError('create_failed', `The create command ${result.problem}, for ${caseId}.`, {
        hint: result.lastWords === '' ? 'Try it by itself.' : `It wrote: ${result.lastWords}`,
      });
    }
    await this.#until(() => this.#botId !== undefined, waitMs);
    if (this.#botId !== undefined || signal.aborted) return;
    throw new UsageError(
      'no_bot_created',
      `The create command ended well, but nobody made a bot at ${this.#api.url} within ${waitMs / 1_000} s.`,
      {
        hint: 'The app is to call this address instead of https://REGION.recall.ai: it stands in RECALL_API_BASE_URL.',
      },
    );
  }

  /** Resolves when all that it recorded has been sent. Throws a `UsageError`: `bot_without_audio`, `bot_not_over`. */
  async recording(): Promise<Session> {
    const { meeting, caseId } = this.#context;
    const meetingMs = (Number(meeting.scenario.duration ?? 0) * 1_000) / this.#speed;
    const limitMs = this.#options.waitMs + 2 * meetingMs;
    await this.#until(() => this.#isOver, limitMs);
    const session = this.#session;
    if (session === undefined || !this.#isOver) {
      const why = this.#warning === undefined ? '' : ` ${this.#warning}.`;
      throw new UsageError(
        'bot_not_over',
        `The bot of ${caseId} is ${this.#status} after ${Math.round(limitMs / 1_000)} s: its meeting was not played.${why}`,
        { hint: 'A bot is to join at once and to record: without join_at, and not by hand.' },
      );
    }
    if (session.endpoints.some(({ wantsAudio }) => wantsAudio)) return session;
    throw new UsageError(
      'bot_without_audio',
      `The bot that the app made for ${caseId} has no WebSocket endpoint for audio_separate_raw.data.${this.#warning === undefined ? '' : ` ${this.#warning}.`}`,
      { hint: 'It takes audio_separate_raw, and a realtime_endpoint of type websocket with this event.' },
    );
  }

  played(session: Session): PlayedMeeting {
    const calls = this.#calls;
    const pings = this.#pings?.seen;
    const diagnoses = diagnoseSession(session, {
      calls: calls.filter(tookEffect),
      ...(this.#speed === 1 && pings !== undefined ? { pings } : {}),
    });
    return {
      plan: this.#context.meeting,
      timeline: session.timeline,
      recordingId: session.options.recording.id,
      botId: this.#botId!,
      speed: this.#speed,
      startedMs: this.#startedMs,
      session,
      report: playReport(session, { diagnoses }),
      script: undefined,
      sent: sentBy(session, this.#leftEarly(session)),
      pings,
      diagnoses,
      calls,
      moments: calls.map(({ name, status, atSeconds }) => ({
        atSeconds,
        kind: 'call',
        text: status < 400 ? name : `${name}: ${status}`,
      })),
    };
  }

  /** Nothing is watched any more. */
  end(): void {
    this.#pings?.end();
  }

  get #isOver(): boolean {
    const isEnded = this.#status === 'done' || this.#status === 'fatal';
    return isEnded && this.#session?.endpoints.every(({ status }) => status !== 'running') !== false;
  }

  #leftEarly({ timeline }: Session): boolean {
    const seconds = timeline.durationSamples / SAMPLE_RATE;
    return this.#calls.some((call) => isLeave(call) && call.atSeconds < seconds);
  }

  async #mock(own: (id: string) => void): ReturnType<typeof createMock> {
    const { meeting, setting, seed, onBegin, onSession } = this.#context;
    const speed = this.#speed;
    const { secret, insecure, webhookUrls, mapTargets } = this.#options;
    const { credentials = {}, faults = [] } = meeting;
    const delay = STEP_SECONDS * speed;
    return createMock({
      ...RETRIES,
      ...TIMEOUTS,
      connectGraceSeconds: CONNECT_GRACE_SECONDS * speed,
      ...meeting.send,
      connections: setting.connections,
      scenario: await caseTimeline(this.#context),
      seed,
      speed,
      secret: 'secret' in credentials ? credentials.secret : secret,
      insecure,
      webhookUrls,
      mapTargets,
      delays: {
        joiningSeconds: delay,
        waitingRoomSeconds: delay,
        notRecordingSeconds: delay,
        permissionSeconds: delay,
        doneSeconds: 0,
      },
      faults,
      probe: this.#pings?.probe,
      onActivity: (activity) => this.#note(activity, own),
      onSession: (session) => {
        if (this.#session !== undefined) return;
        this.#session = session;
        this.#startedMs = Date.now();
        this.#pings?.begin();
        own(session.options.recording.id);
        onBegin(session.options.recording.id);
        onSession(session);
      },
    });
  }

  #note({ kind, text, bot_id, data }: Activity, own: (id: string) => void): void {
    if (kind === 'warning') this.#warning ??= text;
    if (kind !== 'bot' || bot_id === undefined) return;
    own(bot_id);
    this.#botId ??= bot_id;
    // An app may make others beside it.
    if (bot_id === this.#botId && typeof data?.code === 'string') this.#status = data.code;
  }

  async #until(isTrue: () => boolean, limitMs: number): Promise<void> {
    const { signal } = this.#context;
    const untilMs = performance.now() + limitMs;
    while (!isTrue() && performance.now() < untilMs && !signal.aborted) await sleep(POLL_MS);
  }
}
