import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeWithFfmpeg } from '../../../src/audio/decode/ffmpeg.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ffmpeg-'));
  vi.stubEnv('PATH', `${dir}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

/** A program of that name, which tells its own id and then does `what`. */
function pretend(what: string): void {
  writeFileSync(join(dir, 'ffmpeg'), `#!/bin/sh\necho $$ > '${dir}/pid'\n${what}\n`);
  chmodSync(join(dir, 'ffmpeg'), 0o755);
}

function decode(limits: { readonly maxBytes?: number; readonly timeoutMs?: number } = {}) {
  return decodeWithFfmpeg(join(dir, 'a.flac'), { format: 'FLAC', maxBytes: 1_000_000, ...limits });
}

function isRunning(): boolean {
  try {
    process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('decodeWithFfmpeg', () => {
  it('ends an ffmpeg that gives more than is wanted', async () => {
    pretend('exec cat /dev/zero');
    await expect(decode()).rejects.toMatchObject({ code: 'audio_too_long' });
    expect(isRunning()).toBe(false);
  });

  it('ends an ffmpeg that does not end', async () => {
    pretend('exec sleep 600');
    await expect(decode({ timeoutMs: 300 })).rejects.toMatchObject({
      code: 'audio_undecodable',
      message: expect.stringContaining('ffmpeg was ended by SIGKILL, after 0.3 s at most'),
    });
    expect(isRunning()).toBe(false);
  });

  it('tells the last thing that it says, without addresses and escape codes', async () => {
    pretend("printf 'first\\n[mov @ 0x55e7] no \\033[31mmoov\\n' >&2; exit 1");
    await expect(decode()).rejects.toMatchObject({
      code: 'audio_undecodable',
      message: `${join(dir, 'a.flac')} cannot be decoded: ffmpeg says: no \\u001b[31mmoov.`,
    });
  });

  it('says the exit code of one that says nothing', async () => {
    pretend('exit 3');
    await expect(decode()).rejects.toMatchObject({
      message: expect.stringContaining('ffmpeg ended with exit code 3'),
    });
    pretend('exit 0');
    expect((await decode()).samples).toHaveLength(0);
  });

  it('bounds what it says, too', async () => {
    pretend("head -c 20000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo enough >&2; exit 1");
    await expect(decode()).rejects.toMatchObject({ message: expect.stringContaining('ffmpeg says: enough') });
  });

  it('says of one that cannot be started why', async () => {
    writeFileSync(join(dir, 'ffmpeg'), 'nothing');
    chmodSync(join(dir, 'ffmpeg'), 0o644);
    vi.stubEnv('PATH', dir);
    await expect(decode()).rejects.toMatchObject({
      code: 'audio_needs_ffmpeg',
      message: expect.stringContaining('cannot be started (EACCES)'),
    });
  });
});
