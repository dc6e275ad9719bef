/** Causes where there are many bots: each is told once, with how many it befell. */
import { describe, expect, it } from 'vitest';
// What is built: threads run it as it is shipped.
import { runLoad } from '../../dist/index.js';
import { rawReceiver } from '../support/raw-receiver.ts';

describe('a load test', () => {
  it('tells a cause once, with its bots', async () => {
    await using raw = await rawReceiver(async (peer) => {
      await peer.request();
      peer.socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    const report = await runLoad({
      to: raw.url,
      bots: 3,
      workers: 2,
      participants: 1,
      durationSeconds: 1,
      retryAttempts: 0,
    });
    expect(report.diagnoses).toMatchObject([{ code: 'credentials_refused', bots: 3 }]);
  });
});
