import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../src/server/server.ts';
import { withServer } from '../support/mock.ts';
import { until } from '../support/until.ts';

/** An app that answers as it is told to, and counts how often it was asked. */
async function withApp<T>(
  use: (app: { url: string; status: number; asked: number }) => Promise<T>,
): Promise<T> {
  const app = { url: '', status: 503, asked: 0 };
  const server = createServer((_request, response) => {
    app.asked++;
    response.writeHead(app.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  app.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  try {
    return await use(app);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('waiting for the app', () => {
  it('lets no bot start before the app is ready, and answers meanwhile', async () => {
    await withApp(async (app) => {
      await withServer({ waitFor: app.url }, async (client) => {
        const [kept, deleted] = [await client.bot(), await client.bot()];
        await until(() => app.asked > 2);
        const { body } = await client.get(`/api/v1/bot/${kept}/`);
        expect(body.status_changes).toEqual([]);
        expect((await client.send('DELETE', `/api/v1/bot/${deleted}/`)).status).toBe(204);
        app.status = 404;
        await client.until(kept, 'done');
        expect((await client.get(`/api/v1/bot/${deleted}/`)).status).toBe(404);
        // Whoever comes later does not wait.
        await client.until(await client.bot(), 'done');
      });
    });
  });

  it('ends without the app, and says that bots never started', async () => {
    const said: string[] = [];
    const onActivity = ({ text }: { text: string }): unknown => said.push(text);
    const waitFor = 'http://127.0.0.1:1/?token=secret';
    await withServer({ waitFor, onActivity }, async (client) => {
      await client.bot();
      await client.server.close();
      expect(client.server.stats()).toMatchObject({ recordings: 0 });
    });
    expect(said.at(-1)).toMatch(/^bots never started: http:\/\/127\.0\.0\.1:1\/\?token=\*\*\* /);
    await expect(startServer({ port: 0, waitFor: 'ws://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'invalid_url',
    });
  });
});
