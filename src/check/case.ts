/**
 * A case: one situation of real calls that a receiver must survive. Each is a file in `cases/` and a line in its index. It says
 * what is played and what must hold; how it is played, watched and judged is the same for all.
 */

import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { CaseMeeting, CaseSeen, CaseSetting } from './seen.ts';

export interface Case {
  /** Stable: `mute.off_and_on`. The part before the dot is its group. */
  readonly id: string;
  /** What is played, as a heading: `somebody is muted and unmuted again`. */
  readonly title: string;
  /** What must hold. */
  readonly expects: string;
  /** Why it happens on real calls. */
  readonly why: string;
  /** Where that is known from: a page of Recall's with its date, an RFC, a public receiver's defect. */
  readonly source: string;
  /** How to mend a receiver that fails. */
  readonly remedy: string;
  /** In which topologies it is played; both when left out. `any`: it makes no difference, and one of them will do. */
  readonly connections?: readonly ConnectionMode[] | 'any';
  /** The smallest suite that it is in: `quick` is in all of them. */
  readonly tier: 'quick' | 'default' | 'full';
  /** `real`: receivers' own timers matter, and it is played in real time. Default `fast`. */
  readonly pace?: 'fast' | 'real';
  /** What a pass takes: that the audio which was kept was looked at (the default), or only the wire or the process. */
  readonly looksAt?: 'kept' | 'wire' | 'process';
  /** Recall itself never does this: failing it is a warning. */
  readonly beyondRecall?: true;
  /** It needs `--secret`: without one it is skipped. */
  readonly needsSecret?: true;
  /** It needs a URL with a token in its query: without one it is skipped. */
  readonly needsToken?: true;
  /** Rounds are played one after another, the meetings of a round at once. */
  rounds(setting: CaseSetting): readonly (readonly CaseMeeting[])[];
  /** Why a pass would say nothing: what was meant to happen did not, as on a machine that is too busy. */
  missed?(seen: CaseSeen): string | undefined;
  /** What else must hold of what was seen. */
  look?(seen: CaseSeen): readonly CaseLine[];
  /** How much a line matters in this case, where a receiver may well do what is wrong elsewhere. */
  weigh?(line: CaseLine): CaseLine['severity'];
}

/** One thing that is wrong, or good to know. */
export interface CaseLine {
  /** Of the oracle's findings, a diagnosis, or the case's own. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  /** One line, for a person. */
  readonly text: string;
  /** The recording of the meeting that it is about; null when it is about all of them. In a case of one meeting it is always that one's. */
  readonly recordingId: string | null;
  /** Id of the participant whom it is about. */
  readonly participant: number | null;
  /** On the meeting's clock. */
  readonly fromSeconds: number | null;
  readonly toSeconds: number | null;
}
