/** What the page of the room lives on: everything that is news, and the messages of a meeting one by one. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FAULTS } from '../../emulator/faults/index.ts';
import { builtInScenarios } from '../../scenario/open.ts';
import { COURSE_NAMES } from '../bot/courses.ts';
import { notFound } from '../bot/refusal.ts';
import type { Hello } from './live/batch.ts';
import { liveFeed } from './live/feed.ts';
import { textOfFrame } from './live/message-log.ts';
import { watchOf } from './live/watch.ts';
import { meetingOf } from './lookup.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

/** Told to pages that come back: it differs from process to process. */
const SERVER = randomUUID();
const MAX_EVERY = 1_000;

const liveSchema = z.strictObject({
  /** The bot whose meeting is told. */
  bot: z.string().optional(),
  /** Of its messages of audio one in so many. */
  every: z.coerce.number().pipe(z.int().min(1).max(MAX_EVERY)).default(10),
});

function helloOf({ server, about }: ControlRequest): Hello {
  return {
    server: SERVER,
    ...about,
    scenarios: builtInScenarios(),
    courses: COURSE_NAMES,
    faults: FAULTS.map(({ name, summary, examples }) => ({ name, summary, example: examples[0] })),
    now: server.calendar.now(),
  };
}

export const live: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/live',
    summary: "All that is news, and a bot's meeting, at most ten times a second, as server-sent events",
    query: liveSchema,
    handle(request) {
      const { scope, server, query } = request;
      const whole = (): typeof scope => ({ ...scope, workspaces: server.workspaces.all() });
      return liveFeed(
        {
          scope: scope.isWhole ? whole : () => scope,
          server,
          hello: helloOf(request),
          botId: query.bot,
          everyNth: query.every,
        },
        server.pacer.clock,
      );
    },
  }),
  operation({
    method: 'GET',
    path: '/bots/{bot_id}/messages/{number}',
    summary: 'A message that was written while somebody looked on, as it was written',
    handle(request) {
      const { number = '' } = request.params;
      const message = watchOf(meetingOf(request)).messages.find(
        /^\d{1,15}$/.test(number) ? Number(number) : 0,
      );
      if (message === undefined) throw notFound('This message is not kept any more.');
      const { frame, ...told } = message;
      return { body: { ...told, text: textOfFrame(frame) } };
    },
  }),
];
