/** A fresh start for the next test. */
import { type ControlOperation, operation } from './operation.ts';

export const reset: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/reset',
    summary: 'Forget everything of this API key, or of all: bots end at once, and nothing is told of it',
    async handle({ scope, server }) {
      const bots = scope.workspaces.reduce((sum, { workspace }) => sum + workspace.bots().length, 0);
      await Promise.all(scope.workspaces.map((each) => server.workspaces.reset(each)));
      if (scope.isWhole) {
        server.requests.clear();
        server.answers.clear();
      }
      return { body: { forgotten_bots: bots } };
    },
  }),
];
