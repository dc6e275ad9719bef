/** What the control API shows of bots and their recordings. Each look costs as much as there is to show, and no more. */
import type { ParticipantStatus } from '../../emulator/participant-status.ts';
import type { Bot } from '../bot/bot.ts';
import type { Meeting } from '../bot/meeting.ts';
import type { SdkUpload } from '../bot/sdk-upload.ts';
import { droppedOf } from '../bot/totals.ts';

export function botSummary(bot: Bot): Record<string, unknown> {
  return { bot_id: bot.record.id, ...recordingSummary(bot) };
}

/** Of whoever records: a bot, or an SDK upload. */
export function recordingSummary(bot: Bot | SdkUpload): Record<string, unknown> {
  const totals = bot.totals();
  return {
    status: bot.status,
    scenario: bot.record.scenario,
    recording: bot.meeting !== undefined && !bot.meeting.paused,
    elapsed_s: Math.round((bot.recordings().at(-1)?.elapsedSeconds ?? 0) * 1_000) / 1_000,
    scheduled: totals.scheduled,
    sent: totals.sent,
    dropped: droppedOf(totals),
    events_sent: totals.eventsSent,
  };
}

export function botDetail(bot: Bot): Record<string, unknown> {
  const { meeting: live } = bot;
  return {
    ...botSummary(bot),
    participants:
      live === undefined
        ? []
        : live.session.status().map((status, index) => participantView(live, index, status)),
    mix_left_out_s: live?.leftOutOfMixSeconds ?? 0,
    /** The ledger of each recording, as `play --json` prints it. */
    reports: bot.recordings().map((recording) => recording.report()),
  };
}

export function participantDetail(meeting: Meeting, index: number): Record<string, unknown> {
  return participantView(meeting, index, meeting.session.status()[index]!);
}

function participantView(
  meeting: Meeting,
  index: number,
  { participant, state, level, scheduled, sent, dropped }: ParticipantStatus,
): Record<string, unknown> {
  return {
    id: participant.id,
    name: participant.name,
    present: meeting.isPresent(index),
    unmuted: meeting.isUnmuted(index),
    connection: state,
    level,
    scheduled,
    sent,
    dropped,
  };
}
