/** What has changed of bots since the last look. */
import { SAMPLE_RATE } from '../../../protocol/pcm.ts';
import { DEFAULT_BOT_NAME } from '../../../protocol/rest/bot-requests.ts';
import type { Bot } from '../../bot/bot.ts';
import { modeOf } from '../../bot/connection-mode.ts';
import { droppedOf } from '../../bot/totals.ts';
import type { Scope } from '../scope.ts';
import type { BotNews } from './batch.ts';

/** The newest are shown. */
const MAX_BOTS = 200;

export class BotsLook {
  readonly #scope: () => Scope;
  readonly #told = new Map<string, string>();

  constructor(scope: () => Scope) {
    this.#scope = scope;
  }

  news(): { bots?: BotNews[]; forgotten_bots?: string[] } {
    const all = this.#scope().workspaces.flatMap(({ workspace }) => {
      const { mode } = workspace.context;
      return workspace.bots().map((bot) => botNews(bot, modeOf(bot.record.request) ?? mode));
    });
    const shown = all.sort((a, b) => a.created_at.localeCompare(b.created_at)).slice(-MAX_BOTS);
    const ids = new Set(shown.map(({ bot_id }) => bot_id));
    const forgotten = [...this.#told.keys()].filter((id) => !ids.has(id));
    for (const id of forgotten) this.#told.delete(id);
    const bots = shown.filter((bot) => {
      const text = JSON.stringify(bot);
      if (this.#told.get(bot.bot_id) === text) return false;
      this.#told.set(bot.bot_id, text);
      return true;
    });
    return {
      ...(bots.length > 0 && { bots }),
      ...(forgotten.length > 0 && { forgotten_bots: forgotten }),
    };
  }
}

function botNews(bot: Bot, connections: string): BotNews {
  const { record, meeting } = bot;
  const totals = bot.totals();
  const elapsed = bot.recordings().at(-1)?.elapsedSeconds ?? 0;
  return {
    bot_id: record.id,
    name: record.request.bot_name ?? DEFAULT_BOT_NAME,
    platform: record.meetingUrl.platform,
    meeting_url: record.request.meeting_url,
    created_at: record.createdAt,
    scenario: record.scenario,
    connections,
    statuses: record.statusChanges.map(({ code, sub_code, created_at }) => ({
      code,
      sub_code,
      at: created_at,
    })),
    recording: meeting !== undefined && !meeting.paused,
    paused: meeting?.paused === true,
    elapsed_s: Math.floor(elapsed),
    duration_s: meeting === undefined ? null : meeting.session.timeline.durationSamples / SAMPLE_RATE,
    scheduled: totals.scheduled,
    sent: totals.sent,
    dropped: droppedOf(totals),
  };
}
