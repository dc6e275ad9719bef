/** A check as a trace: every meeting that was played, with what was kept of it under what was sent. */
import type { Session } from '../emulator/session.ts';
import { plainText } from '../plain-text.ts';
import type { TraceFile } from '../trace/file.ts';
import type { TraceEnd } from '../trace/format.ts';
import { MeetingTrace } from '../trace/meeting.ts';
import { SessionTrace } from '../trace/session.ts';
import type { CaseResult, MeetingReport } from './report.ts';
import { wordedResult } from './reports/worded.ts';
import type { PlannedCase } from './run.ts';

export class CheckTrace {
  readonly #file: TraceFile;
  /** Of the case that is played, by their recordings. */
  readonly #sessions = new Map<string, SessionTrace>();

  readonly #say: (text: string) => string;

  /** `say` words sentences of ours for those who read them: on the command line options are flags. */
  constructor(file: TraceFile, say: (text: string) => string) {
    this.#file = file;
    this.#say = say;
  }

  session(planned: PlannedCase, session: Session): void {
    const { id, title } = planned.case;
    const trace = new SessionTrace(session, this.#file, {
      title,
      subtitle: `${id}, ${planned.setting.connections}`,
    });
    this.#sessions.set(session.options.recording.id, trace);
  }

  /** A case is over. */
  result(asItIs: CaseResult): void {
    const result = wordedResult(asItIs, this.#say);
    for (const meeting of result.meetings) this.#conclude(result, meeting);
    for (const trace of this.#sessions.values())
      trace.conclude({
        ok: null,
        verdict: 'This attempt does not count: the case was played again.',
        duration_s: 0,
        scheduled: 0,
        sent: 0,
        dropped: { total: 0 },
        diagnoses: [],
      });
    this.#sessions.clear();
  }

  #conclude(result: CaseResult, meeting: MeetingReport): void {
    const { recording_id: id, duration_s } = meeting;
    const lines = result.lines.filter(({ recording_id }) => recording_id === id);
    const checked = { meeting, lines };
    const ok = result.verdict === 'fail' ? false : result.verdict === 'pass' ? true : null;
    const verdict = result.headline === '' ? result.expects : plainText(result.headline);
    const trace = this.#sessions.get(id);
    this.#sessions.delete(id);
    if (trace === undefined) this.#writeScript(result, checked, ok, verdict);
    else {
      const { scheduled, sent, dropped } = meeting.frames ?? { scheduled: 0, sent: 0, dropped: 0 };
      const { diagnoses } = result;
      trace.conclude(
        { ok, verdict, duration_s, scheduled, sent, dropped: { total: dropped }, diagnoses },
        checked,
      );
    }
  }

  /** What was played step by step has no frames of a session: the report says what was sent. */
  #writeScript(
    { id, title, connections, diagnoses }: CaseResult,
    checked: { readonly meeting: MeetingReport; readonly lines: CaseResult['lines'] },
    ok: TraceEnd['ok'],
    verdict: string,
  ): void {
    const { meeting } = checked;
    const trace = new MeetingTrace(this.#file, {
      title,
      subtitle: `${id}, ${connections}`,
      kind: 'sent',
      mode: connections,
      recording: { id: meeting.recording_id, metadata: {} },
      audioSeparate: null,
      bot: { id: meeting.bot_id, metadata: {} },
      startMicros: 0,
      absoluteFormat: 'micros-offset',
      endpoints: [],
    });
    trace.row({
      kind: 'end',
      at: meeting.duration_s,
      ok,
      verdict,
      frames: meeting.frames,
      diagnoses: diagnoses.map(({ text, evidence, remedy }) => ({ text, evidence, remedy })),
      soundUntil: null,
      checked,
    });
    trace.flush();
  }
}
