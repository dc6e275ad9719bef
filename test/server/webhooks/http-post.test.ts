import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/emulator/clock.ts';
import { type PostOptions, post } from '../../../src/server/webhooks/http-post.ts';

const clock = realClock();
const opened: Server[] = [];

function send(url: string, more: Partial<PostOptions> = {}) {
  return post({ url, body: '{}', headers: {}, timeoutMs: 60_000, insecure: false, clock, ...more });
}

/** A TCP server that answers the first bytes of every connection with `answer`. */
async function answering(answer: string): Promise<{ url: string; closed: Promise<void> }> {
  let onClosed = (): void => {};
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('close', () => onClosed());
    socket.once('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, closed };
}

afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

describe('a post', () => {
  it.each(['nonsense', 'ws://127.0.0.1:4/', 'http://u%ff@127.0.0.1/', 'http://127.0.0.1:99999/'])(
    'to %s is a result, not an exception',
    async (url) => {
      expect(await send(url)).toMatchObject({ error: expect.any(String), timedOut: false });
    },
  );

  it('with a header that HTTP does not take is a result, too', async () => {
    expect(await send('http://127.0.0.1:1/', { headers: { a: 'b\nc' } })).toMatchObject({ timedOut: false });
  });

  it('that is answered by an upgrade ends', async () => {
    const { url } = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    );
    expect(await send(url)).toMatchObject({ error: 'the connection ended without an answer' });
  });

  it('says that nothing came in time', async () => {
    const { url } = await answering('HTTP/1.1 200 OK\r\nX-Never: end');
    expect(await send(url, { timeoutMs: 50 })).toEqual({ error: 'no answer within 0.05 s', timedOut: true });
  });

  it('does not keep the socket of an answer that never ends', async () => {
    const { url, closed } = await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345');
    expect(await send(url, { timeoutMs: 200 })).toEqual({ status: 200 });
    await closed;
  });
});
