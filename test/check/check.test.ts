/** `check` at receivers over real sockets. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/check.ts';
import { checkReportSchema } from '../../src/check/report.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { withFolder } from '../support/cli.ts';

describe('check', () => {
  it('passes at the embedded receiver', async () => {
    await withFolder(async (dir) => {
      const receiver = await startReceiver({ dir });
      try {
        const report = await check({
          url: receiver.url,
          files: [join(dir, 'recording-{recording_id}', 'participant-{id}.wav')],
          suite: 'quick',
        });
        expect(checkReportSchema.parse(report)).toEqual(report);
        const failed = report.cases.filter(({ verdict }) => verdict !== 'pass');
        expect(failed.map(({ id, connections, lines }) => ({ id, connections, lines }))).toEqual([]);
        expect(report.verdict).toBe(`all ${report.cases.length} passed`);
        expect(report.keeps).toBe('timeline');
      } finally {
        await receiver.close();
      }
    });
  });

  it('says so when nobody looked at what was kept', async () => {
    const receiver = await startReceiver({});
    try {
      const report = await check({ url: receiver.url, cases: ['basic.one_speaker'] });
      expect(report.cases.map(({ verdict }) => verdict)).toEqual(['not_seen', 'not_seen']);
      expect(report.verdict).toMatch(/was not looked at/);
    } finally {
      await receiver.close();
    }
  });

  it('refuses what cannot be meant', async () => {
    const url = 'ws://127.0.0.1:1/';
    await expect(check({ url: 'http://127.0.0.1/' })).rejects.toThrow('does not begin a WebSocket URL');
    await expect(check({ url, cases: ['mute.nothing'] })).rejects.toThrow('No case is called mute.nothing');
    await expect(check({ url, files: ['out/{nobody}.wav'] })).rejects.toThrow('{nobody}');
    await expect(check({ url, waitSeconds: 0 })).rejects.toThrow('Nothing listens at 127.0.0.1:1');
    await expect(check({ url, restart: 'each' })).rejects.toThrow('needs a command');
  });
});
