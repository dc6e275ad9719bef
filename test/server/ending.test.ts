/** How a server ends, whatever hangs: receivers, webhooks, clocks; and what is left of bots that are done. */

import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { meeting } from '../../src/scenario/builder.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { type ServerOptions, startServer } from '../../src/server/server.ts';
import { withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';
import { NO_DELAYS, SHORT, withServer, ZOOM } from '../support/mock.ts';

/** Two people whose microphones are open for an hour. */
const LONG = meeting({ duration: 3_600 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0))
  .participant({ id: 200, name: 'Bo' }, (bo) => bo.unmute(0))
  .build();

const audioTo = (url: string) => ({
  audio_separate_raw: {},
  realtime_endpoints: [{ type: 'websocket', url, events: ['audio_separate_raw.data'] }],
});

/** Starts a server that the test ends itself, with one bot. */
async function serverWithBot(options: ServerOptions, recording_config?: unknown) {
  const server = await startServer({
    port: 0,
    seed: 1,
    scenario: LONG,
    delays: NO_DELAYS,
    closeSeconds: 0.5,
    ...options,
  });
  const headers = { Authorization: 'Token k', 'Content-Type': 'application/json' };
  const response = await fetch(`${server.url}/api/v1/bot/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ meeting_url: ZOOM, recording_config }),
  });
  expect(response.status).toBe(201);
  return { server, headers };
}

/** An HTTP server that takes everything and never answers. */
async function silentApp() {
  const sockets = new Set<Socket>();
  const server = createServer(() => {});
  let asked: () => void = () => {};
  const called = new Promise<void>((resolve) => {
    asked = resolve;
  });
  server.on('request', () => asked());
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    called,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes WebSockets, and never reads again. */
async function stalledReceiver() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  let opened: () => void = () => {};
  const connected = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const sockets: Socket[] = [];
  server.on('connection', (webSocket, request) => {
    webSocket.on('error', () => {});
    request.socket.pause();
    sockets.push(request.socket);
    opened();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connected,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a server ends', () => {
  it('when a webhook is never answered, at any speed', async () => {
    for (const speed of [1, 'max'] as const) {
      const app = await silentApp();
      const { server } = await serverWithBot({ speed, webhookUrls: [app.url] });
      await app.called;
      await server.close();
      expect(server.stats()).toMatchObject({ ok: false, bots: 1 });
      await app.close();
    }
  });

  it('when a receiver does not read, and twice', async () => {
    const receiver = await stalledReceiver();
    const said: string[] = [];
    const onActivity = ({ text }: { text: string }) => void said.push(text);
    const { server } = await serverWithBot({ speed: 1, onActivity }, audioTo(receiver.url));
    await receiver.connected;
    await Promise.all([server.close(), server.close()]);
    await server.close();
    expect(said).toContain('not all connections closed within 0.5 s: they end now');
    await receiver.close();
  });

  it('when a receiver never answers the upgrade', async () => {
    await withReceiver([{ kind: 'hang' }, { kind: 'hang' }], async (receiver) => {
      const { server } = await serverWithBot({ speed: 1 }, audioTo(receiver.url));
      await expect.poll(() => receiver.upgrades.length).toBe(2);
      await server.close();
    });
  });

  it('and takes no new bots meanwhile, but still answers', async () => {
    const receiver = await stalledReceiver();
    const { server, headers } = await serverWithBot({ speed: 1 }, audioTo(receiver.url));
    await receiver.connected;
    const closed = server.close();
    const create = { method: 'POST', headers, body: JSON.stringify({ meeting_url: ZOOM }) };
    const refused = await fetch(`${server.url}/api/v1/bot/`, create);
    expect([refused.status, await refused.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'ending' }),
    ]);
    expect((await fetch(`${server.url}/api/v1/bot/`, { headers })).status).toBe(200);
    await closed;
    await receiver.close();
  });

  it('without leaving its temporary folder, also when it could not start', async () => {
    await withFolder(async (dir) => {
      const { TMPDIR } = process.env;
      process.env.TMPDIR = dir;
      try {
        await withServer({}, async ({ server, bot, until }) => {
          await until(await bot({ recording_config: { audio_separate_raw: {} } }), 'done');
          expect(readdirSync(dir)).toHaveLength(1);
          const port = Number(new URL(server.url).port);
          await expect(startServer({ port, scenario: SHORT })).rejects.toMatchObject({ code: 'EADDRINUSE' });
          await expect(startServer({ answers: ['nonsense'] })).rejects.toMatchObject({
            code: 'invalid_answer',
          });
        });
        expect(readdirSync(dir)).toEqual([]);
        process.env.TMPDIR = join(dir, 'nowhere');
        await expect(startServer({ port: 0 })).rejects.toMatchObject({
          name: 'UsageError',
          code: 'temporary_folder_unusable',
        });
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
      }
    });
  });
});

describe('a bot that is done', () => {
  it('keeps its account, and gives back its audio', async () => {
    await withReceiver([], async (receiver) => {
      await withServer({}, async ({ bot, until, get, server }) => {
        const id = await bot({ recording_config: audioTo(receiver.url) });
        await until(id, 'done');
        // The connection has closed a moment after the last frame.
        await expect.poll(() => receiver.closes.length).toBe(1);
        const session = (await get(`/_emulator/bots/${id}`)).body;
        expect(session).toMatchObject({
          status: 'done',
          scheduled: 20,
          sent: 20,
          dropped: 0,
          elapsed_s: 2,
          participants: [],
          reports: [{ ok: true, sent: 20, participants: [{ id: 100, sent: 20 }] }],
        });
        expect(server.stats()).toMatchObject({
          ok: true,
          connections: 1,
          scheduled: 20,
          sent: 20,
          dropped: 0,
        });
      });
    });
  });

  it('leaves nothing behind that grows with its meeting', async () => {
    const gc = await collector();
    await withFolder(async (dir) => {
      // As much as an audio file may have and still be kept in memory: every bot reads it for itself.
      writeFileSync(join(dir, 'talk.raw'), Buffer.alloc(900 * 1024));
      const scenario: Scenario = {
        duration: 30,
        participants: [{ id: 1 }],
        timeline: [
          { at: 0, participant: 1, action: 'unmute' },
          { at: 0, participant: 1, action: 'speak', audio: join(dir, 'talk.raw') },
        ],
      };
      await withServer({ scenario }, async ({ bot, until }) => {
        const used = async (): Promise<number> => {
          await gc();
          return process.memoryUsage().arrayBuffers / 1024;
        };
        await until(await bot(), 'done');
        const before = await used();
        for (let made = 0; made < 20; made++) await until(await bot(), 'done');
        // Twenty meetings would be 18,000 KiB.
        expect((await used()) - before).toBeLessThan(4_500);
      });
    });
  });
});

/** Node's collector without its flag. */
async function collector(): Promise<() => Promise<void>> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return async () => {
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
  };
}
