/** What is kept of a running meeting for those who look at it, once for all of them: levels and messages. */
import type { Meeting } from '../../bot/meeting.ts';
import { Levels } from './levels.ts';
import { MessageLog } from './message-log.ts';

export class MeetingWatch {
  readonly levels = new Levels();
  readonly messages = new MessageLog();
  readonly #meeting: Meeting;
  #watchers = 0;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** Somebody looks until the returned function is called. What was kept stays for who comes later. */
  begin(): () => void {
    const { session, listeners } = this.#meeting;
    if (this.#watchers++ === 0) {
      listeners.add(this.#onFrame);
      session.messages.listener = (record, bytes, account, startSample) =>
        this.messages.add(session.elapsedSeconds, record, bytes, account, startSample);
    }
    return () => {
      if (--this.#watchers > 0) return;
      listeners.delete(this.#onFrame);
      session.messages.listener = undefined;
    };
  }

  readonly #onFrame = (participant: number, startSample: number, pcm: Int16Array): void =>
    this.levels.add(participant, startSample, pcm);
}

const watches = new WeakMap<Meeting, MeetingWatch>();

/** The one of a meeting. It goes with the meeting. */
export function watchOf(meeting: Meeting): MeetingWatch {
  let watch = watches.get(meeting);
  if (watch === undefined) {
    watch = new MeetingWatch(meeting);
    watches.set(meeting, watch);
  }
  return watch;
}
