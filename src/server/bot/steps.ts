/** To which status a bot can be brought by hand, and from where: the ways of a real call ("Bot Status Change Events", 2026). */
import type { BotStatus } from '../../protocol/rest/bot-status.ts';
import { refused } from './refusal.ts';

/** A bot that has been sent to its meeting and is not over. */
const ON_ITS_WAY: readonly BotStatus[] = [
  'joining_call',
  'in_waiting_room',
  'in_call_not_recording',
  'recording_permission_allowed',
  'recording_permission_denied',
  'in_call_recording',
];

/** What is missing comes by itself: `done` some time after `call_ended`, and a bot is `ready` before everything else. */
const FROM = {
  joining_call: ['ready'],
  in_waiting_room: ['joining_call'],
  in_call_not_recording: ['joining_call', 'in_waiting_room', 'in_call_recording'],
  recording_permission_allowed: ['in_call_not_recording', 'recording_permission_denied'],
  recording_permission_denied: ['in_call_not_recording'],
  in_call_recording: ['in_call_not_recording', 'recording_permission_allowed', 'recording_permission_denied'],
  call_ended: ON_ITS_WAY,
  fatal: ON_ITS_WAY,
} as const satisfies Partial<Record<BotStatus, readonly BotStatus[]>>;

export type Step = keyof typeof FROM;

/** Statuses that have a sub-code, beside those whose sub-code we know. */
const WITH_SUB_CODE: readonly BotStatus[] = ['recording_permission_denied', 'call_ended', 'fatal'];

/** Throws a `Refusal` (409) for a step that no real bot takes. */
export function checkStep(from: BotStatus, to: BotStatus, subCode: string | undefined): Step {
  const allowed: readonly BotStatus[] = to in FROM ? FROM[to as Step] : [];
  if (!allowed.includes(from)) {
    const ways = allowed.length === 0 ? 'it comes by itself' : `it comes after ${allowed.join(', ')}`;
    throw refused(
      409,
      'illegal_status',
      `A bot that is ${from} does not become ${to}: ${ways}. Or use force.`,
    );
  }
  if (subCode !== undefined && !WITH_SUB_CODE.includes(to))
    throw refused(409, 'illegal_sub_code', `The status ${to} has no sub-code. Or use force.`);
  return to as Step;
}

/** Whether an app may start a recording now. Throws a `Refusal`. */
export function checkCanStart(status: BotStatus, isRecording: boolean): void {
  if (isRecording) throw refused(400, 'recording_already_started', 'The bot is recording already.');
  if (status === 'recording_permission_allowed')
    throw refused(400, 'recording_already_started', 'The bot is about to record.');
  if (status !== 'in_call_not_recording')
    throw refused(400, 'cannot_start_recording', `The bot cannot record while it is ${status}.`);
}
