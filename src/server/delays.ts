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
