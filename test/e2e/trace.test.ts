/** Traces by the command line: of a run, of what a receiver gets, and of what was recorded earlier. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';
import { framesOf, likeness, readTrace } from '../support/trace-file.ts';

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

describe('trace', () => {
  it('makes one of all that was recorded in a folder', () =>
    withFolder(async (dir) => {
      await runCli('play', 'standup', '--speed', 'max', '--out', join(dir, 'out'));
      const trace = join(dir, 'trace.html');
      const { code, stderr } = await runCli('trace', join(dir, 'out'), trace);
      expect([code, stderr]).toEqual([0, `wrote ${trace}\n`]);
      const [meeting] = readTrace(trace);
      expect(framesOf(meeting!)).toHaveLength(416);
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
