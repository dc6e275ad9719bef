/** Hearing the meeting, and speaking in it. */
import type { BotNews } from '../../src/server/control/live/batch.ts';
import type { MeetingState } from './meeting-state.ts';

export function Hear(_: { readonly bot: BotNews; readonly state: MeetingState }) {
  return null;
}
