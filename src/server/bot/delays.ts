import { parseDuration } from '../../scenario/duration.ts';
import type { ScenarioBot } from '../../scenario/schema.ts';

/** How long a bot stays in each status on its way into a call, and until its media is done after it. Seconds. */
export interface BotDelays {
  readonly joiningSeconds: number;
  readonly waitingRoomSeconds: number;
  readonly notRecordingSeconds: number;
  readonly permissionSeconds: number;
  readonly doneSeconds: number;
}

/** Shorter than real ones, which take some ten seconds, and long enough for every status to be seen. */
export const DEFAULT_DELAYS: BotDelays = {
  joiningSeconds: 1,
  waitingRoomSeconds: 1,
  notRecordingSeconds: 0.5,
  permissionSeconds: 0.5,
  doneSeconds: 1,
};

/** The delays of a scenario over those of the server. */
export function delaysOf(defaults: BotDelays, script: ScenarioBot['delays']): BotDelays {
  return {
    joiningSeconds: secondsOf(script?.joining_call) ?? defaults.joiningSeconds,
    waitingRoomSeconds: secondsOf(script?.in_waiting_room) ?? defaults.waitingRoomSeconds,
    notRecordingSeconds: secondsOf(script?.in_call_not_recording) ?? defaults.notRecordingSeconds,
    permissionSeconds: secondsOf(script?.recording_permission) ?? defaults.permissionSeconds,
    doneSeconds: secondsOf(script?.done) ?? defaults.doneSeconds,
  };
}

export function secondsOf(time: string | number | undefined): number | undefined {
  return time === undefined ? undefined : parseDuration(time);
}
