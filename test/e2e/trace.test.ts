/** Traces by the command line: of a run, of what a receiver gets, and of what was recorded earlier. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import type { MeetingReport } from '../../src/check/report.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import type { TraceEnd } from '../../src/trace/format.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';
import { framesOf, likeness, readTrace } from '../support/trace-file.ts';
import { within } from '../support/until.ts';

describe('play --trace', () => {
  it('writes the run, with sound as the embedded receiver got it', () =>
    withFolder(async (dir) => {
      const trace = join(dir, 'trace.html');
      const { code, stderr, stdout } = await runCli(
        'play',
        'standup',
        '--speed',
        'max',
        '--out',
        join(dir, 'out'),
        '--trace',
        trace,
        '--json',
      );
      expect(code).toBe(0);
      expect(stderr).toContain(`wrote ${trace}`);
      const report = JSON.parse(stdout);
      const [meeting] = readTrace(trace);
      expect(framesOf(meeting!)).toHaveLength(report.scheduled);
      expect(meeting!.sounds.length).toBeGreaterThan(5);
      for (const { participant, startSample, samples, pcm } of meeting!.sounds) {
        const { id } = report.participants[participant];
        const wav = await decodeWav(
          readFileSync(join(dir, 'out', `recording-${report.recording_id}`, `participant-${id}.wav`)),
        );
        expect(likeness(wav.subarray(startSample, startSample + samples), pcm)).toBeGreaterThan(0.97);
      }
    }));

  it('writes what there is when it is ended early', () =>
    withFolder(async (dir) => {
      const trace = join(dir, 'trace.html');
      const cli = startCli('play', 'standup', '--out', join(dir, 'out'), '--trace', trace, '-v');
      // It plays, as soon as a connection has been made.
      await cli.printed(/#1|0:0|connection|Ada/);
      cli.process.kill('SIGINT');
      const { stderr } = await cli.ended;
      expect(stderr).toContain(`wrote ${trace}`);
      expect(readTrace(trace)[0]?.rows.findLast(({ kind }) => kind === 'end')).toBeDefined();
    }));

  it('says at once where it cannot be written', async () => {
    const { code, stderr } = await runCli('play', 'standup', '--trace', '/nowhere/at/all/trace.html');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^error: \/nowhere\/at\/all\/trace\.html cannot be written: it does not exist/m);
    expect(stderr).not.toContain('    at ');
  });
});

describe('record --trace', () => {
  it('writes what came, and when', () =>
    withFolder(async (dir) => {
      const trace = join(dir, 'trace.html');
      const record = startCli('record', '--port', '0', '--out', join(dir, 'out'), '--trace', trace);
      const url = /ws:\S+(?= into)/.exec(await record.printed(/recording at ws:\S+ into/))![0];
      const played = await runCli(
        'play',
        'standup',
        '--speed',
        'max',
        '--events',
        'all',
        '--to',
        url,
        '--json',
      );
      record.process.kill('SIGTERM');
      const { code, stderr } = await record.ended;
      expect([code, played.code]).toEqual([0, 0]);
      expect(stderr).toContain(`wrote ${trace}`);
      const [meeting] = readTrace(trace);
      const report = JSON.parse(played.stdout);
      expect(meeting!.head).toMatchObject({ kind: 'received', recording: { id: report.recording_id } });
      const frames = framesOf(meeting!).filter(({ samples }) => samples > 0);
      expect(frames).toHaveLength(report.sent);
      expect(meeting!.rows.filter(({ kind }) => kind === 'event')).toHaveLength(report.events.sent);
      expect(meeting!.sounds.length).toBeGreaterThan(5);
    }));
});

describe('serve --trace', () => {
  it('writes a page of each bot, with the requests and webhooks beside', () =>
    withFolder(async (dir) => {
      await using receiver = await startReceiver({ dir: join(dir, 'out') });
      await using hooks = await rawServer();
      const serve = startCli(
        ...['serve', '--port', '0', '--scenario', 'standup', '--speed', 'max', '--webhook-url', hooks.url],
        ...['--trace', join(dir, 'traces'), '--port-file', join(dir, 'port')],
      );
      const base = /http:\S+/.exec(await serve.printed(/API at http:\S+/))![0];
      const headers = { authorization: 'Token key', 'content-type': 'application/json' };
      const url = receiver.url;
      const created = await fetch(`${base}/api/v1/bot/`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          meeting_url: 'https://zoom.us/j/1234567890',
          recording_config: {
            audio_separate_raw: {},
            realtime_endpoints: [{ type: 'websocket', url: `${url}/`, events: ['audio_separate_raw.data'] }],
          },
        }),
      });
      const { id } = (await created.json()) as { id: string };
      await hooks.got('bot.done');
      serve.process.kill('SIGINT');
      expect((await serve.ended).code).toBe(0);
      const [meeting] = readTrace(join(dir, 'traces', `bot-${id}.html`));
      expect(framesOf(meeting!)).toHaveLength(416);
      const titles = (kind: string) =>
        meeting!.rows.flatMap((row) => (row.kind === kind && 'title' in row ? [row.title] : []));
      expect(titles('request')).toContain('POST /api/v1/bot/');
      expect(titles('webhook')).toEqual(
        expect.arrayContaining(['bot.joining_call', 'recording.done', 'bot.done']),
      );
    }));

  it('wants a name for each bot', async () => {
    const { code, stderr } = await runCli('serve', '--port', '0', '--trace', 'trace.html');
    expect([code, stderr]).toEqual([2, expect.stringContaining('{bot_id}')]);
  });
});

describe('check --trace', () => {
  it('has every meeting, with what was kept of it', () =>
    withFolder(async (dir) => {
      const out = join(dir, 'out');
      const trace = join(dir, 'trace.html');
      await using receiver = await startReceiver({ dir: out });
      const { stderr } = await runCli(
        ...['check', receiver.url, '--cases', 'basic.one_speaker,frames.nulls', '--trace', trace],
        ...[
          '--connections',
          'per-endpoint',
          '--files',
          `${out}/recording-{recording_id}/participant-{id}.wav`,
        ],
      );
      expect(stderr).toContain(`wrote ${trace}`);
      const ends = readTrace(trace).map(
        ({ rows }) => rows.findLast(({ kind }) => kind === 'end') as TraceEnd,
      );
      expect(ends.map(({ ok }) => ok)).toEqual([true, true]);
      const kept = ends.map(({ checked }) => (checked!.meeting as MeetingReport).kept!.length);
      expect(kept.every((files) => files > 0)).toBe(true);
    }));
});

describe('trace', () => {
  it('makes one of all that was recorded in a folder', () =>
    withFolder(async (dir) => {
      await runCli('play', 'standup', '--speed', 'max', '--out', join(dir, 'out'));
      const trace = join(dir, 'trace.html');
      const { code, stderr } = await runCli('trace', join(dir, 'out'), trace);
      expect([code, stderr]).toEqual([0, `wrote ${trace}\n`]);
      const [meeting] = readTrace(trace);
      const frames = framesOf(meeting!);
      expect(frames).toHaveLength(416);
      // A capture does not say when a frame came: at the soonest when its last sample had been spoken.
      for (const { startSample, samples, atTenths } of frames)
        expect(atTenths).toBe(Math.round(((startSample + samples) / 16_000) * 10_000));
      const names = meeting!.rows.flatMap((row) => (row.kind === 'stream' ? [row.as.name] : []));
      expect(names).toContain('Ada Moreno');
    }));

  it('opens one in the browser', () =>
    withFolder(async (dir) => {
      const opened = join(dir, 'opened');
      writeFileSync(join(dir, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`);
      chmodSync(join(dir, 'xdg-open'), 0o755);
      writeFileSync(join(dir, 'trace.html'), '');
      const { code } = await startShell(`$CLI trace ${join(dir, 'trace.html')}`, {
        env: { PATH: `${dir}:${process.env.PATH}` },
      }).ended;
      expect(code).toBe(0);
      expect(readFileSync(opened, 'utf8').trim()).toBe(join(dir, 'trace.html'));
    }));

  it('says what is wrong with what it was given', () =>
    withFolder(async (dir) => {
      writeFileSync(join(dir, 'empty.ndjson'), '\n');
      const none = await runCli('trace', join(dir, 'none.html'));
      expect([none.code, none.stderr]).toEqual([
        2,
        expect.stringMatching(/^error: .*none\.html.*does not exist/),
      ]);
      const empty = await runCli('trace', join(dir, 'empty.ndjson'), join(dir, 'trace.html'));
      expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('has no real-time messages')]);
      expect(existsSync(join(dir, 'trace.html'))).toBe(false);
    }));
});

/** Takes webhooks. */
async function rawServer() {
  const names: string[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      response.writeHead(200).end();
      names.push((JSON.parse(body) as { event: string }).event);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    got: (name: string) =>
      within(
        new Promise<void>((resolve) => {
          const look = (): void => {
            if (names.includes(name)) resolve();
          };
          waiting.add(look);
          look();
        }),
        () => `${name} among ${names.join(', ')}`,
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
