/** The statuses of a bot, in the order of a call ("Bot Status Change Events", 2026). */
export const BOT_STATUSES = [
  'ready',
  'joining_call',
  'in_waiting_room',
  'in_call_not_recording',
  'recording_permission_allowed',
  'recording_permission_denied',
  'in_call_recording',
  'call_ended',
  'done',
  'fatal',
] as const;
export type BotStatus = (typeof BOT_STATUSES)[number];

/** Statuses that a list may be filtered by and that no bot of ours comes to: of older bots, of analysis and of expiry. */
export const OTHER_BOT_STATUSES = [
  'recording_done',
  'media_expired',
  'analysis_done',
  'analysis_failed',
] as const;
