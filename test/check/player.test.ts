/** How the meetings of cases are sent. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { check } from '../../src/check/check.ts';

describe('meetings of cases', () => {
  it('wait for an upgrade in wall seconds, however fast they go by', async () => {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      // Longer than a second of the meeting.
      verifyClient: (_, answer) => setTimeout(() => answer(true), 300),
    });
    await once(server, 'listening');
    try {
      const report = await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        cases: ['basic.one_speaker'],
        connections: 'per-participant',
      });
      expect(report.cases[0]).toMatchObject({ verdict: 'not_seen', headline: '' });
    } finally {
      server.close();
    }
  });

  it('carry the metadata of the bot, also where each message is changed', async () => {
    const seen = new Set<string>();
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('message', (data) => seen.add(JSON.parse(String(data)).data.bot.metadata.session));
    });
    try {
      await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        cases: ['basic.one_speaker', 'frames.metadata'],
        connections: 'per-endpoint',
        botMetadata: { session: 'a1' },
      });
      expect([...seen]).toEqual(['a1']);
    } finally {
      server.close();
    }
  });
});
