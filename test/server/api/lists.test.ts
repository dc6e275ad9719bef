import { describe, expect, it } from 'vitest';
import { byPage, listByCursor, type Query } from '../../../src/server/api/lists.ts';

const URL_OF_LIST = new URL('http://127.0.0.1:8787/api/v1/recording/?bot_id=x');

/** Newest first; one a minute, every third of bot 2. */
function recordings(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(count - index).padStart(12, '0')}`,
    createdAt: new Date(Date.UTC(2026, 0, 1) + (count - index) * 60_000).toISOString(),
    status: { code: index === 1 ? 'failed' : 'done' },
    metadata: index === 2 ? { team: 'a', none: null } : {},
  }));
}

function listed(count: number, query: Query, url = URL_OF_LIST) {
  const { body } = listByCursor({ query, url }, recordings(count), ({ id }) => Number(id.slice(-12)));
  return body as { next: string | null; previous: string | null; results: number[] };
}

function queryOf(link: string | null): Query {
  const { searchParams } = new URL(link!);
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
}

describe('a list by page', () => {
  it('has a hundred of each, a count, and links that keep the query', () => {
    const items = Array.from({ length: 250 }, (_, index) => index);
    const second = byPage(items, { page: ['2'] }, new URL('http://h/api/v1/bot/?status=done&page=2'));
    expect(second).toMatchObject({
      count: 250,
      next: 'http://h/api/v1/bot/?status=done&page=3',
      previous: 'http://h/api/v1/bot/?status=done&page=1',
    });
    expect(second.results).toEqual(items.slice(100, 200));
    expect(byPage([], {}, URL_OF_LIST)).toEqual({ count: 0, next: null, previous: null, results: [] });
  });

  it.each(['0', '4', '-1', '1.5', 'x', ''])('has no page %j: a 404', (page) => {
    expect(() => byPage(Array.from({ length: 250 }), { page: [page] }, URL_OF_LIST)).toThrow(
      expect.objectContaining({ status: 404, body: { detail: 'Invalid page.' } }),
    );
  });
});

describe('a list by cursor', () => {
  it('goes on where a page ended, and back', () => {
    const first = listed(150, {});
    expect([first.results.length, first.results[0], first.previous]).toEqual([100, 150, null]);
    const second = listed(150, queryOf(first.next));
    expect([second.results, second.next]).toEqual([Array.from({ length: 50 }, (_, n) => 50 - n), null]);
    expect(listed(150, queryOf(second.previous)).results).toEqual(first.results);
  });

  it('neither repeats nor hides an entry when others come meanwhile', () => {
    const { next } = listed(150, {});
    expect(listed(160, queryOf(next)).results).toEqual(Array.from({ length: 50 }, (_, n) => 50 - n));
  });

  it('is filtered by id, status, time and metadata', () => {
    expect(listed(5, { status_code: ['failed'] }).results).toEqual([4]);
    expect(listed(5, { recording_id: [recordings(5)[3]!.id] }).results).toEqual([2]);
    expect(listed(5, { metadata__team: ['a'] }).results).toEqual([3]);
    expect(listed(5, { metadata__none: ['null'] }).results).toEqual([]);
    expect(
      listed(5, { created_at_after: ['2026-01-01T00:03:00Z'], created_at_before: ['2026-01-01T00:04:00Z'] })
        .results,
    ).toEqual([4, 3]);
    // A plus sign that nobody encoded.
    expect(listed(5, { created_at_after: ['2026-01-01T01:05:00 01:00'] }).results).toEqual([5]);
  });

  it.each([
    [{ cursor: ['nonsense'] }, 404, { detail: 'Invalid cursor' }],
    [{ created_at_after: ['soon'] }, 400, { created_at_after: ['Enter a valid date/time.'] }],
  ])('refuses %j', (query, status, body) => {
    expect(() => listed(5, query)).toThrow(expect.objectContaining({ status, body }));
  });
});
