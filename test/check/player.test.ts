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

  it('have a wire that is seen, also where they are played step by step', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    let arrived = 0;
    server.on('connection', (socket) => {
      socket.send('hello\nthere');
      socket.on('message', (data) => {
        arrived++;
        if (!isObject(String(data))) socket.close(4000, 'enough');
      });
    });
    try {
      const report = await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        cases: ['robust.not_json'],
      });
      const { connections, wire, lanes } = report.cases[0]!.meetings[0]!;
      const id = lanes[0]!.participant;
      expect(connections).toMatchObject([{ participants: [id], close_code: 4000, ended_by: 'receiver' }]);
      const { opened_s, closed_s } = connections[0]!;
      expect(opened_s).toBeGreaterThanOrEqual(0);
      expect(closed_s).toBeGreaterThan(opened_s!);
      expect(wire.find(({ kind }) => kind === 'open')).toMatchObject({ at_s: opened_s, connection: 1 });
      expect(wire.find(({ kind }) => kind === 'close')).toMatchObject({
        at_s: closed_s,
        text: '4000 enough, by the receiver',
      });
      expect(wire.find(({ kind }) => kind === 'received')!.text).toBe('hello\\nthere');
      const messages = wire.filter(({ kind }) => kind === 'message');
      // What came after the close was not sent.
      expect(messages.length).toBe(arrived);
      expect(messages[0]).toMatchObject({ at_s: opened_s, connection: 1 });
      expect(messages[0]!.text).toMatch(/^\{"event":"audio_separate_raw.data".*"buffer":".{12}…"/);
      expect(Math.max(...messages.map(({ at_s }) => at_s))).toBeLessThanOrEqual(closed_s!);
      expect(wire.map(({ at_s }) => at_s)).toEqual(wire.map(({ at_s }) => at_s).sort((a, b) => a - b));
    } finally {
      server.close();
    }
  });

  it('say when they were refused', async () => {
    const verifyClient = (_: unknown, answer: (isTaken: boolean, code: number) => void) => answer(false, 503);
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, verifyClient });
    await once(server, 'listening');
    try {
      const report = await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        cases: ['robust.not_json'],
      });
      const { connections, wire } = report.cases[0]!.meetings[0]!;
      expect(connections).toMatchObject([{ opened_s: null, closed_s: null }]);
      const refused = wire.filter(({ kind }) => kind === 'refused');
      expect(refused).toMatchObject([{ connection: 1, text: connections[0]!.error }]);
      expect(refused[0]!.at_s).toBeGreaterThan(0);
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

function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
