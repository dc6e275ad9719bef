/** What there is to see of bots. */
import { botDetail, botSummary } from './bot-views.ts';
import { botOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

export const bots: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/bots',
    summary: 'All bots that this process has played or plays',
    handle: ({ scope }) => ({
      body: { bots: scope.workspaces.flatMap(({ workspace }) => workspace.bots().map(botSummary)) },
    }),
  }),
  operation({
    method: 'GET',
    path: '/bots/{bot_id}',
    summary: "A bot's participants, connections and ledger",
    handle: (request) => ({ body: botDetail(botOf(request)) }),
  }),
];
