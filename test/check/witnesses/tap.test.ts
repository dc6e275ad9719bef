/** The tap: what receivers hand on over HTTP. */
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startTap, type Tap } from '../../../src/check/witnesses/tap.ts';
import { checked } from './checked.ts';

const RECORDING = '11111111-2222-4333-8444-555555555555';
const OTHER = '99999999-2222-4333-8444-555555555555';

let tap: Tap | undefined;
afterEach(async () => {
  await tap?.close();
  tap = undefined;
});

/** While these recordings are played. */
async function opened(recordings: readonly string[], maxBytes?: number): Promise<Tap> {
  tap = await startTap(0, maxBytes);
  await tap.prepare();
  tap.nextRound!();
  for (const id of recordings) tap.began!(id);
  return tap;
}

async function post(path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<number> {
  const sent = request(`${tap!.url}${path}`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

/** Samples by participant. */
async function keptOf(recordingId: string): Promise<Record<number, number[]> | undefined> {
  const files = await tap!.look({ recordingId } as never, []);
  return (
    files &&
    Object.fromEntries(
      files.map(({ participant, audio }) => [participant, 'samples' in audio ? [...audio.samples] : []]),
    )
  );
}

const pcm = (...samples: number[]): Uint8Array => new Uint8Array(Int16Array.from(samples).buffer);

describe('the tap', () => {
  it('keeps what is posted, in the order in which it comes', async () => {
    await opened([RECORDING]);
    expect(await post('/participants/100', pcm(1, 2))).toBe(204);
    expect(await post(`/recordings/${RECORDING}/participants/100`, pcm(3))).toBe(204);
    expect(await post('/participants/4294967296', pcm(9))).toBe(204);
    expect(await keptOf(RECORDING)).toEqual({ 100: [1, 2, 3], 4294967296: [9] });
  });

  it('takes samples that are cut in two, and a body that streams', async () => {
    await opened([RECORDING]);
    const sent = request(`${tap!.url}/participants/100`, { method: 'POST' });
    sent.write(pcm(258).subarray(0, 1));
    while (Object.keys((await keptOf(RECORDING))!).length === 0) await new Promise(setImmediate);
    sent.end(pcm(258).subarray(1));
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(204);
    expect(await keptOf(RECORDING)).toEqual({ 100: [258] });
  });

  it('wants to know of which meeting, when several are played', async () => {
    await opened([RECORDING, OTHER]);
    expect(await post('/participants/100', pcm(1))).toBe(409);
    expect(await keptOf(RECORDING)).toBeUndefined();
    expect(await post(`/recordings/${OTHER}/participants/100`, pcm(2))).toBe(204);
    expect(await keptOf(OTHER)).toEqual({ 100: [2] });
  });

  it('forgets what comes of an earlier case', async () => {
    await opened([RECORDING]);
    const sent = request(`${tap!.url}/participants/100`, { method: 'POST' });
    sent.write(pcm(1));
    while (Object.keys((await keptOf(RECORDING))!).length === 0) await new Promise(setImmediate);
    await tap!.prepare();
    sent.end(pcm(2));
    await once(sent, 'response');
    expect(await keptOf(RECORDING)).toEqual({});
  });

  it('says no to what it cannot take', async () => {
    await opened([RECORDING], 10);
    expect(await post('/participants/ada', pcm(1))).toBe(404);
    expect(await post('/participants/100', pcm(1), { 'Content-Type': 'audio/wav' })).toBe(415);
    expect(await post('/participants/100', Buffer.from('RIFF....WAVE'))).toBe(415);
    expect(await post('/participants/100', pcm(1, 2, 3, 4, 5, 6))).toBe(413);
    expect(await keptOf(RECORDING)).toEqual({ 100: [] });
  });

  it('is not for web pages, and not for other names', async () => {
    await opened([RECORDING]);
    expect(await post('/participants/100', pcm(1), { Origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await post('/participants/100', pcm(1), { Host: 'evil.example' })).toBe(403);
    expect(await keptOf(RECORDING)).toEqual({});
  });

  it('says when its port is taken', async () => {
    await opened([]);
    const port = Number(new URL(tap!.url).port);
    await expect(startTap(port)).rejects.toMatchObject({ code: 'tap_port' });
  });
});

describe('check with a tap', () => {
  it('judges what was posted', async () => {
    const urls: string[] = [];
    const report = await checked({
      tap: true,
      cases: ['mute.*'],
      connections: 'both',
      onTap: (url) => urls.push(url),
    });
    expect(report.cases.map(({ verdict, lines }) => ({ verdict, lines }))).toEqual(
      report.cases.map(() => ({ verdict: 'pass', lines: [] })),
    );
    expect(report.cases[0]!.meetings[0]!.kept![0]!.file).toBe(
      'what was posted to the tap for participant 100',
    );
    expect(urls).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
  });

  it('knows the meeting that is played now', async () => {
    const report = await checked({ tap: true }, { TAP_SHORT: 1 });
    expect(report.cases[0]!.verdict).toBe('pass');
  });

  it('says so when nothing was posted', async () => {
    const report = await checked({ tap: true, filesWaitSeconds: 0.1 }, { RECALL_EMULATOR_TAP: '' });
    expect(report.ok).toBe(false);
    expect(report.verdict).toContain('The receiver posted nothing to the tap');
  });
});
