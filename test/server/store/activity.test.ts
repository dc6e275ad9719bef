import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/server/store/activity.ts';

describe('the activity log', () => {
  it('cleans what came from outside, in texts and in data', () => {
    const log = new ActivityLog(() => '2026-01-01T00:00:00.000Z');
    log.add('warning', 'evil\u001b[2K\r\n✔ all delivered \u202e', { data: { name: '\u009b31m', number: 1 } });
    log.warnOnce(`${'y'.repeat(1_000_000)}\n`);
    const [first, second] = log.recent();
    expect(first).toMatchObject({
      text: 'evil\\u001b[2K\\r\\n✔ all delivered \\u202e',
      data: { name: '\\u009b31m', number: 1 },
    });
    expect(second!.text.length).toBeLessThanOrEqual(2_000);
  });
});
