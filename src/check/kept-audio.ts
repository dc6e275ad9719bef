/** Audio that a receiver kept, to listen to in a report: of cases in which something is wrong, as much as fits. */
import { encodeWav } from '../audio/wav.ts';
import type { KeptFile } from './oracle/judge.ts';
import type { CaseResult, KeptReport } from './report.ts';
import type { CaseSeen } from './seen.ts';

/** In base64, of a whole run: more than that no browser opens gladly. */
const MAX_CHARACTERS = 8 * 1024 ** 2;
/** Of one file, so that one that is much too long leaves room for others: three minutes at 16 kHz. */
const MAX_SAMPLES = 3 * 60 * 16_000;

export class KeptAudio {
  #left: number;

  constructor(maxCharacters = MAX_CHARACTERS) {
    this.#left = maxCharacters;
  }

  /** The result with the audio of its files. What passed, or does not fit any more, is left without. */
  async addTo(result: CaseResult, seen: CaseSeen): Promise<CaseResult> {
    if (result.verdict !== 'fail' && result.verdict !== 'warn') return result;
    const meetings: CaseResult['meetings'] = [];
    for (const [index, meeting] of result.meetings.entries()) {
      const files = seen.meetings[index]?.kept?.files ?? [];
      const kept: KeptReport[] = [];
      for (const each of meeting.kept ?? []) {
        const audio = await this.#take(files.find(({ file }) => file === each.file));
        kept.push(audio === undefined ? each : { ...each, audio });
      }
      meetings.push(meeting.kept === null ? meeting : { ...meeting, kept });
    }
    return { ...result, meetings };
  }

  /** WAV in base64; undefined for what cannot be read, is empty or has no room. */
  async #take(file: KeptFile | undefined): Promise<string | undefined> {
    if (file === undefined || 'problem' in file.audio || file.audio.samples.length === 0) return undefined;
    const { samples, sampleRate, channels } = file.audio;
    const base64 = (await encodeWav(samples.subarray(0, MAX_SAMPLES), { sampleRate, channels })).toString(
      'base64',
    );
    if (base64.length > this.#left) return undefined;
    this.#left -= base64.length;
    return base64;
  }
}
