/**
 * The live feed of a page: server-sent events, at most ten a second, each with all that is new. A client that does not read is
 * told less often, and then more at once; nothing is kept for it.
 */
import type { Clock } from '../../../emulator/clock.ts';
import type { Bot } from '../../bot/bot.ts';
import type { Activity, ActivityLog } from '../../store/activity.ts';
import type { Scope, SharedByAll } from '../scope.ts';
import type { Hello, LiveBatch } from './batch.ts';
import { BotsLook } from './bots-look.ts';
import { MeetingLook } from './meeting-look.ts';
import { WireLook } from './wire-look.ts';

/** Wall milliseconds between two batches. */
const BATCH_MS = 100;
/** Looks at all bots while nothing is told of them: their times go on. */
const BOTS_EVERY = 10;
/** Batches without news after which something is sent all the same: who has gone is found out. */
const SILENT_BATCHES = 150;
const MAX_ACTIVITIES = 500;

export interface FeedOptions {
  /** What is looked at, anew each time: workspaces come and go. */
  readonly scope: () => Scope;
  readonly server: SharedByAll;
  readonly hello: Hello;
  /** The bot whose meeting is shown. */
  readonly botId: string | undefined;
  /** Of the messages of audio one in so many is told. */
  readonly everyNth: number;
}

class Feed {
  readonly #options: FeedOptions;
  readonly #bots: BotsLook;
  readonly #wire: WireLook;
  readonly #activity: ActivityLog;
  #activities: Activity[];
  #meeting: MeetingLook | undefined;
  #hasNews = true;
  #looks = 0;
  #isFirst = true;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#bots = new BotsLook(options.scope);
    this.#wire = new WireLook(options.scope, options.server);
    this.#activity = options.scope().activity;
    this.#activities = [...this.#activity.recent()];
    this.#activity.events.on('activity', this.#onActivity);
  }

  /** Undefined when there is nothing new. */
  batch(): LiveBatch | undefined {
    const isDue = this.#hasNews || this.#looks++ % BOTS_EVERY === 0;
    this.#hasNews = false;
    const activity = this.#activities.slice(-MAX_ACTIVITIES);
    this.#activities = [];
    const meeting = this.#meetingNews();
    const batch: LiveBatch = {
      ...(this.#isFirst && { hello: this.#options.hello }),
      ...(isDue && this.#bots.news()),
      ...(activity.length > 0 && { activity }),
      ...this.#wire.news(),
      ...(meeting !== undefined && { meeting }),
    };
    this.#isFirst = false;
    return Object.keys(batch).length === 0 ? undefined : batch;
  }

  end(): void {
    this.#activity.events.off('activity', this.#onActivity);
    this.#meeting?.end();
  }

  readonly #onActivity = (activity: Activity): void => {
    this.#hasNews = true;
    this.#activities.push(activity);
    if (this.#activities.length > 2 * MAX_ACTIVITIES) this.#activities.splice(0, MAX_ACTIVITIES);
  };

  #meetingNews(): LiveBatch['meeting'] {
    const bot = this.#bot();
    const recordings = bot?.recordings() ?? [];
    const last = recordings.at(-1);
    if (bot === undefined || last === undefined) return undefined;
    if (this.#meeting?.isOf(last) !== true) {
      this.#meeting?.end();
      this.#meeting = new MeetingLook(bot, last, recordings.length - 1, this.#options.everyNth);
    }
    return this.#meeting.news();
  }

  #bot(): Bot | undefined {
    const { botId, scope } = this.#options;
    if (botId === undefined) return undefined;
    for (const { workspace } of scope().workspaces) {
      const bot = workspace.bot(botId);
      if (bot !== undefined) return bot;
    }
    return undefined;
  }
}

export function liveFeed(options: FeedOptions, clock: Pick<Clock, 'afterWall'>): Response {
  const encoder = new TextEncoder();
  const feed = new Feed(options);
  let cancel = (): void => {};
  let silent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const look = (): void => {
          cancel = clock.afterWall(BATCH_MS, look);
          if ((controller.desiredSize ?? 0) <= 0) return;
          const batch = feed.batch();
          if (batch === undefined && ++silent < SILENT_BATCHES) return;
          silent = 0;
          controller.enqueue(encoder.encode(`data: ${JSON.stringify(batch ?? {})}\n\n`));
        };
        look();
      },
      cancel() {
        cancel();
        feed.end();
      },
    },
    // One batch may wait.
    new CountQueuingStrategy({ highWaterMark: 1 }),
  );
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      'Transfer-Encoding': 'chunked',
    },
  });
}
