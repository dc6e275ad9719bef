/** What is watched while a case is played: the process's figures, and what a probe reads. */
import type { Session } from '../emulator/session.ts';
import type { MeetingSeen } from './seen.ts';
import { FigureWatch, type ProcessSample } from './witnesses/figures.ts';
import { CaseProbe } from './witnesses/probe.ts';
import type { ProbeReader } from './witnesses/probe-reader.ts';
import type { ReceiverProcess } from './witnesses/process.ts';

export class CaseWatch {
  readonly #process: ReceiverProcess | undefined;
  readonly #figures: FigureWatch | undefined;
  readonly #probe: CaseProbe | undefined;

  constructor(process: ReceiverProcess | undefined, probe: ProbeReader | undefined) {
    this.#process = process;
    this.#figures = process === undefined ? undefined : new FigureWatch(() => process.pid);
    this.#probe = probe === undefined ? undefined : new CaseProbe(probe);
  }

  async begin(): Promise<void> {
    await this.#probe?.take('before');
    await this.#figures?.begin();
  }

  onSession(session: Session): void {
    this.#probe?.watch(session);
  }

  async roundOver(): Promise<void> {
    await Promise.all([this.#figures?.roundOver(), this.#probe?.take('the end')]);
  }

  /** The case has been played, or cannot be. */
  end(): readonly ProcessSample[] | undefined {
    return this.#figures?.end();
  }

  /** What was kept has been looked at. */
  async afterwards(meetings: readonly MeetingSeen[]): Promise<readonly MeetingSeen[]> {
    const probe = this.#probe;
    if (probe === undefined) return meetings;
    // It may have been ended so that it writes its files.
    if (this.#process?.running !== false) await probe.take('afterwards');
    const lastMs = Math.max(...meetings.map(({ startedMs }) => startedMs));
    return meetings.map((meeting) => ({
      ...meeting,
      moments: [...(meeting.moments ?? []), ...probe.momentsOf(meeting, meeting.startedMs === lastMs)],
    }));
  }
}
