import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { get } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RECALL_HOSTS } from '../../src/protocol/regions.ts';
import { type MockServer, type ServerOptions, startServer } from '../../src/server/server.ts';
import { getThrough, tunnel } from '../support/connect.ts';
import { within } from '../support/until.ts';

/** Making an authority takes a moment: one is enough for all. */
const caDir = mkdtempSync(join(tmpdir(), 'recall-emulator-test-'));
afterAll(() => rmSync(caDir, { recursive: true }));

async function withProxy<T>(
  options: ServerOptions,
  use: (mock: MockServer, ca: string) => Promise<T>,
): Promise<T> {
  const mock = await startServer({ port: 0, speed: 'max', proxy: true, caDir, ...options });
  try {
    return await use(mock, readFileSync(mock.secure!.caFile, 'utf8'));
  } finally {
    await mock.close();
  }
}

/** Runs `use` with somebody who sends back what comes, with `echo ` in front. */
async function withEcho<T>(use: (port: number, sockets: Set<Socket>) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => socket.write(`echo ${data}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port, sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const said = (socket: Socket): Promise<string> =>
  within(new Promise((resolve) => socket.once('data', (data) => resolve(`${data}`))), 'an echo');

describe('the proxy', () => {
  it("is Recall's API for whoever trusts its authority, in every region", async () => {
    await withProxy({}, async ({ url }, ca) => {
      for (const host of RECALL_HOSTS) {
        const { status, text } = await getThrough(url, `https://${host}/api/v1/bot/`, ca);
        expect([host, status, JSON.parse(text).results]).toEqual([host, 200, []]);
      }
      await expect(getThrough(url, 'https://api.recall.ai/api/v1/bot/', undefined)).rejects.toMatchObject({
        code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
      });
      // The vendor's documentation is none of it.
      expect((await tunnel(url, 'docs.recall.ai:1')).status).toBe(502);
    });
  });

  it('leads everything else where it went, untouched', async () => {
    await withEcho(async (port, sockets) => {
      await withProxy({}, async (mock) => {
        const { socket } = await tunnel(mock.url, `127.0.0.1:${port}`);
        socket!.write('\u0000\u00ff no HTTP at all');
        expect(await said(socket!)).toBe('echo \u0000\u00ff no HTTP at all');
        // Neither end outlives the other.
        const far = [...sockets][0]!;
        const gone = new Promise((resolve) => far.once('close', resolve));
        socket!.destroy();
        await within(gone, 'the end of the far side');
      });
    });
  });

  it('tells a slow client all that was said before the far end went', async () => {
    const size = 8 * 1024 * 1024;
    const server = createTcpServer((socket) => socket.end(Buffer.alloc(size, 7)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const far = server.address() as AddressInfo;
    const ended = new Promise((resolve) =>
      server.once('connection', (socket) => socket.once('close', resolve)),
    );
    await withProxy({}, async ({ url }) => {
      const { socket } = await tunnel(url, `127.0.0.1:${far.port}`);
      let bytes = 0;
      const all = new Promise((resolve) => socket!.once('close', resolve));
      socket!.on('data', (data) => {
        bytes += data.length;
        // Slower than what is sent.
        socket!.pause();
        setImmediate(() => socket!.resume());
      });
      await within(all, 'the end of what was said');
      expect(bytes).toBe(size);
      await ended;
    });
    server.close();
  });

  it('ends what it has open when it closes', async () => {
    await withEcho(async (port) => {
      await withProxy({}, async (mock) => {
        const { socket } = await tunnel(mock.url, `127.0.0.1:${port}`);
        const gone = new Promise((resolve) => socket!.once('close', resolve));
        socket!.resume();
        await mock.close();
        await within(gone, 'the end of the tunnel');
      });
    });
  });

  it('says why it does not put through', async () => {
    await withProxy({}, async ({ url }) => {
      for (const wrong of ['nowhere', 'a.example:0', 'a.example:70000', '[::g]:1', 'u@a.example:443'])
        expect(await tunnel(url, wrong).catch(({ code }) => code)).toMatchObject({ status: 400 });
      const { status, said } = await tunnel(url, '127.0.0.1:1');
      expect([status, said]).toEqual([502, expect.stringContaining('127.0.0.1:1 cannot be reached')]);
    });
  });

  it('leads nowhere but where it may when others can ask it', async () => {
    await withEcho(async (port) => {
      const options = { host: '0.0.0.0', apiKey: 'key', allowTargets: ['127.0.0.1'] };
      await withProxy(options, async ({ url }, ca) => {
        expect((await tunnel(url, `localhost:${port}`)).status).toBe(403);
        const { socket } = await tunnel(url, `127.0.0.1:${port}`);
        socket!.write('x');
        expect(await said(socket!)).toBe('echo x');
        socket!.destroy();
        expect((await getThrough(url, 'https://api.recall.ai/api/v1/bot/', ca)).status).toBe(200);
      });
    });
  });

  it('goes through the proxy that was there before, with its user and password', async () => {
    await withEcho(async (port) => {
      const asked: (string | undefined)[] = [];
      const before = createServer();
      before.on('connect', (request, socket) => {
        asked.push(request.url, request.headers['proxy-authorization']);
        if (request.url === 'refused.example:443') socket.end('HTTP/1.1 407 No\r\n\r\n');
        else socket.end('HTTP/1.1 200 Yes\r\n\r\nhello');
      });
      await new Promise<void>((resolve) => before.listen(0, '127.0.0.1', resolve));
      const upstreamProxy = `http://me:p%20w@127.0.0.1:${(before.address() as AddressInfo).port}`;
      await withProxy({ upstreamProxy }, async ({ url }, ca) => {
        const { socket } = await tunnel(url, `a.example:${port}`);
        expect(await said(socket!)).toBe('hello');
        expect(asked).toEqual([`a.example:${port}`, `Basic ${btoa('me:p w')}`]);
        const { status, said: why } = await tunnel(url, 'refused.example:443');
        expect([status, why]).toEqual([502, expect.stringContaining('it answered 407')]);
        expect(why).not.toContain('p%20w');
        // Not for us.
        expect((await getThrough(url, 'https://us-east-1.recall.ai/api/v1/bot/', ca)).status).toBe(200);
        expect(asked).toHaveLength(4);
      });
      before.close();
    });
  });

  it('does not start beside a proxy that it cannot use, and keeps its password to itself', async () => {
    const upstreamProxy = 'socks5://me:secret@127.0.0.1:1';
    const starting = startServer({ port: 0, proxy: true, upstreamProxy });
    await expect(starting).rejects.toMatchObject({ code: 'invalid_url' });
    await expect(starting).rejects.not.toThrow('secret');
  });

  it('is none unless asked for', async () => {
    const mock = await startServer({ port: 0 });
    expect(mock.secure).toBeUndefined();
    await expect(tunnel(mock.url, 'us-west-2.recall.ai:443')).rejects.toThrow();
    const response = await fetch(`${mock.url}/api/v1/bot/`, { headers: { Authorization: 'x' } });
    expect(response.status).toBe(200);
    await mock.close();
  });
});

describe('https', () => {
  it('is spoken on the port, by names and addresses of this machine', async () => {
    await withProxy({ proxy: false, https: true }, async ({ url, secure }, ca) => {
      expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(secure!.url).toBe(url);
      const { port } = new URL(url);
      for (const host of ['localhost', '127.0.0.1']) {
        const status = await new Promise((resolve, reject) => {
          const call = get(`https://${host}:${port}/_emulator/health`, { ca, family: 4, agent: false });
          call.once('response', (response) => resolve(response.resume().statusCode));
          call.once('error', reject);
        });
        expect(status).toBe(200);
      }
    });
  });

  it('and a proxy exclude each other', async () => {
    await expect(startServer({ port: 0, https: true, proxy: true })).rejects.toMatchObject({
      code: 'https_with_proxy',
    });
  });
});
