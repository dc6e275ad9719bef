import { describe, expect, it } from 'vitest';
import { eventStream } from '../../../src/server/control/event-stream.ts';
import { ActivityLog } from '../../../src/server/store/activity.ts';

function logWith(count: number): ActivityLog {
  const log = new ActivityLog(() => '2026-01-01T00:00:00.000Z');
  for (let number = 1; number <= count; number++) log.add('log', `text ${number}`);
  return log;
}

/** The ids of what waits for the client. */
async function waiting(response: Response): Promise<number[]> {
  const reader = response.body!.getReader();
  const ids: number[] = [];
  for (;;) {
    const next = await Promise.race([
      reader.read(),
      new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
    ]);
    if (next?.value === undefined) break;
    ids.push(Number(/^id: (\d+)$/m.exec(Buffer.from(next.value).toString())![1]));
  }
  await reader.cancel();
  return ids;
}

describe('the event stream', () => {
  it('goes on behind the last event that the client has read', async () => {
    expect(await waiting(eventStream(logWith(5), '3'))).toEqual([4, 5]);
  });

  it.each([undefined, '', 'abc', '-1', '1e3', '9'.repeat(400), '6'])(
    'begins with everything that is kept for a last id of %s',
    async (lastEventId) => {
      expect(await waiting(eventStream(logWith(5), lastEventId))).toEqual([1, 2, 3, 4, 5]);
    },
  );

  it('forgets a client that has gone', async () => {
    const log = logWith(1);
    const response = eventStream(log, undefined);
    expect(log.events.listenerCount('activity')).toBe(1);
    await response.body!.cancel();
    expect(log.events.listenerCount('activity')).toBe(0);
    log.add('log', 'nobody hears it');
  });

  it('ends for a client that does not read, and keeps nothing for it', async () => {
    const log = logWith(1);
    const response = eventStream(log, undefined);
    for (let number = 0; number < 5_000; number++) log.add('log', 'x'.repeat(1_000));
    expect(log.events.listenerCount('activity')).toBe(0);
    await expect(response.body!.getReader().read()).rejects.toThrow('does not read');
  });
});
