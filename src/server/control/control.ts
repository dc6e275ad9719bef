/**
 * The control API under `/_emulator`: what a test or a person does to a running meeting, and what there is to see of it.
 * It is the emulator's own; Recall has nothing like it. Its routes and its part of the OpenAPI document are made of one
 * table; what operations do is in the file of each resource.
 */
import { Hono } from 'hono';
import { isOwnOrigin } from '../../guard.ts';
import { parseBody, parsed } from '../api/body.ts';
import type { OtherOperation } from '../api/openapi.ts';
import type { RequestContext, RequestEnv } from '../api/request-env.ts';
import { respond, respondAnyway } from '../api/respond.ts';
import { Refusal } from '../bot/refusal.ts';
import { withAliases } from './aliases.ts';
import { answersOnDemand } from './answers.ts';
import { bots } from './bots.ts';
import { calendars } from './calendars.ts';
import { calls } from './calls.ts';
import { connections } from './connections.ts';
import { downloadFaults } from './download-faults.ts';
import { drive } from './drive.ts';
import { events } from './events.ts';
import { exports } from './export.ts';
import { faults } from './faults.ts';
import { history } from './history.ts';
import { live } from './live.ts';
import type { Controlled, ControlOperation } from './operation.ts';
import { participants } from './participants.ts';
import { requests } from './requests.ts';
import { reset } from './reset.ts';
import { type RoomKeys, visitCookie, visitOf } from './room/keys.ts';
import { type Scope, type ScopeOptions, scopeOf, wholeScope } from './scope.ts';
import { sdkUploads } from './sdk-uploads.ts';
import { time } from './time.ts';
import { wait } from './wait.ts';
import { webhooks } from './webhooks.ts';

export const CONTROL_PATH = '/_emulator';

/** The one operation that needs no key. */
const HEALTH = { method: 'GET', path: '/health', summary: 'Whether the mock answers' } as const;

/** Of pages. */
const VISIT = {
  method: 'POST',
  path: '/visit',
  summary: 'A cookie, in place of the key, for pages',
} as const;

/** One line for each resource. */
const OPERATIONS = withAliases([
  ...bots,
  ...calls,
  ...participants,
  ...drive,
  ...connections,
  ...faults,
  ...downloadFaults,
  ...time,
  ...calendars,
  ...sdkUploads,
  ...webhooks,
  ...requests,
  ...wait,
  ...exports,
  ...history,
  ...reset,
  ...answersOnDemand,
  ...events,
  ...live,
]);

/** For the OpenAPI document: the same operations from the root of the server on, and the list of them. */
export const CONTROL_DOCUMENT: readonly OtherOperation[] = [
  { method: 'GET', path: CONTROL_PATH, summary: 'What there is here' },
  { ...HEALTH, path: `${CONTROL_PATH}${HEALTH.path}` },
  { ...VISIT, path: `${CONTROL_PATH}${VISIT.path}` },
  ...OPERATIONS.map((operation) => ({ ...operation, path: `${CONTROL_PATH}${operation.path}` })),
];

export interface ControlOptions extends Controlled, ScopeOptions {
  /** Names under which pages of ours may be, beside the one that was asked for. */
  readonly allowedHosts: readonly string[];
  readonly version: string;
  /** Pages come in by these. */
  readonly keys: RoomKeys;
}

export function createControl(options: ControlOptions): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>();
  // Whoever waits for us has no key yet; it tells nothing that a port that listens does not.
  app.get(HEALTH.path, (context) => context.json({ status: 'ok', version: options.version }));
  app.use('*', async (context, next) => {
    checkOrigin(context, options);
    await next();
  });
  app.get('/', (context) => {
    scopeFor(context, options);
    const { realTime } = options.server;
    return context.json({
      name: 'recall-emulator',
      version: options.version,
      // Wall seconds; 0 in virtual time.
      lateness: { recent_s: rounded(realTime.recentSeconds), max_s: rounded(realTime.maxSeconds) },
      operations: CONTROL_DOCUMENT.filter(({ deprecated }) => deprecated !== true).map(
        ({ method, path, summary }) => `${method} ${path}: ${summary}`,
      ),
    });
  });
  // Who shows the key once need not show it again: a page cannot send it with everything it asks.
  app.post(VISIT.path, (context) => {
    scopeFor(context, options);
    const { protocol } = new URL(context.req.url);
    const cookie = visitCookie(options.keys.admit(), hostOf(context), protocol === 'https:');
    return new Response(null, { status: 204, headers: { 'Set-Cookie': cookie } });
  });
  for (const operation of OPERATIONS) {
    const pattern = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(operation.method, pattern, (context) => perform(context, operation, options));
  }
  app.onError((error) => respondAnyway(error, options.server.activity));
  return app;
}

async function perform(
  context: RequestContext,
  operation: ControlOperation,
  options: ControlOptions,
): Promise<Response> {
  const { body, query } = operation;
  const { server, files, apiKey, about, callApi } = options;
  const { key: _, ...asked } = context.req.query();
  const answer = await operation.handle({
    scope: scopeFor(context, options),
    server,
    files,
    apiKey,
    about,
    callApi,
    params: context.req.param() as Record<string, string>,
    body: body === undefined ? undefined : parseBody(await context.req.text(), body),
    query: query === undefined ? {} : parsed(asked, query),
    signal: context.req.raw.signal,
    header: (name) => context.req.header(name),
  });
  return answer instanceof Response ? answer : respond({ status: 200, ...answer });
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}

function scopeFor(context: RequestContext, options: ControlOptions): Scope {
  const { req } = context;
  const visit = visitOf(req.header('cookie'), hostOf(context));
  const scope = options.keys.knows(visit)
    ? wholeScope(options.server)
    : scopeOf(req.header('authorization'), req.query('key'), options);
  if (!scope.isWhole) context.set('keyed', scope.workspaces[0]);
  return scope;
}

function hostOf({ req }: RequestContext): string {
  return req.header('host') ?? new URL(req.url).host;
}

/** Throws a `Refusal` for pages of others. */
function checkOrigin(context: RequestContext, { allowedHosts }: ControlOptions): void {
  const { req } = context;
  // As browsers name it in `Origin`: scheme, host and port of what was asked for.
  const own = `${new URL(req.url).protocol}//${hostOf(context)}`;
  if (!isOwnOrigin(req.header('origin'), own, allowedHosts))
    throw new Refusal(403, { detail: 'Pages of other origins may not use the control API.' });
}
