/**
 * The routes of the REST API, made of the table of operations: what stands before an operation (keys, answers on demand,
 * idempotency, bodies) and what comes after it. What operations do is in `resources/`.
 */
import { Hono } from 'hono';
import { plainText } from '../../plain-text.ts';
import { notFound, Refusal } from '../bot/refusal.ts';
import { parseBody } from './body.ts';
import { type ClientUrlOptions, clientUrl } from './client-url.ts';
import { DOWNLOADS_PATH, type Downloads } from './downloads.ts';
import { checkFirewall, checkKey, type GuardOptions, guard } from './guard.ts';
import { invalidQuery, type Query } from './lists.ts';
import { notEmulatedRoute } from './not-emulated.ts';
import type { Operation } from './operation.ts';
import { reasonOf } from './reason.ts';
import type { RequestContext, RequestEnv } from './request-env.ts';
import type { RequestLog } from './request-log.ts';
import { OPERATIONS } from './resources/index.ts';
import { respond, respondAnyway, respondToError, textOf } from './respond.ts';
import { Serializer } from './serialize.ts';
import type { KeyedWorkspace, Workspaces } from './workspaces.ts';

export interface ApiOptions extends GuardOptions, ClientUrlOptions {
  readonly workspaces: Workspaces;
  readonly downloads: Downloads;
  /** Those that had no key. */
  readonly requests: RequestLog;
  /** On the server's clock, as answers write it. */
  now(): string;
  /** A request was answered with 400 or more. */
  onRefused(): void;
}

export function createApi(options: ApiOptions): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  app.use('/api/*', async (context, next) => {
    const at = options.now();
    const started = performance.now();
    await next();
    await keepRequest(context, { at, duration_ms: Math.round(performance.now() - started) }, options);
  });
  app.use('*', async (context, next) => {
    await next();
    if (context.res.status >= 400) await tellRefusal(context, options);
  });
  guard(app, options);
  app.get(`${DOWNLOADS_PATH}/*`, (context) => {
    const { origin, pathname } = clientUrl(context, options);
    const query = { expires: context.req.query('expires'), token: context.req.query('token') };
    const path = pathname.slice(DOWNLOADS_PATH.length + 1);
    return options.downloads.answer(origin, path, query, {
      headOnly: context.req.method === 'HEAD',
      range: context.req.header('range'),
      ifRange: context.req.header('if-range'),
    });
  });
  for (const [path, operations] of byPath(OPERATIONS)) {
    const handler = (context: RequestContext): Promise<Response> => route(context, operations, options);
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.all(pattern, handler);
    app.all(pattern.replace(/\/$/, ''), handler);
  }
  app.notFound((context) => {
    const missing = notEmulatedRoute(context.req.method, clientUrl(context, options).pathname, false);
    if (missing === undefined) throw notFound();
    findWorkspace(context, options);
    throw new Refusal(501, missing);
  });
  app.onError((error) => respondAnyway(error, options.activity));
  return app;
}

/** The workspace of the key. Throws a `Refusal` (401) without one. */
function findWorkspace(context: RequestContext, options: ApiOptions): KeyedWorkspace {
  const keyed = options.workspaces.of(checkKey(context.req.header('authorization'), options));
  context.set('keyed', keyed);
  return keyed;
}

/** For tests that ask what an app did. */
async function keepRequest(
  context: RequestContext,
  times: { readonly at: string; readonly duration_ms: number },
  options: ApiOptions,
): Promise<void> {
  const { req, res } = context;
  const log = context.get('keyed')?.requests ?? options.requests;
  const isRead = ['GET', 'HEAD'].includes(req.method);
  const query = Object.entries(req.queries()).map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
  log.add({
    ...times,
    method: req.method,
    path: clientUrl(context, options).pathname,
    operation: context.get('operation') ?? null,
    query: Object.fromEntries(query),
    // What was too large to be read has been refused without.
    body: isRead || res.status === 413 ? '' : await req.text(),
    status: res.status,
    answer: await textOf(res),
  });
}

/** One line for every request that did not get what it asked for. Paths are told without their queries. */
async function tellRefusal(context: RequestContext, options: ApiOptions): Promise<void> {
  options.onRefused();
  const activity = context.get('keyed')?.workspace.context.activity ?? options.activity;
  const { method } = context.req;
  const { status } = context.res;
  const path = plainText(clientUrl(context, options).pathname, 200);
  const reason = await reasonOf(context.res.clone());
  const hint = status === 404 && isOfAnotherKey(context, options) ? ' (it is that of another API key)' : '';
  activity.add('request', `${method} ${path}: ${status}${reason && `, ${reason}`}${hint}`, {
    data: { method, path, status, reason },
  });
}

/** Whether what the path names is there, but not for the one who asks. */
function isOfAnotherKey(context: RequestContext, { workspaces }: ApiOptions): boolean {
  const id = context.req.param('id');
  if (id === undefined) return false;
  const others = workspaces.all().filter((each) => each !== context.get('keyed'));
  return others.some(({ workspace }) => workspace.context.store.ownerOf(id) !== undefined);
}

function byPath(operations: readonly Operation[]): Map<string, Operation[]> {
  const paths = new Map<string, Operation[]>();
  for (const operation of operations)
    for (const path of [operation.path, operation.olderPath])
      if (path !== undefined) paths.set(path, [...(paths.get(path) ?? []), operation]);
  return paths;
}

/** `operations`: those of the path. */
async function route(
  context: RequestContext,
  operations: readonly Operation[],
  options: ApiOptions,
): Promise<Response> {
  const keyed = findWorkspace(context, options);
  const { method } = context.req;
  const { pathname } = clientUrl(context, options);
  const operation = operations.find((each) => each.method === method);
  if (operation === undefined) {
    const missing = notEmulatedRoute(method, pathname, true);
    if (missing !== undefined) throw new Refusal(501, missing);
    throw new Refusal(
      405,
      { code: 'method_not_allowed', detail: `Method "${method}" not allowed.` },
      { Allow: operations.map((each) => each.method).join(', ') },
    );
  }
  context.set('operation', operation.id);
  const key = context.req.header('idempotency-key');
  const answer = (): Promise<Response> => perform(context, operation, keyed, options).catch(respondToError);
  if (key === undefined || !['POST', 'PATCH'].includes(method)) return answer();
  return keyed.idempotency.once(`${method} ${pathname} ${key.slice(0, 255)}`, answer);
}

async function perform(
  context: RequestContext,
  operation: Operation,
  { workspace, answers, limits, calendars, eventBots }: KeyedWorkspace,
  options: ApiOptions,
): Promise<Response> {
  limits?.take(operation, workspace.context.store.ownerOf(context.req.param('id') ?? '')?.bot.id);
  const onDemand = answers.take(operation.id);
  if (onDemand !== undefined) throw onDemand;
  const body = await readBody(context, operation, options);
  const url = clientUrl(context, options);
  const result = await operation.handle({
    workspace,
    calendars,
    eventBots,
    params: context.req.param() as Record<string, string>,
    query: checkedQuery(context.req.queries(), operation),
    body,
    url,
    serializer: new Serializer(
      workspace.context.store,
      (path) => options.downloads.url(url.origin, path),
      workspace.context.calendar.nowMs(),
    ),
  });
  // What a client has been told of survives whatever ends the process.
  if (operation.method !== 'GET') {
    const id = context.req.param('id') ?? (result.body as { readonly id?: string } | undefined)?.id;
    if (id !== undefined) await workspace.saved(id);
  }
  return respond(result);
}

async function readBody(context: RequestContext, { body }: Operation, options: ApiOptions): Promise<unknown> {
  if (body === undefined) return undefined;
  const text = await context.req.text();
  checkFirewall(text, options);
  return parseBody(text, body);
}

function checkedQuery(query: Record<string, string[]>, { choices = {} }: Operation): Query {
  for (const [name, allowed] of Object.entries(choices)) {
    const wrong = query[name]?.find((value) => !allowed.includes(value));
    if (wrong !== undefined)
      throw invalidQuery(name, `Select a valid choice. ${wrong} is not one of the available choices.`);
  }
  return query;
}
