/** Of which meeting of a case a line is. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { check } from '../../src/check/check.ts';

describe('a line of a case', () => {
  /** Lets everybody in, and keeps nothing. */
  let server: WebSocketServer;
  let url: string;
  let dir: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lines-'));
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });

  it('says of which of its meetings it is', async () => {
    const report = await check({
      url,
      secret: SECRET,
      files: [join(dir, '{recording_id}', '{id}.wav')],
      waitSeconds: 0.2,
      cases: ['auth.unsigned'],
    });
    const { lines, meetings } = report.cases[0]!;
    const numberOf = (id: string | null): number =>
      meetings.findIndex(({ recording_id }) => recording_id === id);
    // The intruder comes first, and of what nobody should have sent nothing needs to be kept.
    expect(lines.map(({ code, recording_id }) => [code, numberOf(recording_id)])).toEqual([
      ['let_in', 0],
      ['no_file', 1],
    ]);
  });
});

const SECRET = `whsec_${Buffer.from('a secret of so many bytes').toString('base64')}`;
