/** `automatic_leave` with its documented defaults: after how long a bot leaves on its own, and why. Seconds. */
import type { AutomaticLeave } from '../../protocol/rest/automatic-leave.ts';
import type { Timers } from './timers.ts';

interface LeaveTimes {
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

function leaveTimes(config: AutomaticLeave | null | undefined): LeaveTimes {
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

/** Watches a call, and calls `leave` with the sub-code of what has lasted too long. */
export class LeaveWatch {
  readonly #times: LeaveTimes;
  readonly #timers: Timers;
  readonly #leave: (subCode: string) => void;

  constructor(config: AutomaticLeave | null | undefined, timers: Timers, leave: (subCode: string) => void) {
    this.#times = leaveTimes(config);
    this.#timers = timers;
    this.#leave = leave;
  }

  /** The bot waits to be let in, for so long. Whether that is too long. */
  waitingRoom(seconds: number): boolean {
    const { waitingRoom } = this.#times;
    if (waitingRoom >= seconds) return false;
    this.#after('step', waitingRoom, 'timeout_exceeded_waiting_room');
    return true;
  }

  notRecording(): void {
    this.#after('not_recording', this.#times.notRecording, 'timeout_exceeded_in_call_not_recording');
  }

  permissionDenied(): void {
    const subCode = 'timeout_exceeded_recording_permission_denied';
    this.#after('not_recording', this.#times.permissionDenied, subCode);
  }

  /** A recording begins. `silentSeconds` since somebody was heard last. */
  recording(silentSeconds: () => number): void {
    this.#timers.cancel('not_recording');
    const { recording, silence, silenceActivateAfter } = this.#times;
    if (recording !== undefined)
      this.#after('in_call_recording', recording, 'timeout_exceeded_in_call_recording');
    const check = (): void => {
      const silent = silentSeconds();
      if (silent >= silence) this.#leave('timeout_exceeded_silence_detected');
      else this.#timers.after('silence', silence - silent, check);
    };
    this.#timers.after('silence', silenceActivateAfter, check);
  }

  recordingOver(): void {
    this.#timers.cancel('in_call_recording', 'silence', 'attendance');
  }

  /** Nobody is recorded yet, and the first participant comes in so many seconds; undefined for never. */
  waitingFor(firstSeconds: number | undefined): void {
    if (firstSeconds === undefined || firstSeconds > this.#times.nooneJoined) this.#nooneJoined();
  }

  /** Somebody came or left. `recordedSeconds` since the scenario began. */
  attendance(present: number, everJoined: boolean, recordedSeconds: number): void {
    this.#timers.cancel('attendance');
    if (present > 0) return;
    if (!everJoined) {
      this.#nooneJoined();
      return;
    }
    const { everyoneLeft, everyoneLeftActivateAfter } = this.#times;
    const seconds = Math.max(everyoneLeft, everyoneLeftActivateAfter - recordedSeconds);
    this.#after('attendance', seconds, 'timeout_exceeded_everyone_left');
  }

  #nooneJoined(): void {
    this.#after('attendance', this.#times.nooneJoined, 'timeout_exceeded_noone_joined');
  }

  #after(name: string, seconds: number, subCode: string): void {
    this.#timers.after(name, seconds, () => this.#leave(subCode));
  }
}
