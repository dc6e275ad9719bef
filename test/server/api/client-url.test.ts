import { describe, expect, it } from 'vitest';
import { createMock, type ServerOptions } from '../../../src/server/server.ts';
import { asker, SHORT, ZOOM } from '../../support/mock.ts';

/** Where the second page of bots is, for a client that asks with these headers. */
async function nextPage(
  options: ServerOptions,
  headers: Record<string, string> = {},
  base?: string,
): Promise<string> {
  await using mock = await createMock({ speed: 'max', scenario: SHORT, ...options });
  const ask = asker(mock, base);
  // A page has a hundred bots.
  for (let n = 0; n < 101; n++)
    await ask('POST', '/api/v1/bot/', { meeting_url: ZOOM, join_at: '2999-01-01T00:00:00Z' });
  const { text } = await ask('GET', '/api/v1/bot/', undefined, headers);
  return JSON.parse(text).next;
}

const FORWARDED = { 'X-Forwarded-Host': 'mock.example.com', 'X-Forwarded-Proto': 'https' };

describe('links in answers', () => {
  it('begin as the request did, whatever headers say', async () => {
    expect(await nextPage({}, FORWARDED)).toBe('http://127.0.0.1:8787/api/v1/bot/?page=2');
  });

  it('begin with the public URL, which is a name of ours', async () => {
    const options = { publicUrl: 'https://mock.example.com' };
    const page = 'https://mock.example.com/api/v1/bot/?page=2';
    expect(await nextPage(options)).toBe(page);
    expect(await nextPage(options, {}, 'http://mock.example.com')).toBe(page);
    expect(await nextPage(options, { 'X-Forwarded-Host': 'evil.example' })).toBe(page);
  });

  it('begin as what stands between us says, with a public URL', async () => {
    const options = { publicUrl: 'https://mock.example.com:8443', allowHosts: ['other.example.com'] };
    expect(
      await nextPage(options, {
        'X-Forwarded-Host': 'other.example.com, proxy',
        'X-Forwarded-Proto': 'http',
      }),
    ).toBe('http://other.example.com/api/v1/bot/?page=2');
  });

  it.each(['https://mock.example.com/path', 'https://mock.example.com/?a', 'mock.example.com'])(
    'cannot begin with %s',
    async (publicUrl) => {
      await expect(createMock({ publicUrl })).rejects.toMatchObject({
        code: expect.stringMatching(/^invalid_(public_)?url$/),
      });
    },
  );
});
