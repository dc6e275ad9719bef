/** The types of `recall-emulator/msw`. */
import type { HttpHandler, WebSocketHandler } from 'msw';
import { setupServer } from 'msw/node';
import { meeting, type ServerStats } from 'recall-emulator';
import { recallHandlers, recallWebSocketLink } from 'recall-emulator/msw';
import { expectTypeOf } from 'vitest';

const scenario = meeting().participant({ id: 100, name: 'Ada' }).build();

await using recall = recallHandlers({
  scenario,
  baseUrl: ['https://recall.example'],
  onBotCreated: (bot) => {
    expectTypeOf(bot.id).toBeString();
  },
});
expectTypeOf(recall).toExtend<HttpHandler[]>();
expectTypeOf(recall.stats()).resolves.toEqualTypeOf<ServerStats>();
setupServer(...recall, recallWebSocketLink('wss://relay.example/', { scenario }));
expectTypeOf(
  recallWebSocketLink('wss://relay.example/', { scenario, frameMs: [20] }),
).toEqualTypeOf<WebSocketHandler>();
// @ts-expect-error: there is no socket to listen on
recallHandlers({ port: 8787 });
// @ts-expect-error: it needs something to send
recallWebSocketLink('wss://relay.example/', {});
