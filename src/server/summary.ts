/** What a server has done, and whether all of it went well: for summaries and exit codes. Prints nothing. */
import { type CountedDiagnosis, DiagnosisTally } from '../diagnose/tally.ts';
import { type DropReason, unasked } from '../emulator/ledger.ts';
import { type KeyedWorkspace, sumOfDeliveries } from './api/workspaces.ts';
import type { Bot } from './bot/bot.ts';
import { BEHIND_SECONDS } from './bot/real-time-watch.ts';
import type { SdkUpload } from './bot/sdk-upload.ts';
import { droppedOf, sumOf } from './bot/totals.ts';

/** Frames are those of separate audio, where it does not say pictures. */
export interface ServerStats {
  /** Nothing was lost that nobody asked to lose, every webhook arrived, and real time was kept at speed 1. */
  readonly ok: boolean;
  readonly bots: number;
  readonly recordings: number;
  /** WebSockets that opened. */
  readonly connections: number;
  readonly scheduled: number;
  readonly sent: number;
  /** Of the sent ones: what a reset may have destroyed on its way, as the receiver had not answered a last ping. */
  readonly inDoubt: number;
  readonly dropped: number;
  /** The same by reason. */
  readonly drops: Readonly<Record<DropReason, number>>;
  /** Of separate video. */
  readonly pictures: {
    readonly scheduled: number;
    readonly sent: number;
    readonly inDoubt: number;
    readonly dropped: number;
  };
  /** Bots that the app told to leave before their meeting was over. */
  readonly endedEarly: number;
  /** Recordings that the disk or a defect ended. */
  readonly failedRecordings: number;
  /** Writes to the data folder that failed; each was tried again with the next change. */
  readonly storageProblems: number;
  /** Requests that were answered with 400 or more. */
  readonly refusedRequests: number;
  /** The latest frame, in wall seconds behind its time; 0 in virtual time. */
  readonly maxLatenessSeconds: number;
  /** What went wrong at the receivers, and why; each cause once. */
  readonly diagnoses: readonly CountedDiagnosis[];
  readonly webhooks: {
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
    readonly pending: number;
    /** Lost on demand, by faults of webhooks. */
    readonly withheld: number;
  };
}

export function serverStats(of: {
  readonly workspaces: readonly KeyedWorkspace[];
  readonly refusedRequests: number;
  readonly maxLatenessSeconds: number;
  /** Whether lateness is a failure: not when somebody asked for more than real time. */
  readonly mustKeepUp: boolean;
  readonly storageProblems: number;
}): ServerStats {
  const { workspaces, refusedRequests, maxLatenessSeconds, storageProblems } = of;
  const bots = workspaces.flatMap(({ workspace }) => workspace.bots());
  const recorders = workspaces.flatMap(({ workspace }) => workspace.recorders());
  const webhooks = sumOfDeliveries(workspaces);
  const totals = sumOf(recorders.map((each) => each.totals()));
  const recordings = recorders.flatMap((each) => each.recordings());
  const failedRecordings = recordings.filter(({ failed }) => failed).length;
  const { pictures } = totals;
  const lost = unasked(totals.drops) + unasked(pictures.drops) > 0;
  const ok =
    !lost &&
    webhooks.failed + webhooks.dropped + webhooks.pending === 0 &&
    failedRecordings + storageProblems === 0 &&
    !(of.mustKeepUp && maxLatenessSeconds > BEHIND_SECONDS);
  return {
    ok,
    bots: bots.length,
    recordings: recordings.length,
    connections: totals.connections,
    scheduled: totals.scheduled,
    sent: totals.sent,
    inDoubt: totals.inDoubt,
    dropped: droppedOf(totals),
    drops: totals.drops,
    pictures: {
      scheduled: pictures.scheduled,
      sent: pictures.sent,
      inDoubt: pictures.inDoubt,
      dropped: droppedOf(pictures),
    },
    endedEarly: bots.filter(({ endedEarly }) => endedEarly).length,
    failedRecordings,
    storageProblems,
    refusedRequests,
    maxLatenessSeconds,
    diagnoses: diagnosesOf(recorders),
    webhooks,
  };
}

function diagnosesOf(recorders: readonly (Bot | SdkUpload)[]): CountedDiagnosis[] {
  const tally = new DiagnosisTally();
  for (const recorder of recorders) {
    const ofBot = new DiagnosisTally();
    for (const recording of recorder.recordings()) ofBot.note(recording.report().diagnoses);
    // A bot with several recordings is one bot.
    tally.note(ofBot.diagnoses.map((each) => ({ ...each, bots: 1 })));
  }
  return tally.diagnoses;
}
