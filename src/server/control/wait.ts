/** Waiting for what a test needs to have happened, instead of asking again and again. */
import { z } from 'zod';
import { BOT_STATUSES } from '../../protocol/rest/bot-status.ts';
import { parseDuration } from '../../scenario/duration.ts';
import type { Bot } from '../bot/bot.ts';
import { Refusal, refused } from '../bot/refusal.ts';
import { hasEnded } from '../store/records.ts';
import { botSummary } from './bot-views.ts';
import { botOf } from './lookup.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

const DEFAULT_SECONDS = 30;
const MAX_SECONDS = 600;
const MAX_EVENT = 200;

const waitSchema = z
  .strictObject({
    /** Any, when left out. */
    bot: z.string().optional(),
    status: z.enum(BOT_STATUSES).optional(),
    event: z.string().min(1).max(MAX_EVENT).optional(),
    timeout: z.string().optional(),
  })
  .refine(({ status, event }) => (status === undefined) !== (event === undefined), {
    error: 'Give either status (of a bot) or event (of a webhook that has been delivered).',
    path: ['status'],
  });

type Asked = z.infer<typeof waitSchema>;

/** What has happened, or that it never will; undefined while it may. */
type Look = () => Readonly<Record<string, unknown>> | Refusal | undefined;

export const wait: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/wait',
    summary:
      'Answers when a bot has had a status, or a webhook has been delivered; 408 after the timeout, in wall seconds',
    query: waitSchema,
    async handle(request) {
      const seconds = secondsOf(request.query.timeout);
      const bot =
        request.query.bot === undefined
          ? undefined
          : botOf({ ...request, params: { bot_id: request.query.bot } });
      const look = request.query.status === undefined ? eventLook(request, bot) : statusLook(request, bot);
      const found = await looking(unlessForgotten(look, request, bot), seconds, request);
      if (found === undefined) {
        const detail = `It has not happened within ${seconds} s.`;
        throw new Refusal(408, { code: 'timeout', detail, bots: botsOf(request, bot).map(botSummary) });
      }
      if (found instanceof Refusal) throw found;
      return { body: found };
    },
  }),
];

function secondsOf(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_SECONDS : parseDuration(text);
  if (seconds !== undefined && seconds >= 0 && seconds <= MAX_SECONDS) return seconds;
  throw new Refusal(400, { timeout: [`Give a time such as 30s, at most ${MAX_SECONDS} s.`] });
}

function botsOf({ scope }: ControlRequest, bot: Bot | undefined): readonly Bot[] {
  return bot === undefined ? scope.workspaces.flatMap(({ workspace }) => workspace.bots()) : [bot];
}

function statusLook(request: ControlRequest<unknown, Asked>, bot: Bot | undefined): Look {
  const { status } = request.query;
  return () => {
    for (const each of botsOf(request, bot)) {
      const change = each.record.statusChanges.find(({ code }) => code === status);
      if (change !== undefined) return { ...botSummary(each), change };
    }
    if (bot === undefined || !hasEnded(bot.record)) return undefined;
    const { code, sub_code } = bot.record.statusChanges.at(-1)!;
    const ended = sub_code === '' ? code : `${code} (${sub_code})`;
    return refused(409, 'bot_has_ended', `The bot was never ${status}: it has ended as ${ended}.`);
  };
}

function eventLook(request: ControlRequest<unknown, Asked>, bot: Bot | undefined): Look {
  const { event } = request.query;
  return () => {
    const delivery = request.scope.workspaces
      .flatMap(({ webhooks }) => webhooks.deliveries())
      .find(
        (each) =>
          each.event === event &&
          each.state === 'delivered' &&
          (bot === undefined || each.bot_id === bot.record.id),
      );
    return delivery && { delivery };
  };
}

/** What has been reset comes to nothing any more. */
function unlessForgotten(look: Look, { scope }: ControlRequest, bot: Bot | undefined): Look {
  const all = scope.workspaces
    .map(({ workspace }) => workspace)
    .filter((each) => bot === undefined || each.bot(bot.record.id) === bot);
  return () =>
    all.length > 0 && all.every(({ forgotten }) => forgotten)
      ? refused(409, 'forgotten', 'It has been forgotten meanwhile: somebody has reset this API key.')
      : look();
}

/** Looks now, and again whenever something has happened. Undefined when the time is up, or the client has gone. */
function looking(
  look: Look,
  seconds: number,
  { scope, server, signal }: ControlRequest,
): Promise<ReturnType<Look>> {
  return new Promise((resolve) => {
    const { events } = scope.activity;
    let cancel = (): void => {};
    const end = (found: ReturnType<Look>): void => {
      events.off('activity', onActivity);
      signal.removeEventListener('abort', onAbort);
      cancel();
      resolve(found);
    };
    const onAbort = (): void => end(undefined);
    const again = (): void => {
      const found = look();
      if (found !== undefined) end(found);
    };
    // What is told is true when the turn in which it is told is over.
    const onActivity = (): void => queueMicrotask(again);
    cancel = server.pacer.clock.afterWall(seconds * 1_000, () => end(undefined));
    events.on('activity', onActivity);
    signal.addEventListener('abort', onAbort);
    again();
  });
}
