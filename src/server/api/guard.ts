/** Who and what is let in: hosts that are ours, keys, and bodies of a size and depth that can be handled. */
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { apiKeyOf, bearerOf, equalSecrets, isBearer, isOurHost } from '../../guard.ts';
import { isTooDeep, MAX_JSON_DEPTH } from '../../json.ts';
import { Refusal, refused } from '../bot/refusal.ts';
import type { ActivityLog } from '../store/activity.ts';
import type { RequestContext, RequestEnv } from './request-env.ts';

/**
 * Larger bodies are refused unread. One `b64_data` has up to 1,835,008 characters, and a bot that is created may have several: a
 * picture for before its recording, one for its recording, and what it says.
 */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What the vendor's firewall answers with. */
const WAF_PAGE = '<html><head><title>403 Forbidden</title></head></html>';

/** Names of this machine that the vendor's firewall does not let through. */
const THIS_MACHINE = /localhost|127\.0\.0\.1|\[::1\]/;

const BEARER = 'Recall takes "Authorization: Token KEY", not Bearer';

export interface GuardOptions {
  /** The only key that is accepted; any when undefined. */
  readonly apiKey: string | undefined;
  /** Host names beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Refuse bodies that name this machine, as the vendor's firewall does, and any on a GET. */
  readonly strictWaf: boolean;
  readonly activity: ActivityLog;
}

/** What holds for every request, whoever it is for. */
export function guard(app: Hono<RequestEnv>, { allowedHosts, strictWaf }: GuardOptions): void {
  app.use('*', (context, next) => {
    if (isOurHost(context.req.header('host') ?? new URL(context.req.url).host, allowedHosts)) return next();
    throw refused(421, 'unknown_host', 'This host name is not served here: name it with `allowHosts`.');
  });
  app.use(
    '*',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw refused(413, 'payload_too_large', `A body has at most ${MAX_BODY_BYTES} bytes.`);
      },
    }),
  );
  app.use('*', async (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') {
      if (strictWaf && hasBody(context)) throw new Refusal(403, WAF_PAGE);
    } else if (isTooDeep(await context.req.text())) {
      // It could not be written again.
      throw new Refusal(400, {
        detail: `JSON parse error - nested more than ${MAX_JSON_DEPTH} levels deep`,
      });
    }
    await next();
  });
}

function hasBody({ req }: RequestContext): boolean {
  return (req.header('content-length') ?? '0') !== '0' || req.header('transfer-encoding') !== undefined;
}

/** Throws a `Refusal` (403) for a body that the vendor's firewall would not let through. */
export function checkFirewall(text: string, { strictWaf }: GuardOptions): void {
  if (strictWaf && THIS_MACHINE.test(text)) throw new Refusal(403, WAF_PAGE);
}

/** The key of a request: it says which workspace is meant. Throws a `Refusal` (401) without the right one. */
export function checkKey(authorization: string | undefined, { apiKey, activity }: GuardOptions): string {
  const bearer = isBearer(authorization);
  if (bearer && apiKey === undefined) {
    activity.warnOnce(`${BEARER}: it would answer 401`);
    return bearerOf(authorization);
  }
  const key = apiKeyOf(authorization);
  if (key === undefined) {
    const detail = bearer ? `${BEARER}.` : 'Authentication credentials were not provided.';
    throw unauthorised('not_authenticated', detail);
  }
  if (apiKey !== undefined && !equalSecrets(key, apiKey))
    throw unauthorised('authentication_failed', 'Invalid API token');
  return key;
}

function unauthorised(code: string, detail: string): Refusal {
  return new Refusal(401, { code, detail }, { 'WWW-Authenticate': 'Token' });
}
