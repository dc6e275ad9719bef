import type { WebSocket } from 'ws';
import { REALTIME_EVENT_NAMES } from '../../../../../src/protocol/events.ts';
import { Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

// biome-ignore lint/suspicious/noExplicitAny: receivers take for granted what they read
type Message = any;

/** Does something with each event: what it throws is a bug. */
function first(look: (message: Message) => unknown): new () => Receiver {
  return class extends Receiver {
    override onEvent(message: Message): void {
      look(message);
    }
  };
}

const FAILED = /1011|internal error|lost/;

export const EVENTS: readonly Mistake[] = [
  {
    what: 'reads the text of each event of a participant',
    // Whoever leaves and comes back is told by such events.
    costs: ['events.participant_events', 'names.back_same_id'],
    says: FAILED,
    receiver: first(({ data: { data } }) => 'data' in data && data.data.text.length),
  },
  {
    what: 'reads the timestamp of each message',
    costs: ['events.transcripts'],
    says: FAILED,
    receiver: first(({ data: { data } }) => data.timestamp.relative),
  },
  {
    what: 'keeps whatever has a buffer',
    costs: ['events.mixed_audio'],
    says: /./,
    receiver: class extends Receiver {
      last = 100;

      override onEvent({ data }: Message, socket: WebSocket): void {
        const { buffer, timestamp, participant } = data.data;
        if (typeof buffer !== 'string') return;
        this.onAudio(
          {
            recording: data.recording.id,
            id: participant?.id ?? this.last,
            relative: timestamp.relative,
            pcm: this.pcmOf(buffer),
          },
          socket,
        );
      }
    },
  },
  {
    what: 'knows all events',
    costs: ['events.unknown'],
    says: FAILED,
    receiver: first(({ event }) => {
      if (!REALTIME_EVENT_NAMES.includes(event)) throw new TypeError(event);
    }),
  },
];
