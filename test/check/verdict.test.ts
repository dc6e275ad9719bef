/** Of which meeting of a case a line is. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { check } from '../../src/check/check.ts';
import type { CaseResult } from '../../src/check/report.ts';

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

  /** The number of the meeting of each line, from 0. */
  const meetingsOf = ({ lines, meetings }: CaseResult): number[] =>
    lines.map(({ recording_id: id }) => meetings.findIndex(({ recording_id }) => recording_id === id));

  it('says of which of its meetings it is', async () => {
    const files = [join(dir, '{recording_id}', '{id}.wav')];
    const options = { url, files, waitSeconds: 0.2, connections: 'per-endpoint' } as const;
    const report = await check({
      ...options,
      cases: ['connections.two_bots', 'auth.unsigned'],
      secret: SECRET,
    });
    const [bots, unsigned] = report.cases;
    // Two people each.
    expect(new Set(bots!.lines.map(({ code }) => code))).toEqual(new Set(['no_file']));
    expect(meetingsOf(bots!)).toEqual([0, 0, 1, 1]);
    // The intruder comes first.
    expect(unsigned!.lines[0]!.code).toBe('let_in');
    expect(meetingsOf(unsigned!)[0]).toBe(0);
  });
});

const SECRET = `whsec_${Buffer.from('a secret of so many bytes').toString('base64')}`;
