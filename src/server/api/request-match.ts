/** Whether an app asked for what a test expects, and if not, what came closest and how it differs. Pure. */
import { plainJson, plainText } from '../../plain-text.ts';
import { matchesWildcard } from '../bot/wildcard.ts';
import { isMatcher, keptJson } from './kept-json.ts';
import type { LoggedRequest } from './request-log.ts';

/** What a request must be. Whatever is left out may be anything. */
export interface ExpectedRequest {
  readonly method?: string | undefined;
  /** Such as `create_bot`. */
  readonly operation?: string | undefined;
  /** Without its query; with or without the slash at its end. `*` stands for anything. */
  readonly path?: string | undefined;
  /** The status of the answer. */
  readonly status?: number | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  /** Part of the body: fields that are not named may be anything; lists are compared from their first entry to their last. */
  readonly body?: unknown;
}

/** How many requests there must be; at least one when nothing is said. */
export interface ExpectedCount {
  readonly count?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

interface NearMiss {
  readonly request: Pick<LoggedRequest, 'number' | 'at' | 'method' | 'path' | 'operation' | 'status'>;
  /** What differs, a line each. */
  readonly differences: readonly string[];
}

export interface Verification {
  readonly ok: boolean;
  readonly matched: number;
  /** Numbers of the requests that are as expected. */
  readonly requests: readonly number[];
  /** What is wrong, in a sentence; empty when nothing is. */
  readonly detail: string;
  /** What came closest, when there were too few. */
  readonly near_misses: readonly NearMiss[];
}

const MAX_NEAR_MISSES = 3;
/** Of one request. */
const MAX_DIFFERENCES = 10;
const MAX_VALUE = 120;
/** Another operation is farther away than any field of the right one. */
const FAR = MAX_DIFFERENCES;

/** Looks for `expected` among `requests`; `forgotten` were before them and are not known any more. */
export function verifyRequests(
  requests: readonly LoggedRequest[],
  expected: ExpectedRequest,
  count: ExpectedCount = {},
  forgotten = 0,
): Verification {
  const wanted = {
    ...expected,
    body: keptJson(expected.body),
    query: keptJson(expected.query) as ExpectedRequest['query'],
  };
  const looked = requests.map((request) => ({ request, ...distanceOf(request, wanted) }));
  const matching = looked.filter(({ differences }) => differences.length === 0);
  const [least, most] = rangeOf(count);
  const matched = matching.length;
  const isUnsure = forgotten > 0 && (most !== Number.POSITIVE_INFINITY || matched < least);
  const ok = matched >= least && matched <= most && !isUnsure;
  const nearest = looked
    .filter(({ differences }) => differences.length > 0)
    .sort((a, b) => a.distance - b.distance || b.request.number - a.request.number)
    .slice(0, matched < least ? MAX_NEAR_MISSES : 0);
  return {
    ok,
    matched,
    requests: matching.map(({ request }) => request.number),
    detail: ok
      ? ''
      : `Expected ${rangeText(least, most)} like this, got ${matched} (of ${requests.length}).` +
        (isUnsure ? ` ${forgotten} older ones are not kept any more: how many there were is not known.` : ''),
    near_misses: nearest.map(({ request, differences }) => ({ request: named(request), differences })),
  };
}

/** The same as text, for the messages of failed tests. */
export function verificationText({ detail, near_misses }: Verification): string {
  const misses = near_misses.flatMap(({ request: { number, method, path, status }, differences }) => [
    `  closest: ${method} ${path} (number ${number}, answered ${status})`,
    ...differences.map((difference) => `    - ${difference}`),
  ]);
  return [detail, ...misses].join('\n');
}

/** Whether a request is as expected. */
export function matchesRequest(request: LoggedRequest, expected: ExpectedRequest): boolean {
  return verifyRequests([request], expected).ok;
}

function named({ number, at, method, path, operation, status }: LoggedRequest): NearMiss['request'] {
  return { number, at, method, path, operation, status };
}

function rangeOf({ count, atLeast, atMost }: ExpectedCount): readonly [least: number, most: number] {
  if (count !== undefined) return [count, count];
  return [atLeast ?? (atMost === undefined ? 1 : 0), atMost ?? Number.POSITIVE_INFINITY];
}

function rangeText(least: number, most: number): string {
  const requests = (count: number): string => `${count} request${count === 1 ? '' : 's'}`;
  if (least === most) return requests(least);
  if (most === Number.POSITIVE_INFINITY) return `at least ${requests(least)}`;
  return least === 0 ? `at most ${requests(most)}` : `${least} to ${requests(most)}`;
}

function distanceOf(
  request: LoggedRequest,
  expected: ExpectedRequest,
): { readonly distance: number; readonly differences: readonly string[] } {
  const differences: string[] = [];
  const { method, operation, path, status } = expected;
  if (method !== undefined && method.toUpperCase() !== request.method)
    differences.push(differs('method', method.toUpperCase(), request.method));
  if (operation !== undefined && operation !== request.operation)
    differences.push(differs('operation', operation, request.operation));
  if (path !== undefined && !matchesWildcard(withoutSlash(path), withoutSlash(request.path)))
    differences.push(differs('path', path, request.path));
  const far = differences.length * FAR;
  if (status !== undefined && status !== request.status)
    differences.push(differs('status', status, request.status));
  if (expected.query !== undefined) compare(expected.query, request.query, 'query', differences);
  if (expected.body !== undefined) compare(expected.body, request.body, 'body', differences);
  return { distance: far + differences.length, differences };
}

function compare(expected: unknown, actual: unknown, path: string, differences: string[]): void {
  if (differences.length >= MAX_DIFFERENCES) return;
  if (isMatcher(expected)) {
    if (!expected.asymmetricMatch(actual)) differences.push(differs(path, expected, actual));
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    if (expected !== actual) differences.push(differs(path, expected, actual));
    return;
  }
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected)) {
    differences.push(differs(path, expected, actual));
    return;
  }
  if (Array.isArray(expected)) {
    const length = (actual as readonly unknown[]).length;
    if (length !== expected.length) differences.push(differs(`${path}.length`, expected.length, length));
  }
  for (const [name, value] of Object.entries(expected)) {
    const own = Object.hasOwn(actual, name) ? (actual as Record<string, unknown>)[name] : undefined;
    compare(value, own, Array.isArray(expected) ? `${path}[${name}]` : `${path}.${name}`, differences);
  }
}

function differs(path: string, expected: unknown, actual: unknown): string {
  return `${plainText(path)}: expected ${textOf(expected)}, got ${textOf(actual)}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return plainText(
    isMatcher(value) ? (value.toAsymmetricMatcher?.() ?? String(value)) : plainJson(value),
    MAX_VALUE,
  );
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
