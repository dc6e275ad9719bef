/** Audio in reports: of what failed, as the receiver kept it, and never too much. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/check.ts';
import { KeptAudio } from '../../src/check/kept-audio.ts';
import type { CaseResult } from '../../src/check/report.ts';
import type { CaseSeen } from '../../src/check/seen.ts';
import { CHECK_REPORT } from '../support/check-report.ts';
import { withFolder } from '../support/cli.ts';
import { startTestReceiver } from './receivers/start.ts';

/** Half a second. */
const SAMPLES = 8_000;
const STEREO = { samples: new Int16Array(SAMPLES).fill(7), sampleRate: 8_000, channels: 2 };

/** As if each file of the only meeting were `audio`. */
function seenOf(result: CaseResult, audio: object): CaseSeen {
  const files = (result.meetings[0]!.kept ?? []).map(({ file }) => ({ file, audio }));
  return { meetings: [{ kept: { files } }] } as unknown as CaseSeen;
}

function audioOf(result: CaseResult): (string | undefined)[] {
  return result.meetings.flatMap(({ kept }) => (kept ?? []).map(({ audio }) => audio));
}

const [passed, , failed] = CHECK_REPORT.cases.map((result) => ({
  ...result,
  meetings: result.meetings.map((meeting) => ({
    ...meeting,
    kept: (meeting.kept ?? []).map(({ audio: _, ...kept }) => kept),
  })),
}));

describe('kept audio', () => {
  it('is in the report where something is wrong, as it was kept', async () => {
    await withFolder(async (dir) => {
      await using receiver = await startTestReceiver('node', dir, 'keyed_by_name');
      const report = await check({
        url: receiver.url,
        files: [join(dir, '{recording_id}', '{id}.wav')],
        filesWaitSeconds: 1,
        connections: 'per-endpoint',
        cases: ['basic.one_speaker', 'names.equal'],
        keepAudio: true,
      });
      const [fine, wrong] = report.cases;
      expect(fine!.verdict).toBe('pass');
      expect(audioOf(fine!)).toEqual([undefined]);
      const [file] = wrong!.meetings[0]!.kept!;
      expect(file!.audio).toBe(readFileSync(file!.file).toString('base64'));
    });
  });

  it('has the rate and the channels of the file', async () => {
    const result = await new KeptAudio().addTo(failed!, seenOf(failed!, STEREO));
    const wav = Buffer.from(audioOf(result)[0]!, 'base64');
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.length]).toEqual([2, 8_000, 44 + SAMPLES * 2]);
  });

  it('ends where the report would become too large', async () => {
    const audio = new KeptAudio(30_000);
    const first = await audio.addTo(failed!, seenOf(failed!, STEREO));
    expect(audioOf(first).map((each) => each !== undefined)).toEqual([true, false]);
  });

  it('is left out where nothing is wrong, and where a file cannot be read', async () => {
    const audio = new KeptAudio();
    expect(await audio.addTo(passed!, seenOf(passed!, STEREO))).toBe(passed);
    const unread = await audio.addTo(failed!, seenOf(failed!, { problem: 'no WAV' }));
    expect(audioOf(unread)).toEqual([undefined, undefined]);
  });
});
