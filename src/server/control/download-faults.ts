/** What goes wrong on purpose with the downloads of a key, or of one bot. */
import { downloadFaultSchema } from '../bot/download-faults.ts';
import { onlyWorkspace, workspaceWithBot } from './lookup.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

/** Whose: those of the bot in the path, or of all bots of the key. */
const PATHS = [
  ['/download-faults', 'downloads', (request: ControlRequest) => onlyWorkspace(request.scope)],
  ['/bots/{bot_id}/download-faults', 'the downloads of a bot', workspaceWithBot],
] as const;

export const downloadFaults: readonly ControlOperation[] = PATHS.flatMap(([path, whose, workspaceOf]) => [
  operation({
    method: 'GET',
    path,
    summary: `What goes wrong with ${whose}`,
    handle: (request) => ({
      body: { faults: workspaceOf(request).downloadFaults.list(request.params.bot_id) },
    }),
  }),
  operation({
    method: 'POST',
    path,
    summary: `Let ${whose} be expired, slow, truncated, or of a wrong length`,
    body: downloadFaultSchema,
    handle(request) {
      const { downloadFaults: faults } = workspaceOf(request);
      faults.add(request.body, request.params.bot_id);
      return { status: 201, body: { faults: faults.list(request.params.bot_id) } };
    },
  }),
  operation({
    method: 'DELETE',
    path,
    summary: `Nothing more goes wrong with ${whose}, but what a bot's metadata asks for`,
    handle(request) {
      workspaceOf(request).downloadFaults.clear(request.params.bot_id);
      return { status: 204, body: undefined };
    },
  }),
]);
