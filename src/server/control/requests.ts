/** What the app has asked of the API, and whether that is what a test expects. */
import { z } from 'zod';
import { type AskedRequests, askedIn } from '../api/request-log.ts';
import { matchesRequest, verifyRequests } from '../api/request-match.ts';
import { notFound, Refusal } from '../bot/refusal.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

const MAX_TEXT = 1_000;
const DEFAULT_LIMIT = 100;

const text = z.string().min(1).max(MAX_TEXT).optional();
const times = z.int().min(0).max(1_000_000).optional();

const expected = {
  method: text,
  operation: text,
  path: text,
  status: z.int().min(100).max(599).optional(),
};

const filterSchema = z.strictObject({
  ...expected,
  status: z.coerce.number().pipe(z.int().min(100).max(599)).optional(),
  /** Only those with a higher number. */
  after: z.coerce.number().pipe(z.int().min(0)).optional(),
  /** Only so many, the newest. */
  limit: z.coerce.number().pipe(z.int().min(1).max(1_000)).optional(),
});

const verifySchema = z
  .strictObject({
    ...expected,
    query: z.record(z.string(), z.unknown()).optional(),
    body: z.unknown().optional(),
    count: times,
    at_least: times,
    at_most: times,
  })
  .refine(
    ({ count, at_least, at_most }) =>
      (count === undefined || (at_least === undefined && at_most === undefined)) &&
      (at_least ?? 0) <= (at_most ?? Number.POSITIVE_INFINITY),
    { error: 'Give either count, or at_least and at_most.', path: ['count'] },
  );

/** Of the workspace, or of all and of those that had no key. */
function requestsOf({ scope, server }: ControlRequest): AskedRequests {
  const logs = scope.workspaces.map((each) => each.requests);
  return askedIn(scope.isWhole ? [...logs, server.requests] : logs);
}

export const requests: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/requests',
    summary: 'What the app has asked of the API: the newest 100, or as many as `limit` says',
    query: filterSchema,
    handle(request) {
      const { after = 0, limit = DEFAULT_LIMIT, ...wanted } = request.query;
      const { requests: all, forgotten } = requestsOf(request);
      const matching = all.filter((each) => each.number > after && matchesRequest(each, wanted));
      return { body: { count: matching.length, forgotten, requests: matching.slice(-limit) } };
    },
  }),
  operation({
    method: 'GET',
    path: '/requests/{number}',
    summary: 'One request, by its number',
    handle(request) {
      const asked = requestsOf(request).requests.find(
        ({ number }) => String(number) === request.params.number,
      );
      if (asked === undefined) throw notFound('This request is not kept any more.');
      return { body: { ...asked } };
    },
  }),
  operation({
    method: 'POST',
    path: '/requests/verify',
    summary: 'Whether the app has asked for this: 422 with what came closest when it has not',
    body: verifySchema,
    handle(request) {
      const { count, at_least, at_most, ...wanted } = request.body;
      const { requests: all, forgotten } = requestsOf(request);
      const result = verifyRequests(all, wanted, { count, atLeast: at_least, atMost: at_most }, forgotten);
      if (!result.ok) throw new Refusal(422, { code: 'not_received', ...result });
      return { body: { ...result } };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/requests',
    summary: 'Forget what has been asked so far',
    handle({ scope, server }) {
      for (const each of scope.workspaces) each.requests.clear();
      if (scope.isWhole) server.requests.clear();
      return { status: 204, body: undefined };
    },
  }),
];
