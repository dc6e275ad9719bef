/** All that there is, for a server that begins with it. */
import { takeSnapshot } from '../store/snapshot.ts';
import { type ControlOperation, operation } from './operation.ts';

export const exports: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/export',
    summary: 'The bots with their recordings and audio, as a server can begin with them',
    handle({ scope }) {
      const bots = scope.workspaces.flatMap(({ workspace: { context } }) => {
        const states = context.store.states();
        const { bots: taken } = takeSnapshot(states, (botId, recordingId) =>
          context.dirOf(botId, recordingId),
        );
        // Of one key: whoever begins with it may have another.
        return scope.isWhole
          ? taken
          : taken.map(({ state, audio }) => ({
              state: { ...state, bot: { ...state.bot, workspace: undefined } },
              audio,
            }));
      });
      return { body: { version: 1, bots } };
    },
  }),
];
