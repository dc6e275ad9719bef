import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiverCases } from 'recall-emulator/vitest';
import { afterAll, test } from 'vitest';
import { listen, Receiver } from './receiver.js';

// The receiver keeps audio in memory: each case gets a new one, which writes what it has at every close.
const folder = mkdtempSync(join(tmpdir(), 'receiver-'));
let server;

async function start() {
  await server?.close();
  const receiver = new Receiver();
  const heard = new Set();
  server = await listen({
    connect() {
      const { message } = receiver.connect();
      return {
        message(text) {
          message(text);
          const [, id] = /"participant":\s*\{\s*"id":\s*(\d+)/.exec(text) ?? [];
          if (id !== undefined) heard.add(Number(id));
        },
        close() {
          for (const id of heard) writeFileSync(join(folder, `${id}.raw`), receiver.audio(id) ?? '');
        },
      };
    },
  });
  return server.url;
}

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

receiverCases(test, { url: start, files: [join(folder, '{id}.raw')], suite: 'quick' });
