/** Everything that happens, as it happens. */
import { eventStream } from './event-stream.ts';
import { type ControlOperation, operation } from './operation.ts';

export const events: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/events',
    summary: 'Everything that happens, as server-sent events',
    handle: ({ scope, header }) => eventStream(scope.activity, header('last-event-id')),
  }),
];
