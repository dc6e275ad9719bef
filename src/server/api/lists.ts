/** Lists as the API pages them: bots by page number with a count, everything else by cursor. */

import type { Metadata } from '../../protocol/rest/shapes.ts';
import { parseAbsolute } from '../../protocol/timestamp.ts';
import { notFound, Refusal } from '../bot/refusal.ts';

/** Query values, each as often as it was given. */
export type Query = Readonly<Record<string, readonly string[]>>;

const PAGE_SIZE = 100;

interface Page<Item> {
  readonly results: readonly Item[];
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
}

/** `url` is that of the request; the neighbours' differ in `page`. Throws a `Refusal` (404) for a page that there is not. */
export function byPage<Item>(items: readonly Item[], query: Query, url: URL): Page<Item> {
  const text = query.page?.at(-1) ?? '1';
  const page = Number(text);
  const pages = Math.max(1, Math.ceil(items.length / PAGE_SIZE));
  if (!/^\d{1,9}$/.test(text) || page < 1 || page > pages) throw notFound('Invalid page.');
  const link = (number: number): string => withQuery(url, 'page', String(number));
  return {
    count: items.length,
    next: page < pages ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
  };
}

/**
 * The cursor is the id that the page begins after, so that what is added meanwhile neither repeats nor hides an entry.
 * `items` are newest first. Throws a `Refusal` (404) for a cursor that is none.
 */
export function byCursor<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: Query,
  url: URL,
): Omit<Page<Item>, 'count'> {
  const cursor = query.cursor?.at(-1);
  const decoded = cursor === undefined ? undefined : readCursor(cursor);
  if (cursor !== undefined && decoded === undefined) throw notFound('Invalid cursor');
  const at = decoded === undefined ? -1 : items.findIndex(({ id }) => id === decoded.id);
  if (decoded !== undefined && at === -1) throw notFound('Invalid cursor');
  const from =
    decoded === undefined ? 0 : decoded.direction === 'after' ? at + 1 : Math.max(0, at - PAGE_SIZE);
  const to = decoded?.direction === 'before' ? at : from + PAGE_SIZE;
  const results = items.slice(from, to);
  const link = (direction: 'after' | 'before', item: Item | undefined): string | null =>
    item === undefined
      ? null
      : withQuery(url, 'cursor', Buffer.from(`${direction} ${item.id}`).toString('base64url'));
  return {
    next: to < items.length ? link('after', results.at(-1)) : null,
    previous: from > 0 ? link('before', results[0]) : null,
    results,
  };
}

/** Keeps what all given filters let pass. */
export function filtered<Item>(
  items: readonly Item[],
  query: Query,
  filters: Readonly<Record<string, (item: Item, values: readonly string[]) => boolean>>,
): Item[] {
  const active = Object.entries(filters).filter(([name]) => (query[name]?.length ?? 0) > 0);
  return items.filter((item) => active.every(([name, passes]) => passes(item, query[name]!)));
}

/** `metadata__KEY=VALUE` */
export function hasMetadata(metadata: Metadata | undefined, query: Query): boolean {
  return Object.entries(query).every(([name, values]) => {
    if (!name.startsWith('metadata__')) return true;
    const key = name.slice('metadata__'.length);
    const value = metadata !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : undefined;
    return value != null && values.includes(value);
  });
}

/** A query that cannot be: a 400 with the field. */
export function invalidQuery(field: string, message: string): Refusal {
  return new Refusal(400, { [field]: [message] });
}

/** Values of a filter by id. Throws a `Refusal` (400) for what is none. */
export function checkIds(query: Query, field: string): void {
  if (query[field]?.every((id) => UUID.test(id)) === false) throw invalidQuery(field, 'Enter a valid UUID.');
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface DateRange {
  /** Milliseconds since the epoch. */
  readonly after: number | undefined;
  readonly before: number | undefined;
}

/** The filters `<field>_after` and `<field>_before`. Throws a `Refusal` (400). */
export function dateRange(query: Query, field: string): DateRange {
  return { after: dateOf(query, `${field}_after`), before: dateOf(query, `${field}_before`) };
}

/** Without a date, only a range without ends will do. */
export function within(date: string | null | undefined, { after, before }: DateRange): boolean {
  if (after === undefined && before === undefined) return true;
  if (date == null) return false;
  const at = Date.parse(date);
  return (after === undefined || at >= after) && (before === undefined || at <= before);
}

/** Filters that every list by cursor has. */
export const CURSOR_FILTERS = [
  'recording_id',
  'status_code',
  'created_at_after',
  'created_at_before',
  'cursor',
] as const;

interface Listed {
  readonly id: string;
  readonly createdAt: string;
  /** Left out by recordings themselves. */
  readonly recordingId?: string;
  readonly status: { readonly code: string };
  readonly metadata: Metadata;
}

/** Answers a request for a list by cursor. Throws a `Refusal`. */
export function listByCursor<Item extends Listed>(
  { query, url }: { readonly query: Query; readonly url: URL },
  items: readonly Item[],
  answer: (item: Item) => unknown,
): { status: 200; body: unknown } {
  const range = dateRange(query, 'created_at');
  checkIds(query, 'recording_id');
  const matching = filtered(items, query, {
    recording_id: ({ id, recordingId = id }, values) => values.includes(recordingId),
    status_code: ({ status }, values) => values.includes(status.code),
  }).filter(({ createdAt, metadata }) => within(createdAt, range) && hasMetadata(metadata, query));
  const page = byCursor(matching, query, url);
  return { status: 200, body: { ...page, results: page.results.map(answer) } };
}

/** The time of a date filter, in milliseconds since the epoch. Throws a `Refusal` (400). */
export function dateOf(query: Query, field: string): number | undefined {
  const text = query[field]?.at(-1);
  if (text === undefined) return undefined;
  // A plus sign that was not encoded arrives as a space.
  const tidy = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  const micros = parseAbsolute(/^\d{4}-\d{2}-\d{2}$/.test(tidy) ? `${tidy}T00:00:00Z` : tidy);
  if (micros === undefined) throw invalidQuery(field, 'Enter a valid date/time.');
  return micros / 1_000;
}

function readCursor(text: string): { direction: 'after' | 'before'; id: string } | undefined {
  const match = /^(after|before) ([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  return match === null ? undefined : { direction: match[1] as 'after' | 'before', id: match[2]! };
}

function withQuery(url: URL, name: string, value: string): string {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next.href;
}
