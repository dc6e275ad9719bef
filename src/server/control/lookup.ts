/** What a path of the control API names. All of these throw a `Refusal`. */
import type { Bot } from '../bot/bot.ts';
import type { Meeting } from '../bot/meeting.ts';
import { notFound, refused } from '../bot/refusal.ts';
import type { ControlRequest } from './operation.ts';

export function botOf({ scope, params }: ControlRequest): Bot {
  for (const { workspace } of scope.workspaces) {
    const bot = workspace.bot(params.bot_id ?? '');
    if (bot !== undefined) return bot;
  }
  throw notFound(`There is no such bot ${scope.isWhole ? 'in this process' : 'of this API key'}.`);
}

/** The meeting that is being recorded. */
export function meetingOf(request: ControlRequest): Meeting {
  const bot = botOf(request);
  if (bot.meeting === undefined)
    throw refused(409, 'not_recording', `The bot is ${bot.status}: it does not record.`);
  return bot.meeting;
}

/** The index of the participant whose id is in the path. */
export function participantOf(meeting: Meeting, { params: { id = '' } }: ControlRequest): number {
  return meeting.indexOf(/^\d{1,15}$/.test(id) ? Number(id) : -1);
}
