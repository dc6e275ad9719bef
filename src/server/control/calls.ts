/** What an app asks of the API, asked by hand: creating a bot, and what it is told in its call. */
import { z } from 'zod';
import { apiKeyOf } from '../../guard.ts';
import { refused } from '../bot/refusal.ts';
import { botSummary } from './bot-views.ts';
import { botOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

/** Of whoever has no key, and needs none. */
const DEFAULT_KEY = 'recall-emulator';
const MAX_KEY = 1_000;

const createSchema = z.strictObject({
  /** The body of `POST /api/v1/bot/`. */
  request: z.record(z.string(), z.unknown()),
  /** Whose bot it is; that of whoever asks when left out. Where the server has a key it is that. */
  api_key: z.string().min(1).max(MAX_KEY).optional(),
});

const COMMANDS = {
  leave_call: 'Tell the bot to leave, as the app does',
  pause_recording: 'Pause its recording, as the app does',
  resume_recording: 'Go on with its recording, as the app does',
} as const;

export const calls: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/bots',
    summary: 'Create a bot, as the app does: the answer is that of the API',
    body: createSchema,
    handle({ body: { request, api_key }, callApi, apiKey, header }) {
      if (apiKey !== undefined && api_key !== undefined && api_key !== apiKey)
        throw refused(400, 'other_key', 'The server takes one API key: leave api_key out.');
      const key = apiKey ?? api_key ?? apiKeyOf(header('authorization')) ?? DEFAULT_KEY;
      return callApi('POST', '/api/v1/bot/', key, request);
    },
  }),
  ...Object.entries(COMMANDS).map(([name, summary]) =>
    operation({
      method: 'POST',
      path: `/bots/{bot_id}/${name}`,
      summary,
      handle(request) {
        const bot = botOf(request);
        if (name === 'leave_call') bot.leave(false);
        else if (name === 'pause_recording') bot.pauseRecording();
        else bot.resumeRecording();
        return { body: botSummary(bot) };
      },
    }),
  ),
];
