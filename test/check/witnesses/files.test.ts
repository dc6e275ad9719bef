/** Files that are named by something that messages may be without. */
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { check } from '../../../src/check/check.ts';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { withFolder } from '../../support/cli.ts';

it('are found by the id of the bot, and under any name where no message names a bot', () =>
  withFolder(async (dir) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (socket) =>
      socket.on('message', (text) => {
        const { data } = JSON.parse(String(text));
        const folder = join(dir, data.bot?.id ?? 'nobody');
        mkdirSync(folder, { recursive: true });
        appendFileSync(
          join(folder, `${data.data.participant.id}.raw`),
          Buffer.from(data.data.buffer, 'base64'),
        );
      }),
    );
    try {
      const report = await check({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        files: [join(dir, '{bot_id}', '{id}.raw')],
        cases: ['basic.one_speaker', 'frames.bot_absent'],
        connections: 'per-endpoint',
      });
      expect(report.verdict).toBe('all 2 passed');
    } finally {
      server.close();
    }
  }));

it('are not judged when they were there before their recording began: with a fixed seed, ids come again', () =>
  withFolder(async (dir) => {
    const receiver = await startReceiver({ dir });
    const options = {
      url: receiver.url,
      files: [join(dir, 'recording-{recording_id}', 'participant-{id}.wav')],
      cases: ['basic.one_speaker'],
      connections: 'per-endpoint',
      seed: 7,
    } as const;
    try {
      expect((await check(options)).verdict).toBe('all 1 passed');
      await expect(check(options)).rejects.toMatchObject({ code: 'left_over_files' });
      expect((await check({ ...options, seed: 8 })).verdict).toBe('all 1 passed');
    } finally {
      await receiver.close();
    }
  }));
