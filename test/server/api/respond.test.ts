import { describe, expect, it } from 'vitest';
import { AudioError, UsageError } from '../../../src/errors.ts';
import { respond, respondAnyway, respondToError } from '../../../src/server/api/respond.ts';
import { Refusal, refused } from '../../../src/server/bot/refusal.ts';
import { ActivityLog } from '../../../src/server/store/activity.ts';

async function read(response: Response) {
  return [response.status, response.headers.get('content-type'), await response.text()];
}

describe('answers', () => {
  it('are JSON, a page, or nothing', async () => {
    expect(await read(respond({ status: 200, body: { a: 1 } }))).toEqual([
      200,
      'application/json',
      '{"a":1}',
    ]);
    expect(await read(respond({ status: 403, body: '<p>no</p>' }))).toEqual([403, 'text/html', '<p>no</p>']);
    expect(await read(respond({ status: 204 }))).toEqual([204, null, '']);
  });
});

describe('errors', () => {
  it.each([
    [refused(409, 'muted', 'Ada is muted.'), 409, { code: 'muted', detail: 'Ada is muted.' }],
    [
      new UsageError('audio_outside', 'Not there.', { hint: 'Name one.' }),
      400,
      { code: 'audio_outside', detail: 'Not there. Name one.' },
    ],
    [new AudioError('not_wav', 'Not a WAV.'), 400, { code: 'not_wav', detail: 'Not a WAV.' }],
    [
      Object.assign(new Error('EMFILE'), { code: 'EMFILE', syscall: 'open', errno: -24 }),
      503,
      expect.objectContaining({ code: 'emulator_too_many_open_files' }),
    ],
  ])('of a client or of the machine are answers: %s', async (error, status, body) => {
    const response = respondToError(error);
    expect([response.status, await response.json()]).toEqual([status, body]);
  });

  it('keep the headers of a refusal', () => {
    const response = respondToError(new Refusal(429, {}, { 'Retry-After': '2' }));
    expect(response.headers.get('retry-after')).toBe('2');
  });

  it('of ours are a 500 that tells nothing, and a line in the log', async () => {
    const log = new ActivityLog(() => '2026-01-01T00:00:00.000Z');
    const defect = new TypeError('x is not a function');
    expect(() => respondToError(defect)).toThrow(defect);
    const [status, , text] = await read(respondAnyway(defect, log));
    expect(status).toBe(500);
    expect(text).not.toContain('function');
    expect(log.recent()[0]!.text).toContain('defect: TypeError: x is not a function');
  });
});
