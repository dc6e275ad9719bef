/**
 * The HTTP side of the REST API: routes from the table of operations, keys, bodies, faults, idempotency, and errors in the
 * shape that Django REST framework gives them. What operations do is in the table.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { apiKeyOf, equalSecrets, isOurHost } from '../guard.ts';
import { BotCommandError } from './bot-run.ts';
import { DOWNLOADS_PATH, type Downloads } from './downloads.ts';
import type { FaultAnswer, Faults } from './faults.ts';
import type { IdempotencyKeys, KeptAnswer } from './idempotency.ts';
import { PageError, type Query, QueryError } from './lists.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { CommandError } from './recording-run.ts';
import { SCENARIO_METADATA } from './scenarios.ts';
import { Serializer } from './serialize.ts';
import { validationErrors } from './validation-errors.ts';
import { isScenarioError, ScenarioFault, type Workspace, WorkspaceError } from './workspace.ts';

/** Larger bodies are refused unread. */
const MAX_BODY_BYTES = 1024 * 1024;

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
  app.get(`${DOWNLOADS_PATH}/*`, (context) => {
    const { pathname } = new URL(context.req.url);
    return options.downloads.answer(
      pathname.slice(DOWNLOADS_PATH.length + 1),
      { expires: context.req.query('expires'), token: context.req.query('token') },
      serializerFor(context, options),
    );
  });
  for (const [path, operations] of byPath(OPERATIONS)) {
    const handler = (context: Context): Promise<Response> => answer(context, operations, options);
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.all(route, handler);
    app.all(route.replace(/\/$/, ''), handler);
  }
  app.notFound(() => send({ status: 404, body: { detail: 'Not found.' } }));
  app.onError((error) => {
    if (error instanceof HTTPException)
      return send({ status: error.status, body: { detail: error.message } });
    options.workspace.context.activity.add('warning', `defect: ${error.stack ?? error.message}`);
    return send({ status: 500, body: { detail: 'Internal error of recall-emulator; its log has more.' } });
  });
  return app;
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
  const unauthorised = authorise(context.req.header('authorization'), options.apiKey);
  if (unauthorised !== undefined) return send(unauthorised);
  const operation = operations.find(({ method }) => method === context.req.method);
  if (operation === undefined) {
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

function authorise(authorization: string | undefined, apiKey: string | undefined): Answer | undefined {
  const key = apiKeyOf(authorization);
  if (key === undefined) {
    return {
      status: 401,
      body: { code: 'not_authenticated', detail: 'Authentication credentials were not provided.' },
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
  if (fault !== undefined) return sendFault(fault, operation, options);
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
    return send({ status: result.status, body: result.body });
  } catch (error) {
    if (error instanceof ScenarioFault) return sendFault(error.answer, operation, options);
    return send(answerTo(error));
  }
}

/** What a mistake of the client's is answered with. Rethrows what is none. */
function answerTo(error: unknown): Answer {
  if (error instanceof BodyError) return error.answer;
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
    throw new BodyError({ status: 403, body: '<html><head><title>403 Forbidden</title></head></html>' });
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

function sendFault(fault: FaultAnswer, operation: Operation, { workspace }: ApiOptions): Response {
  workspace.context.activity.add('request', `${operation.id}: ${fault.status} on demand`, {
    data: { operation: operation.id, status: fault.status },
  });
  return send(fault);
}

function send({ status, body, headers = {} }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body === 'string')
    return new Response(body, { status, headers: { 'Content-Type': 'text/html', ...headers } });
  return Response.json(body, { status, headers });
}
