/** Bots and SDK uploads that have been before: a history, added to what there is. */
import { UsageError } from '../../errors.ts';
import { isBuiltInName, scenarioFile } from '../../scenario/open.ts';
import type { ClientFiles } from '../bot/client-files.ts';
import { refused } from '../bot/refusal.ts';
import { type History, historySchema } from '../store/history-schema.ts';
import type { BotState } from '../store/records.ts';
import { type ControlOperation, operation } from './operation.ts';
import type { Scope, SharedByAll } from './scope.ts';

/** Where the scenarios are that a client names. Throws a `UsageError` for one that is out of reach. */
async function scenariosOf(history: History, files: ClientFiles): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { scenario } of [...history.bots, ...history.sdk_uploads]) {
    if (scenario === undefined) continue;
    const path = isBuiltInName(scenario)
      ? scenarioFile(scenario)
      : await files.use(scenario, 'scenario', async (file) => file);
    found.set(scenario, path);
  }
  return found;
}

/** The workspace of the key has all of it. Without a key it is the only one, or each entry says which by its `api_key`. */
async function add(
  states: readonly BotState[],
  { workspaces, isWhole }: Scope,
  server: SharedByAll,
): Promise<void> {
  const [only, other] = workspaces;
  if (
    only !== undefined &&
    (!isWhole || other === undefined) &&
    states.every(isWhole ? isNobodys : () => true)
  ) {
    await only.workspace.restore(states);
    return;
  }
  await server.workspaces.restore(states);
}

const isNobodys = ({ bot }: BotState): boolean => bot.workspace === undefined;

function checkScope({ workspaces, isWhole }: Scope, history: History): void {
  if (!isWhole || workspaces.length < 2) return;
  if ([...history.bots, ...history.sdk_uploads].every(({ api_key }) => api_key !== undefined)) return;
  const detail = `There are ${workspaces.length} workspaces: give the API key of one, or an api_key with each entry.`;
  throw refused(409, 'which_workspace', detail);
}

export const history: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/history',
    summary: 'Add bots and SDK uploads that have been before, with what they recorded',
    body: historySchema,
    async handle({ body, files, scope, server }) {
      checkScope(scope, body);
      const scenarios = await scenariosOf(body, files);
      const states = await files.guarded('of the history', 'scenario', () =>
        server.makeHistory(body, {
          scenarioFile: (name) => scenarios.get(name)!,
          onProblem({ path, message }) {
            throw new UsageError('history_not_playable', `${path.join('.')}: ${message}`, {
              hint: 'Correct the scenario of this entry, or what it asks for.',
            });
          },
        }),
      );
      await add(states, scope, server);
      const idsOf = (isUpload: boolean) =>
        states
          .filter(({ bot }) => (bot.sdkUpload !== undefined) === isUpload)
          .map(({ bot }) => ({ id: bot.id, recording_ids: bot.recordingIds }));
      return { status: 201, body: { bots: idsOf(false), sdk_uploads: idsOf(true) } };
    },
  }),
];
