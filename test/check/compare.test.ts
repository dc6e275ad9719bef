import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { compare } from '../../src/check/compare.ts';
import { judge } from '../../src/check/oracle/judge.ts';
import { readKept } from '../../src/check/oracle/kept-file.ts';
import { locator } from '../../src/check/oracle/locate.ts';
import { sentOf } from '../../src/check/oracle/sent.ts';
import { withCaseVoices } from '../../src/check/oracle/voice.ts';
import { play } from '../../src/play.ts';
import { openScenario } from '../../src/scenario/open.ts';
import { comparePcm } from '../../src/testing/index.ts';
import { runCli } from '../support/cli.ts';
import { hiss, joinedPcm } from './oracle/meetings.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'compare-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function wav(name: string, pcm: Int16Array): Promise<string> {
  writeFileSync(join(dir, name), await encodeWav(pcm));
  return join(dir, name);
}

/** The folder of the one recording that the embedded receiver wrote. */
function recordingIn(out: string): string {
  return join(out, readdirSync(out).find((name) => name.startsWith('recording-'))!);
}

describe('compare', () => {
  const reference = hiss(64_000);

  it('has nothing to say of equal files', async () => {
    const files = [await wav('a.wav', reference), await wav('b.wav', reference)] as const;
    expect(await compare(...files)).toMatchObject({ ok: true, findings: [] });
  });

  it('says what differs between two files, with exit code 1', async () => {
    const kept = joinedPcm(reference.subarray(0, 16_000), reference.subarray(32_000));
    const { code, stdout } = await runCli(
      'compare',
      await wav('kept.wav', kept),
      await wav('sent.wav', reference),
    );
    expect(stdout).toContain('  error: missing 1.0–2.0 s\n');
    expect(code).toBe(1);
  });

  it('reads raw files, of an odd length, too, and empty ones', async () => {
    const sent = await wav('sent.wav', reference);
    const bytes = Buffer.from(reference.buffer, reference.byteOffset, reference.byteLength);
    writeFileSync(join(dir, 'odd.raw'), Buffer.concat([Buffer.from([1]), bytes]));
    writeFileSync(join(dir, 'empty.wav'), '');
    expect((await compare(join(dir, 'odd.raw'), sent)).findings[0]).toMatchObject({ code: 'odd_byte' });
    expect((await compare(join(dir, 'empty.wav'), sent)).findings).toMatchObject([{ code: 'empty' }]);
  });

  it('says what cannot be compared, with exit code 2', async () => {
    const sent = await wav('sent.wav', reference);
    expect((await runCli('compare', join(dir, 'none.wav'), sent)).stderr).toContain(
      'none.wav cannot be read',
    );
    expect(await runCli('compare', sent, 'standup')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Compare two audio files, or a folder with a scenario.'),
    });
    for (const name of ['one', 'two']) {
      mkdirSync(join(dir, 'out', name), { recursive: true });
      writeFileSync(join(dir, 'out', name, '100.wav'), await encodeWav(reference));
    }
    await expect(compare(join(dir, 'out'), 'standup')).rejects.toMatchObject({ code: 'not_comparable' });
  });

  it('compares a folder with the scenario that was played into it', async () => {
    await play({ scenario: 'standup', out: dir, speed: 'max' });
    expect(await compare(dir, 'standup')).toMatchObject({ ok: true, layout: 'timeline', findings: [] });
    const folder = recordingIn(dir);
    const [ada, bo] = ['participant-100.wav', 'participant-200.wav'].map((name) => join(folder, name));
    const audio = readFileSync(ada!);
    writeFileSync(bo!, audio);
    rmSync(join(folder, 'participant-300.wav'));
    const { stdout, code } = await runCli('compare', dir, 'standup', '--json');
    expect(code).toBe(1);
    const findings = JSON.parse(stdout).findings.map(
      ({ code: kind, participant }: Record<string, unknown>) => [kind, participant],
    );
    expect(findings.sort()).toEqual([
      ['no_file', 300],
      ['swapped', 200],
    ]);
  });
});

describe('case audio', () => {
  it('is played as any other, and comes back as it was sent', async () => {
    const { timeline } = await openScenario('standup');
    const meeting = withCaseVoices(timeline, 9);
    await play({ scenario: meeting, out: dir, speed: 'max' });
    const folder = recordingIn(dir);
    const files = await Promise.all(
      meeting.participants.map(async ({ id }) => ({
        file: `participant-${id}.wav`,
        participant: id,
        audio: await readKept(join(folder, `participant-${id}.wav`)),
      })),
    );
    expect(judge(files, locator(sentOf(meeting)))).toMatchObject({
      ok: true,
      layout: 'timeline',
      findings: [],
    });
  });
});

describe('comparePcm', () => {
  it('says in words what differs', () => {
    const reference = hiss(64_000);
    const kept = joinedPcm(reference.subarray(0, 16_000), new Int16Array(8_000), reference.subarray(16_000));
    expect(comparePcm(reference, kept)!.text).toContain('\n0.5 s of silence inserted at 1.0 s in the file');
    expect(comparePcm(reference, kept, { maxDiff: 1 })!.text).not.toContain('silence');
  });
});
