/** A probe of the receiver's state: what changes is told on the meeting's clock. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../../src/check/options.ts';
import type { Mark } from '../../../src/check/report.ts';
import { changesOf } from '../../../src/check/witnesses/probe-changes.ts';
import { readerOfCommand, readerOfUrl } from '../../../src/check/witnesses/probe-reader.ts';
import { checked, freePort } from './checked.ts';

async function marksOf(options: Partial<CheckOptions>, env: Record<string, number> = {}): Promise<Mark[]> {
  const report = await checked(options, env);
  return report.cases[0]!.meetings[0]!.marks.filter(({ kind }) => kind === 'probe');
}

async function withHttp<T>(handle: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('check with a probe', () => {
  it('shows what unmutes, mutes and the end change', async () => {
    const port = await freePort();
    const marks = await marksOf({ probe: `http://127.0.0.1:${port}/` }, { STATE: port });
    const texts = marks.map(({ text }) => text);
    const opened = texts.findIndex((text) => text.includes('open 0 → 1'));
    const closed = texts.findLastIndex((text) => text.includes('open 1 → 0'));
    expect(opened, texts.join('\n')).not.toBe(-1);
    expect(closed).toBeGreaterThan(opened);
    expect((texts.join().match(/the unmute of 100/g) ?? []).length).toBeLessThan(2);
    expect(texts[opened]).toMatch(/^(the (opening|close) of #\d|the (un)?mute of 100|, | and )+: /);
    expect(texts.at(-1)).toMatch(/^after it all, against before: at\.messages 0 → \d+$/);
    const times = marks.map(({ at_s }) => at_s);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it('takes a command, too, and shows what is no JSON', async () => {
    const count = `${process.execPath} -e 'console.log("stopped at " + process.hrtime.bigint())'`;
    const [first] = await marksOf({ probeCommand: count });
    expect(first!.text).toMatch(/: stopped at \d+ → stopped at \d+$/);
  });

  it('says nothing when nothing changes', async () => {
    expect(await marksOf({ probeCommand: 'echo "{}"' })).toEqual([]);
  });

  it('is no reason to fail when it does not answer', async () => {
    await withHttp(
      () => {},
      async (url) => {
        expect(await readerOfUrl(url)()).toBe('cannot be read: no answer in 2 s');
      },
    );
    await withHttp(
      (_, response) => response.writeHead(500).end(),
      async (url) => expect(await readerOfUrl(url)()).toBe('cannot be read: HTTP 500'),
    );
    await withHttp(
      (_, response) => response.end('x'.repeat(300_000)),
      async (url) => expect(await readerOfUrl(url)()).toBe('cannot be read: more than 262144 bytes'),
    );
    expect(await readerOfUrl(`http://127.0.0.1:${await freePort()}/`)()).toMatch(/ECONNREFUSED/);
    expect(await readerOfCommand('exit 3', {})()).toBe('cannot be read: the command ended with code 3');
  });
});

describe('changes of a probe', () => {
  it('are told field by field', () => {
    const before = JSON.stringify({ rooms: { a: 1, b: [1, 2] }, gone: true });
    const after = JSON.stringify({ rooms: { a: 2, b: [1] }, come: null });
    expect(changesOf(before, after)).toEqual([
      { where: 'rooms.a', from: '1', to: '2' },
      { where: 'rooms.b.1', from: '2', to: 'nothing' },
      { where: 'gone', from: 'true', to: 'nothing' },
      { where: 'come', from: 'nothing', to: 'null' },
    ]);
    expect(changesOf('{"a":1}', '{ "a": 1 }')).toEqual([]);
  });
});
