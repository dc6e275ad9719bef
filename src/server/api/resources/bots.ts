/** `bot`: made, listed, changed and deleted. What it is told in its call is in `bot-commands.ts`. */

import { botSchema } from '../../../protocol/rest/bot.ts';
import { createBotSchema, updateBotSchema } from '../../../protocol/rest/bot-requests.ts';
import { BOT_STATUSES, OTHER_BOT_STATUSES } from '../../../protocol/rest/bot-status.ts';
import { pageSchema } from '../../../protocol/rest/lists.ts';
import { withLegacyFields } from '../../bot/legacy.ts';
import type { BotRecord } from '../../store/records.ts';
import { statusOf } from '../../store/records.ts';
import { byPage, dateRange, filtered, hasMetadata, within } from '../lists.ts';
import { type Operation, type OperationRequest, operation } from '../operation.ts';

const PATH = '/api/v1/bot/';
const tag = 'Bot';

/** All that the vendor's filter takes, though bots of ours join fewer. */
const PLATFORMS = [
  'zoom',
  'zoom_rtms',
  'google_meet',
  'google_meet_media_api',
  'microsoft_teams',
  'microsoft_teams_live',
  'webex',
  'goto_meeting',
  'chime_sdk',
  'slack_authenticator',
  'slack_huddle_observer',
];

function botOf({ workspace, params }: OperationRequest): BotRecord {
  return workspace.record(params.id ?? '');
}

export const bots: readonly Operation[] = [
  operation({
    id: 'create_bot',
    method: 'POST',
    path: PATH,
    tag,
    summary: 'Create a bot: it joins the meeting now, or at join_at',
    body: createBotSchema,
    answers: { 201: botSchema },
    async handle({ workspace, body, serializer }) {
      const request = withLegacyFields(body, workspace.context);
      const bot = serializer.bot(await workspace.createBot(request));
      // Whatever it does comes later for the client: so it is in the vendor's quickstart.
      return { status: 201, body: { ...bot, status_changes: [] } };
    },
  }),
  operation({
    id: 'list_bots',
    method: 'GET',
    path: PATH,
    tag,
    summary: 'List bots, newest first',
    query: ['join_at_after', 'join_at_before', 'meeting_url', 'platform', 'status', 'page'],
    choices: { platform: PLATFORMS, status: [...BOT_STATUSES, ...OTHER_BOT_STATUSES] },
    answers: { 200: pageSchema(botSchema) },
    handle({ workspace, query, url, serializer }) {
      const range = dateRange(query, 'join_at');
      const matching = filtered(workspace.context.store.bots(), query, {
        meeting_url: (bot, values) => values.includes(bot.request.meeting_url),
        platform: (bot, values) => values.includes(bot.meetingUrl.platform),
        status: (bot, values) => values.includes(statusOf(bot)),
      }).filter((bot) => within(bot.request.join_at, range) && hasMetadata(bot.request.metadata, query));
      const page = byPage(matching, query, url);
      return { status: 200, body: { ...page, results: page.results.map((bot) => serializer.bot(bot)) } };
    },
  }),
  operation({
    id: 'retrieve_bot',
    method: 'GET',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Retrieve a bot',
    answers: { 200: botSchema },
    handle: (request) => ({ status: 200, body: request.serializer.bot(botOf(request)) }),
  }),
  operation({
    id: 'update_bot',
    method: 'PATCH',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Change a scheduled bot',
    body: updateBotSchema,
    answers: { 200: botSchema },
    async handle(request) {
      const bot = botOf(request);
      await request.workspace.updateBot(bot, request.body);
      return { status: 200, body: request.serializer.bot(bot) };
    },
  }),
  operation({
    id: 'delete_bot',
    method: 'DELETE',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Delete a scheduled bot',
    answers: { 204: undefined },
    handle(request) {
      request.workspace.deleteBot(botOf(request));
      return { status: 204 };
    },
  }),
];
