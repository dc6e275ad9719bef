/** Reports of checks as they could be, without a check: what they have in common, and what a test says. */
import type { CaseResult, CheckReport } from '../../../src/check/report.ts';

export function caseResult(changes: Partial<CaseResult>): CaseResult {
  const headline = changes.headline ?? '';
  return {
    id: 'names.equal',
    title: 'two people have the same name',
    connections: 'per-participant',
    verdict: 'pass',
    known: false,
    headline,
    lines:
      headline === ''
        ? []
        : [
            {
              code: 'no_file',
              severity: 'error',
              text: headline,
              recording_id: null,
              participant: 1,
              from_s: 0,
              to_s: 2,
            },
          ],
    unseen: [],
    causes: [],
    diagnoses: [],
    expects: 'Each of them has audio of their own.',
    why: 'Names are what people typed.',
    source: 'Recall',
    remedy: 'Key by id.',
    duration_s: 1.25,
    meetings: [],
    ...changes,
  };
}

export function checkReport(cases: readonly CaseResult[], changes: Partial<CheckReport> = {}): CheckReport {
  const count = (verdict: CaseResult['verdict'], known = false): number =>
    cases.filter((each) => each.verdict === verdict && each.known === known).length;
  const fail = count('fail');
  return {
    ok: fail === 0,
    verdict: fail === 0 ? 'all passed' : `${fail} of ${cases.length} failed. no file of Alex`,
    interrupted: false,
    url: 'ws://127.0.0.1:4000/audio/?token=…',
    seed: 7,
    started_at: '2026-01-01T00:00:00.000Z',
    duration_s: 2.5,
    counts: {
      pass: count('pass'),
      fail,
      warn: count('warn'),
      not_seen: count('not_seen'),
      known: count('fail', true),
    },
    keeps: 'either',
    fixed: [],
    causes: [],
    cases: [...cases],
    ...changes,
  };
}

export const CAUSE: CheckReport['causes'][number] = {
  code: 'keyed_by_name',
  certainty: 'likely',
  text: 'The receiver keys audio by name: no file of Alex',
  evidence: ['no file of Alex, who was sent for 2.5 s'],
  remedy: 'Key by `data.data.participant.id`, never by `name`.',
  cases: ['names.equal'],
};

/** What a receiver or a participant may be called to look like markup, an end of a line, or a command. */
export const HOSTILE = 'a]]>"<b>|\n::error::x\u001b[31m \uffff `c` [d](http://e) @f 100%';
