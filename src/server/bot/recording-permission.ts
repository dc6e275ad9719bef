/** `request_recording_permission`: the host is asked whether the bot may record ("Request Recording Permission", 2026). */
import type { Bot } from './bot.ts';
import { refused } from './refusal.ts';

/**
 * The answer comes as a status, the next time as the first: what the scenario says. Who may record already is asked nothing.
 * Throws a `Refusal` (400) for a bot that is not in its call, or not on Zoom.
 */
export function requestPermission(bot: Bot): void {
  bot.checkInCall();
  if (bot.record.meetingUrl.platform !== 'zoom') {
    const detail = 'Only hosts of Zoom meetings are asked whether a bot may record.';
    throw refused(400, 'platform_not_supported', detail);
  }
  if (bot.status === 'joining_call' || bot.status === 'in_waiting_room')
    throw refused(400, 'cannot_request_recording_permission', 'The bot is not in its call yet.');
  const isAllowed = bot.meeting !== undefined || bot.status === 'recording_permission_allowed';
  if (!isAllowed) bot.askPermission();
}
