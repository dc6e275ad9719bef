/** What becomes of a bot, by hand: what a host, a platform or a failure would do to it. */
import { z } from 'zod';
import { BOT_STATUSES } from '../../protocol/rest/bot-status.ts';
import { refused } from '../bot/refusal.ts';
import { tellLog } from '../bot/status-webhook.ts';
import { botSummary } from './bot-views.ts';
import { botOf, contextOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

const MAX_MESSAGE = 1_000;

const statusSchema = z.strictObject({
  code: z.enum(BOT_STATUSES),
  sub_code: z
    .string()
    .regex(/^[a-z0-9_]{1,100}$/)
    .optional(),
  message: z.string().max(MAX_MESSAGE).default(''),
  /** Any status and sub-code, at any time: told as they are, and nothing follows. */
  force: z.boolean().default(false),
});

const logSchema = z.strictObject({
  message: z.string().min(1).max(MAX_MESSAGE),
  level: z.enum(['debug', 'info', 'warning', 'error']).default('warning'),
  /** Of what the bot sends elsewhere: makes it a `bot.output_log`. */
  output_id: z.string().min(1).max(MAX_MESSAGE).optional(),
});

/** What a meeting does to a bot, in one word. */
const DEEDS = {
  kick: { summary: 'The host removes the bot', code: 'call_ended', subCode: 'bot_kicked_from_call' },
  end_meeting: { summary: 'The host ends the meeting', code: 'call_ended', subCode: 'call_ended_by_host' },
  deny_recording: {
    summary: 'The host does not let the bot record',
    code: 'recording_permission_denied',
    subCode: undefined,
  },
} as const;

export const drive: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/status',
    summary: 'Bring the bot to a status; with `force`, tell any status',
    body: statusSchema,
    handle(request) {
      const bot = botOf(request);
      const { code, sub_code, message, force } = request.body;
      if (force) bot.force(code, sub_code, message);
      else bot.step(code, sub_code, message);
      return { body: botSummary(bot) };
    },
  }),
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/waiting_room_timeout',
    summary: 'Nobody lets the bot in',
    handle(request) {
      const bot = botOf(request);
      if (bot.status !== 'in_waiting_room')
        throw refused(409, 'not_waiting', `The bot is ${bot.status}: it is not in the waiting room.`);
      bot.step('call_ended', 'timeout_exceeded_waiting_room', '');
      return { body: botSummary(bot) };
    },
  }),
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/log',
    summary: 'The bot tells of a failure of its own: bot.log, or bot.output_log with an output_id',
    body: logSchema,
    handle(request) {
      const bot = botOf(request);
      const { message, level, output_id = null } = request.body;
      tellLog(contextOf(request), bot.record, { level, message, output_id });
      return { body: botSummary(bot) };
    },
  }),
  ...Object.entries(DEEDS).map(([name, { summary, code, subCode }]) =>
    operation({
      method: 'POST',
      path: `/bots/{bot_id}/${name}`,
      summary,
      handle(request) {
        const bot = botOf(request);
        bot.step(code, subCode, '');
        return { body: botSummary(bot) };
      },
    }),
  ),
];
