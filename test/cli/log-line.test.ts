import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startCli, withFolder } from '../support/cli.ts';
import { until } from '../support/until.ts';

const MESSAGES = 40_000;

describe('the log on stderr', () => {
  it('is bounded at a reader that does not read, and tells how many lines it left out', () =>
    withFolder(async (dir) => {
      const cli = startCli('record', '--port', '0', '--out', dir, '--json');
      const url = await cli.printed(/ws:\/\/[\d.:]+/);
      cli.process.stderr!.pause();
      const webSocket = new WebSocket(url);
      await new Promise((resolve) => webSocket.once('open', resolve));
      for (let sent = 0; sent < MESSAGES; sent++) webSocket.send('{}');
      const page = url.replace('ws:', 'http:');
      const received = async (): Promise<number> =>
        ((await (await fetch(page)).json()) as { messages: number }).messages;
      await until(async () => (await received()) === MESSAGES);
      cli.process.stderr!.resume();
      const [, leftOut] = /(\d+) lines left out/.exec(await cli.printed(/… \d+ lines left out/))!;
      cli.process.kill('SIGINT');
      const { code, stdout, stderr } = await cli.ended;
      webSocket.terminate();
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ messages: MESSAGES, invalid: MESSAGES });
      const shown = stderr.split('\n').filter((line) => line.startsWith('invalid message')).length;
      expect(shown + Number(leftOut)).toBe(MESSAGES);
      expect(stderr.length).toBeLessThan(2 * 1024 * 1024);
    }));
});
