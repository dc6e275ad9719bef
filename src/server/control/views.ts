/** What the control API shows of bots and their recordings. Each look costs as much as there is to show, and no more. */
import type { ParticipantStatus } from '../../emulator/session.ts';
import type { BotRun } from '../bot/bot.ts';
import type { RecordingRun } from '../bot/meeting.ts';
import { droppedOf } from '../bot/totals.ts';
import { statusOf } from '../store/records.ts';

export function sessionSummary(run: BotRun): Record<string, unknown> {
  const totals = run.totals();
  return {
    bot_id: run.bot.id,
    status: statusOf(run.bot),
    scenario: run.bot.scenario,
    recording: run.run !== undefined && !run.run.paused,
    elapsed_s: Math.round((run.recordings().at(-1)?.elapsedSeconds ?? 0) * 1_000) / 1_000,
    scheduled: totals.scheduled,
    sent: totals.sent,
    dropped: droppedOf(totals),
    events_sent: totals.eventsSent,
  };
}

export function sessionDetail(run: BotRun): Record<string, unknown> {
  const { run: live } = run;
  return {
    ...sessionSummary(run),
    participants:
      live === undefined
        ? []
        : live.session.status().map((status, index) => participantView(live, index, status)),
    mix_left_out_s: live?.leftOutOfMixSeconds ?? 0,
    /** The ledger of each recording, as `play --json` prints it. */
    reports: run.recordings().map((recording) => recording.report()),
  };
}

export function participantDetail(run: RecordingRun, index: number): Record<string, unknown> {
  return participantView(run, index, run.session.status()[index]!);
}

function participantView(
  run: RecordingRun,
  index: number,
  { participant, state, level, scheduled, sent, dropped }: ParticipantStatus,
): Record<string, unknown> {
  return {
    id: participant.id,
    name: participant.name,
    present: run.isPresent(index),
    unmuted: run.isUnmuted(index),
    connection: state,
    level,
    scheduled,
    sent,
    dropped,
  };
}
