/** A report of `check` with a meeting of so many people and a minute: more than a page can draw at once. */

import type { CheckReport, MeetingReport } from '../../src/check/report.ts';
import { caseResult, checkReport } from '../check/reports/sample.ts';

const SECONDS = 60;
/** Of each kept file. */
const RUNS = 100;
const UNMUTES = 10;

export function largeReport(people: number): CheckReport {
  const ids = Array.from({ length: people }, (_, index) => 100 + index);
  const meeting: MeetingReport = {
    recording_id: 'large',
    bot_id: 'bot',
    duration_s: SECONDS,
    speed: 1,
    frames: null,
    lanes: ids.map((id) => ({
      participant: id,
      name: `Speaker ${id}`,
      unmuted: unmutes().map((from_s) => ({ from_s, to_s: from_s + 5 })),
      missing: [],
      peaks: Array.from({ length: SECONDS * 50 }, (_, at) => (at * id) % 80),
    })),
    connections: ids.flatMap((id, index) =>
      unmutes().map((from_s, at) => ({
        number: index * UNMUTES + at + 1,
        participants: [id],
        opened_s: from_s,
        closed_s: from_s + 5,
        close_code: 1000,
        close_reason: null,
        ended_by: 'emulator' as const,
        error: null,
      })),
    ),
    kept: ids.map((id) => ({
      file: `${id}.wav`,
      participant: id,
      layout: 'timeline',
      runs: Array.from({ length: RUNS }, (_, at) => ({
        kind: 'sent' as const,
        participant: id,
        from_s: (at * SECONDS) / RUNS,
        at_s: (at * SECONDS) / RUNS,
        length_s: SECONDS / RUNS,
      })),
    })),
    kept_by: 'files',
    marks: [],
    wire: [],
  };
  return checkReport([caseResult({ id: 'load.large', meetings: [meeting] })]);
}

function unmutes(): number[] {
  return Array.from({ length: UNMUTES }, (_, at) => (at * SECONDS) / UNMUTES);
}
