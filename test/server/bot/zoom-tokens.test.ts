import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { verifyRequest } from '../../../src/protocol/signing.ts';
import { withServer } from '../../support/mock.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

/** An app that gives tokens. `answer` decides by the path. */
async function withTokens(
  answer: (path: string) => { status: number; text: string },
  use: (url: string, requests: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const { status, text } = answer(request.url ?? '');
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const codesOf = (bot: { status_changes: { code: string }[] }) => bot.status_changes.map(({ code }) => code);

describe('tokens for Zoom', () => {
  it('are asked for before the bot joins, signed, and a join token leads past the waiting room', async () => {
    await withTokens(
      () => ({ status: 200, text: 'token\n' }),
      async (url, requests) => {
        await withServer({ secret: SECRET }, async ({ bot, until }) => {
          const zoom = { obf_token_url: `${url}/obf?user=1`, join_token_url: `${url}/join` };
          const done = await until(await bot({ zoom }), 'done');
          expect(codesOf(done)).toContain('in_call_recording');
          expect(codesOf(done)).not.toContain('in_waiting_room');
        });
        expect(requests.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
          'GET /obf?user=1',
          'GET /join',
        ]);
        const verified = requests.map(({ headers }) =>
          verifyRequest({ secret: SECRET, headers, nowSeconds: Math.floor(Date.now() / 1_000) }),
        );
        expect(verified).toEqual([{ ok: true }, { ok: true }]);
      },
    );
  });

  it.each([
    ['obf_token_url', 500, 'no', 'zoom_obf_token_request_failed', 'HTTP 500'],
    ['obf_token_url', 200, '', 'zoom_obf_token_request_failed', 'empty'],
    ['zak_url', 404, 'no', 'zoom_zak_request_failed', 'HTTP 404'],
  ])('end a bot when %s answers %d %j', async (field, status, text, subCode, why) => {
    await withTokens(
      () => ({ status, text }),
      async (url) => {
        await withServer({}, async ({ bot, until }) => {
          const { status_changes } = await until(await bot({ zoom: { [field]: url } }), 'fatal');
          expect(status_changes.at(-1)).toMatchObject({ code: 'fatal', sub_code: subCode });
          expect(status_changes.at(-1).message).toContain(why);
          expect(codesOf({ status_changes })).toEqual(['joining_call', 'fatal']);
        });
      },
    );
  });

  it('are not asked for elsewhere; a join token that is missing only means to wait', async () => {
    await withServer({}, async ({ bot, until, post }) => {
      const nowhere = { join_token_url: 'http://127.0.0.1:1/', obf_token_url: 'http://127.0.0.1:1/' };
      const meet = { meeting_url: 'https://meet.google.com/abc-defg-hij', zoom: nowhere };
      expect(codesOf(await until(await bot(meet), 'done'))).toContain('in_waiting_room');
      const zoom = { join_token_url: 'http://127.0.0.1:1/' };
      expect(codesOf(await until(await bot({ zoom }), 'done'))).toContain('in_waiting_room');
      const wrong = { meeting_url: 'https://zoom.us/j/1', zoom: { zak_url: 'nowhere' } };
      expect(await post('/api/v1/bot/', wrong)).toMatchObject({
        status: 400,
        body: { zoom: { zak_url: ['Enter a valid URL.'] } },
      });
    });
  });
});
