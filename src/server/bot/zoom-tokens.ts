/**
 * Tokens for Zoom that a bot gets from the app before it joins: `zoom.obf_token_url`, `join_token_url` and `zak_url` are called,
 * signed, and answer with the token as text ("Zoom OBF", "Zoom Skip Waiting Room", "Zoom Signed-in Bots", 2026). The tokens
 * themselves are not looked at, and are neither kept nor shown.
 */
import { signRequest } from '../../protocol/signing.ts';
import type { BotRecord } from '../store/records.ts';
import { get } from '../webhooks/http-get.ts';
import type { BotContext } from './context.ts';
import type { Timers } from './timers.ts';

/** Without the first and the last no bot joins: the names of these sub-codes are **our choice**. */
const FATAL = {
  obf_token_url: 'zoom_obf_token_request_failed',
  zak_url: 'zoom_zak_request_failed',
} as const;
const FIELDS = ['obf_token_url', 'join_token_url', 'zak_url'] as const;

/** As webhooks have it. */
const TIMEOUT_MS = 15_000;
const MAX_TOKEN = 16_384;

interface ZoomTokens {
  /** Why the bot cannot join. */
  readonly failure?: { readonly subCode: string; readonly message: string };
  /** With a join token, and one of the others, the host has let the bot in already. */
  readonly skipsWaitingRoom: boolean;
}

/** Goes on at once for a bot that asks for none. Time that can be held stands still meanwhile. */
export function getZoomTokens(
  context: BotContext,
  bot: BotRecord,
  timers: Timers,
  fail: (subCode: string, message: string) => void,
  goOn: (isLetIn: boolean) => void,
): void {
  const { zoom } = bot.request;
  const asked = FIELDS.filter((field) => typeof zoom?.[field] === 'string');
  if (bot.meetingUrl.platform !== 'zoom' || asked.length === 0) {
    goOn(false);
    return;
  }
  const release = context.clock.hold();
  timers.when(
    'step',
    fetchAll(context, bot, asked),
    ({ failure, skipsWaitingRoom }) => {
      if (failure === undefined) goOn(skipsWaitingRoom);
      else fail(failure.subCode, failure.message);
    },
    release,
  );
}

async function fetchAll(
  context: BotContext,
  bot: BotRecord,
  asked: readonly (typeof FIELDS)[number][],
): Promise<ZoomTokens> {
  const got = new Set<string>();
  for (const field of asked) {
    const problem = await problemOf(context, bot, field);
    const tell = (text: string): void =>
      context.activity.add(problem === undefined ? 'bot' : 'warning', text, { botId: bot.id });
    if (problem === undefined) {
      got.add(field);
      tell(`zoom.${field} gave a token`);
      continue;
    }
    const message = `zoom.${field} gave no token: ${problem}`;
    tell(message);
    if (field !== 'join_token_url')
      return { failure: { subCode: FATAL[field], message }, skipsWaitingRoom: false };
  }
  return { skipsWaitingRoom: got.has('join_token_url') && got.size > 1 };
}

/** Why a URL gives no token; undefined when it does. */
async function problemOf(
  { clock, ids, secret, mayDial, targetOf }: BotContext,
  { id, request }: BotRecord,
  field: (typeof FIELDS)[number],
): Promise<string | undefined> {
  const url = targetOf(request.zoom![field]!);
  if (!mayDial(url)) return 'its host is not allowed: name it with `allowTargets`';
  const headers =
    secret === undefined
      ? {}
      : signRequest({
          secret,
          id: `msg_${ids.uuid(`${field} ${id}`).replaceAll('-', '')}`,
          // Receivers compare with their own clock, so this is wall time whatever the speed.
          timestampSeconds: Math.floor(Date.now() / 1_000),
        });
  const result = await get({ url, headers, timeoutMs: TIMEOUT_MS, clock });
  if ('error' in result) return result.error;
  if (result.status < 200 || result.status > 299) return `HTTP ${result.status}`;
  const token = result.text.trim();
  if (token === '') return 'the answer is empty';
  return token.length > MAX_TOKEN || /[\r\n]/.test(token) ? 'the answer is no token' : undefined;
}
