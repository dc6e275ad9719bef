/** Waiting until somebody listens at a URL, or nobody does any more. */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { listens, untilListening, untilNobodyListens } from '../../../src/check/witnesses/listening.ts';
import { freePort } from './checked.ts';

async function listeningAt(port: number): Promise<net.Server> {
  const server = net.createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

it('sees who comes and who goes', async () => {
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}/`;
  expect(await listens(url)).toBe(false);
  const waiting = untilListening(url, {});
  const server = await listeningAt(port);
  expect(await waiting).toBe(true);
  const gone = untilNobodyListens(url, {});
  server.close();
  expect(await gone).toBe(true);
});

it('gives up when the time is over, or when it is told to, and has looked once by then', async () => {
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}/`;
  expect(await untilListening(url, { waitMs: 0 })).toBe(false);
  let asked = 0;
  expect(await untilListening(url, { giveUp: () => ++asked === 3 })).toBe(false);
  expect(asked).toBe(3);
  const server = await listeningAt(port);
  expect(await untilListening(url, { waitMs: 0, giveUp: () => true })).toBe(true);
  expect(await untilNobodyListens(url, { waitMs: 0 })).toBe(false);
  server.close();
});
