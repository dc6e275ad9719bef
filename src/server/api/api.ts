/**
 * The HTTP side of the REST API: routes from the table of operations, keys, bodies, faults, idempotency, and errors in the
 * shape that Django REST framework gives them. What operations do is in the table.
 */
import { type Context, Hono, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { apiKeyOf, equalSecrets, isBearer, isOurHost } from '../../guard.ts';
import { isTooDeep, MAX_JSON_DEPTH } from '../../json.ts';
import { plainText } from '../../plain-text.ts';
import { validationErrors } from '../../protocol/rest/validation-errors.ts';
import { BotCommandError } from '../bot/bot.ts';
import type { Faults } from '../bot/faults.ts';
import { CommandError } from '../bot/meeting.ts';
import { SCENARIO_METADATA } from '../bot/scenarios.ts';
import {
  FieldError,
  isScenarioError,
  ScenarioFault,
  type Workspace,
  WorkspaceError,
} from '../bot/workspace.ts';
import { diskFailure } from '../store/disk-errors.ts';
import { DOWNLOADS_PATH, type Downloads } from './downloads.ts';
import type { IdempotencyKeys, KeptAnswer } from './idempotency.ts';
import { PageError, type Query, QueryError } from './lists.ts';
import { notEmulatedRoute } from './not-emulated.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { reasonOf } from './refusals.ts';
import { Serializer } from './serialize.ts';

/** Larger bodies are refused unread. `b64_data` of `output_audio` alone has up to 1,835,008 characters. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** What the vendor's firewall answers with. */
const WAF_PAGE = '<html><head><title>403 Forbidden</title></head></html>';

export interface ApiOptions {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly idempotency: IdempotencyKeys;
  readonly downloads: Downloads;
  /** The only key that is accepted; any when undefined. */
  readonly apiKey: string | undefined;
  /** Host names beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Refuse bodies that name this machine, as the vendor's firewall does. */
  readonly strictWaf: boolean;
  /** A request was answered with 400 or more. */
  onRefused(): void;
}

/** An answer that is not the operation's own. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createApi(options: ApiOptions): Hono {
  const app = new Hono();
  app.use('*', async (context, next) => {
    await next();
    if (context.res.status >= 400) await tellRefusal(context, options);
  });
  app.use('*', async (context, next) => {
    if (!isOurHost(context.req.header('host') ?? new URL(context.req.url).host, options.allowedHosts))
      return send({
        status: 421,
        body: {
          code: 'unknown_host',
          detail: 'This host name is not served here: name it with --allow-host.',
        },
      });
    return next();
  });
  app.use(
    '*',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () =>
        send({
          status: 413,
          body: { code: 'payload_too_large', detail: `A body has at most ${MAX_BODY_BYTES} bytes.` },
        }),
    }),
  );
  app.use('*', (context, next) => checkBody(context, next, options));
  app.get(`${DOWNLOADS_PATH}/*`, (context) => {
    const { pathname } = new URL(context.req.url);
    return options.downloads.answer(
      pathname.slice(DOWNLOADS_PATH.length + 1),
      { expires: context.req.query('expires'), token: context.req.query('token') },
      serializerFor(context, options),
      context.req.method === 'HEAD',
    );
  });
  for (const [path, operations] of byPath(OPERATIONS)) {
    const handler = (context: Context): Promise<Response> => answer(context, operations, options);
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.all(route, handler);
    app.all(route.replace(/\/$/, ''), handler);
  }
  app.notFound((context) => noRoute(context, options));
  app.onError((error) => {
    if (error instanceof HTTPException)
      return send({ status: error.status, body: { detail: error.message } });
    options.workspace.context.activity.add('warning', `defect: ${error.stack ?? error.message}`);
    return send({ status: 500, body: { detail: 'Internal error of recall-emulator; its log has more.' } });
  });
  return app;
}

/** One line for every request that did not get what it asked for. Paths are told without their queries. */
async function tellRefusal(context: Context, { workspace, onRefused }: ApiOptions): Promise<void> {
  onRefused();
  const { method } = context.req;
  const { status } = context.res;
  const path = plainText(requestUrl(context).pathname, 200);
  const reason = await reasonOf(context.res.clone());
  workspace.context.activity.add('request', `${method} ${path}: ${status}${reason && `, ${reason}`}`, {
    data: { method, path, status, reason },
  });
}

/** What is wrong with a body whoever it is for: it is none of a GET's, or it is nested too deep to be written again. */
async function checkBody(
  context: Context,
  next: Next,
  { strictWaf }: ApiOptions,
): Promise<Response | undefined> {
  const { method } = context.req;
  if (method === 'GET' || method === 'HEAD') {
    const length = context.req.header('content-length') ?? '0';
    if (strictWaf && (length !== '0' || context.req.header('transfer-encoding') !== undefined))
      return send({ status: 403, body: WAF_PAGE });
  } else if (isTooDeep(await context.req.text())) {
    return send({
      status: 400,
      body: { detail: `JSON parse error - nested more than ${MAX_JSON_DEPTH} levels deep` },
    });
  }
  await next();
  return undefined;
}

function noRoute(context: Context, options: ApiOptions): Response {
  const { pathname } = requestUrl(context);
  const missing = notEmulatedRoute(context.req.method, pathname, false);
  if (missing === undefined) return send({ status: 404, body: { detail: 'Not found.' } });
  return send(authorise(context, options) ?? { status: 501, body: missing });
}

function byPath(operations: readonly Operation[]): Map<string, Operation[]> {
  const paths = new Map<string, Operation[]>();
  for (const operation of operations)
    paths.set(operation.path, [...(paths.get(operation.path) ?? []), operation]);
  return paths;
}

async function answer(
  context: Context,
  operations: readonly Operation[],
  options: ApiOptions,
): Promise<Response> {
  const unauthorised = authorise(context, options);
  if (unauthorised !== undefined) return send(unauthorised);
  const operation = operations.find(({ method }) => method === context.req.method);
  if (operation === undefined) {
    const missing = notEmulatedRoute(context.req.method, requestUrl(context).pathname, true);
    if (missing !== undefined) return send({ status: 501, body: missing });
    return send({
      status: 405,
      body: { code: 'method_not_allowed', detail: `Method "${context.req.method}" not allowed.` },
      headers: { Allow: operations.map(({ method }) => method).join(', ') },
    });
  }
  const key = context.req.header('idempotency-key');
  if (key === undefined || !['POST', 'PATCH'].includes(operation.method))
    return perform(context, operation, options);
  return once(`${operation.method} ${new URL(context.req.url).pathname} ${key.slice(0, 255)}`, options, () =>
    perform(context, operation, options),
  );
}

/** The first answer to a key is the answer to all of them. */
async function once(
  key: string,
  { idempotency }: ApiOptions,
  respond: () => Promise<Response>,
): Promise<Response> {
  const known = idempotency.begin(key);
  if (known === 'in_flight') {
    return send({
      status: 409,
      body: {
        code: 'idempotency_key_in_use',
        detail: 'A request with this Idempotency-Key is being processed.',
      },
    });
  }
  if (known !== 'new') return new Response(known.body === '' ? null : known.body, known);
  try {
    const response = await respond();
    const kept: KeptAnswer = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    idempotency.settle(key, kept);
    return new Response(kept.body === '' ? null : kept.body, kept);
  } catch (error) {
    idempotency.forget(key);
    throw error;
  }
}

const BEARER = 'Recall takes "Authorization: Token KEY", not Bearer';

function authorise(context: Context, { apiKey, workspace }: ApiOptions): Answer | undefined {
  const authorization = context.req.header('authorization');
  const bearer = isBearer(authorization);
  if (bearer && apiKey === undefined) {
    workspace.context.activity.warnOnce(`${BEARER}: it would answer 401`);
    return undefined;
  }
  const key = apiKeyOf(authorization);
  if (key === undefined) {
    const detail = bearer ? `${BEARER}.` : 'Authentication credentials were not provided.';
    return {
      status: 401,
      body: { code: 'not_authenticated', detail },
      headers: { 'WWW-Authenticate': 'Token' },
    };
  }
  if (apiKey === undefined || equalSecrets(key, apiKey)) return undefined;
  return {
    status: 401,
    body: { code: 'authentication_failed', detail: 'Invalid API token' },
    headers: { 'WWW-Authenticate': 'Token' },
  };
}

async function perform(context: Context, operation: Operation, options: ApiOptions): Promise<Response> {
  const fault = options.faults.take(operation.id);
  if (fault !== undefined) return send(fault);
  try {
    const body = await readBody(context, operation, options);
    const url = requestUrl(context);
    const result = await operation.handle({
      workspace: options.workspace,
      params: context.req.param() as Record<string, string>,
      query: checkedQuery(context.req.queries(), operation),
      body,
      url,
      serializer: serializerFor(context, options),
    });
    // What a client has been told of survives whatever ends the process.
    if (operation.method !== 'GET') {
      const id = context.req.param('id') ?? (result.body as { readonly id?: string } | undefined)?.id;
      if (id !== undefined) await options.workspace.saved(id);
    }
    return send({ status: result.status, body: result.body });
  } catch (error) {
    if (error instanceof ScenarioFault) return send(error.answer);
    return send(answerTo(error));
  }
}

/** What a mistake of the client's is answered with. Rethrows what is none. */
function answerTo(error: unknown): Answer {
  if (error instanceof BodyError) return error.answer;
  if (error instanceof FieldError) return { status: 400, body: error.errors };
  if (error instanceof QueryError) return { status: 400, body: { [error.field]: [error.message] } };
  if (error instanceof PageError) return { status: 404, body: { detail: error.message } };
  if (error instanceof WorkspaceError)
    return {
      status: error.status,
      body: error.status === 404 ? { detail: error.message } : { code: error.code, detail: error.message },
    };
  if (error instanceof BotCommandError || error instanceof CommandError)
    return { status: 400, body: { code: error.code, detail: error.message } };
  // The scenario comes from the bot's metadata: it is the request that is wrong.
  if (isScenarioError(error))
    return { status: 400, body: { metadata: { [SCENARIO_METADATA]: error.message.split('\n') } } };
  // A full table of open files is no defect, and it passes.
  const failure = diskFailure(error);
  if (failure !== undefined) return { status: 503, body: { code: failure.code, detail: failure.text } };
  throw error;
}

class BodyError extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('invalid body');
    this.answer = answer;
  }
}

async function readBody(context: Context, operation: Operation, options: ApiOptions): Promise<unknown> {
  if (operation.body === undefined) return undefined;
  const text = await context.req.text();
  if (options.strictWaf && /localhost|127\.0\.0\.1|\[::1\]/.test(text))
    throw new BodyError({ status: 403, body: WAF_PAGE });
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new BodyError({ status: 400, body: { detail: `JSON parse error - ${(error as Error).message}` } });
  }
  const result = operation.body.safeParse(value);
  if (!result.success) throw new BodyError({ status: 400, body: validationErrors(result.error, value) });
  return result.data;
}

function checkedQuery(query: Record<string, string[]>, { choices = {} }: Operation): Query {
  for (const [name, allowed] of Object.entries(choices)) {
    const wrong = query[name]?.find((value) => !allowed.includes(value));
    if (wrong !== undefined)
      throw new QueryError(name, `Select a valid choice. ${wrong} is not one of the available choices.`);
  }
  return query;
}

function serializerFor(context: Context, { workspace, downloads }: ApiOptions): Serializer {
  const { origin } = requestUrl(context);
  return new Serializer(
    workspace.context.store,
    (path) => downloads.url(origin, path),
    workspace.context.calendar.nowMs(),
  );
}

/** The URL as the client wrote it: its host is in the header. */
function requestUrl(context: Context): URL {
  return new URL(context.req.url);
}

function send({ status, body, headers = {} }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body === 'string')
    return new Response(body, { status, headers: { 'Content-Type': 'text/html', ...headers } });
  return Response.json(body, { status, headers });
}
