/** `automatic_leave` with its documented defaults: after how long a bot leaves on its own, and why. Seconds. */
import type { AutomaticLeave } from './requests.ts';

export interface LeaveTimes {
  readonly waitingRoom: number;
  readonly nooneJoined: number;
  readonly everyoneLeft: number;
  /** Not before so much of the recording has passed. */
  readonly everyoneLeftActivateAfter: number;
  readonly notRecording: number;
  /** Undefined: a recording may be as long as its meeting. */
  readonly recording: number | undefined;
  readonly permissionDenied: number;
  readonly silence: number;
  readonly silenceActivateAfter: number;
}

export function leaveTimes(config: AutomaticLeave | null | undefined): LeaveTimes {
  const { everyone_left_timeout, silence_detection } = config ?? {};
  return {
    waitingRoom: config?.waiting_room_timeout ?? 1_200,
    nooneJoined: config?.noone_joined_timeout ?? 1_200,
    everyoneLeft: everyone_left_timeout?.timeout ?? 2,
    everyoneLeftActivateAfter: everyone_left_timeout?.activate_after ?? 0,
    notRecording: config?.in_call_not_recording_timeout ?? 3_600,
    recording: config?.in_call_recording_timeout,
    permissionDenied: config?.recording_permission_denied_timeout ?? 30,
    silence: silence_detection?.timeout ?? 3_600,
    silenceActivateAfter: silence_detection?.activate_after ?? 1_200,
  };
}
