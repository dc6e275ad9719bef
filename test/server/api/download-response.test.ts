import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/server/api/content.ts';
import { downloadResponse } from '../../../src/server/api/download-response.ts';
import { until } from '../../support/until.ts';

/** Ten bytes, and how often they have been let go. */
function tenBytes(): Content & { closed: number } {
  const bytes = Buffer.from('0123456789');
  return {
    contentType: 'text/plain',
    size: bytes.length,
    etag: '"x"',
    closed: 0,
    async *read(from, to) {
      yield bytes.subarray(from, to);
    },
    async close() {
      this.closed++;
    },
  };
}

const WHOLE = { range: undefined, ifRange: undefined, headOnly: false };
const CLOCK = { afterWall: () => () => {} };

describe('an answer with a file', () => {
  it('lets the file go when it has been read, and when nobody wants it', async () => {
    const read = tenBytes();
    expect(await (await downloadResponse(read, WHOLE, {}, CLOCK)).text()).toBe('0123456789');
    await until(() => read.closed > 0);

    const unread = tenBytes();
    await (await downloadResponse(unread, WHOLE, {}, CLOCK)).body!.cancel();
    await until(() => unread.closed > 0);

    const head = tenBytes();
    await downloadResponse(head, { ...WHOLE, headOnly: true }, {}, CLOCK);
    expect(head.closed).toBe(1);

    const beyond = tenBytes();
    const asked = downloadResponse(beyond, { ...WHOLE, range: 'bytes=10-' }, {}, CLOCK);
    await expect(asked).rejects.toMatchObject({ status: 416, headers: { 'Content-Range': 'bytes */10' } });
    expect(beyond.closed).toBe(1);
  });

  it('waits as long as its bytes take at a rate', async () => {
    const waits: number[] = [];
    const clock = {
      afterWall: (ms: number, callback: () => void) => {
        waits.push(ms);
        queueMicrotask(callback);
        return () => {};
      },
    };
    const response = await downloadResponse(tenBytes(), WHOLE, { bytesPerSecond: 40 }, clock);
    expect(await response.text()).toBe('0123456789');
    // Four bytes, four and two: after each but the last, as long as it takes.
    expect(waits).toEqual([100, 100]);
  });
});
