/** Messages since the last look: those of audio one in so many, all others. */
import type { Session } from '../../../emulator/session.ts';
import type { MeetingNews, MessageNews } from './batch.ts';
import type { MessageLog } from './message-log.ts';

/** Of one batch. */
const MAX_MESSAGES = 200;
const AUDIO = 'audio_separate_raw.data';
const MIXED = 'audio_mixed_raw.data';

export class MessagesLook {
  readonly #log: MessageLog;
  readonly #session: Session;
  readonly #everyNth: number;
  #last = 0;
  #audio = 0;

  constructor(log: MessageLog, session: Session, everyNth: number) {
    this.#log = log;
    this.#session = session;
    this.#everyNth = everyNth;
  }

  news(): Pick<MeetingNews, 'messages' | 'messages_left_out'> {
    const fresh = this.#log.after(this.#last);
    const newest = fresh.at(-1)?.number ?? this.#last;
    const shown = fresh
      .filter(({ event }) => (event !== AUDIO && event !== MIXED) || this.#audio++ % this.#everyNth === 0)
      .slice(-MAX_MESSAGES);
    const leftOut = newest - this.#last - shown.length;
    this.#last = newest;
    const messages = shown.map(
      ({ frame: _, participant, ...message }): MessageNews => ({
        ...message,
        participant: participant === null ? null : (this.#session.participants[participant]?.id ?? null),
      }),
    );
    return {
      ...(messages.length > 0 && { messages }),
      ...(leftOut > 0 && { messages_left_out: leftOut }),
    };
  }
}
