/** One of each event with something in it, for whoever wants to see what their app does with it. Sends nothing. */
import { loadPictures } from '../emulator/pictures.ts';
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import {
  audioMixedRaw,
  audioSeparateRaw,
  type ParticipantMessageOptions,
  participantEvent,
  transcriptEvent,
  videoSeparatePng,
} from '../protocol/builders.ts';
import { eventEntry, REALTIME_EVENT_NAMES } from '../protocol/events.ts';
import { isParticipantEventName } from '../protocol/participant-events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { TRANSCRIPT_EVENT_NAMES } from '../protocol/transcript.ts';
import { isWebhookName, WEBHOOK_NAMES, webhook } from '../protocol/webhook-builder.ts';

/** How an event reaches an app: a signed POST, a message of a WebSocket, or either. */
export interface TriggerEvent {
  readonly name: string;
  /** `status`: to the dashboard's endpoints; `realtime`: to real-time endpoints. */
  readonly kind: 'status' | 'realtime';
  readonly transports: readonly ('websocket' | 'webhook')[];
}

/** Everything that can be triggered: the webhooks, then the real-time events. */
export const TRIGGER_EVENTS: readonly TriggerEvent[] = [
  ...WEBHOOK_NAMES.map((name) => ({ name, kind: 'status', transports: ['webhook'] }) as const),
  ...REALTIME_EVENT_NAMES.map((name) => {
    const { transports } = eventEntry(name)!;
    return { name, kind: 'realtime', transports } as const;
  }),
];

/** Throws a `UsageError` (`unknown_event`). */
export function triggerEventOf(name: string): TriggerEvent {
  const event = TRIGGER_EVENTS.find((each) => each.name === name);
  if (event !== undefined) return event;
  const shown = plainText(name, 100);
  if (eventEntry(name) !== undefined) {
    throw new UsageError('unknown_event', `${shown} is not made: what it carries is not documented.`, {
      hint: 'Take one of the others.',
    });
  }
  const family = TRIGGER_EVENTS.filter((each) => each.name.split('.')[0] === name.split('.')[0]);
  const names = (family.length > 0 ? family : TRIGGER_EVENTS).map((each) => each.name);
  throw new UsageError('unknown_event', `"${shown}" is no event.`, {
    hint: `There are ${names.join(', ')}.`,
  });
}

/** The message of an event that happens now. Throws a `UsageError` (`unknown_event`). */
export async function sampleEvent(name: string, now: Date): Promise<object> {
  if (isWebhookName(name)) return webhook(name, { updatedAt: now });
  const { name: known } = triggerEventOf(name);
  const about: ParticipantMessageOptions = {
    participant: { id: 100, name: 'Ada Moreno', is_host: true },
    startTime: now,
  };
  if (isParticipantEventName(known)) {
    const isChat = known === 'participant_events.chat_message';
    return participantEvent(known, { ...about, ...(isChat && { chat: { text: 'Hello everyone!' } }) });
  }
  const transcript = TRANSCRIPT_EVENT_NAMES.find((each) => each === known);
  if (transcript !== undefined)
    return transcriptEvent(transcript, { ...about, text: 'Can everybody hear me?' });
  if (known === 'audio_mixed_raw.data') return audioMixedRaw({ ...about, pcm: tone(0.2) });
  if (known === 'audio_separate_raw.data') return audioSeparateRaw({ ...about, pcm: tone(0.1) });
  if (known !== 'video_separate_png.data') throw new Error(`nobody has said what ${known} is to have in it`);
  const draw = await loadPictures();
  const picture = draw({ id: 100, name: 'Ada Moreno', type: 'webcam', index: 0 });
  return videoSeparatePng({ ...about, png: picture.at(0) });
}

const TONE_HERTZ = 440;
const TONE_AMPLITUDE = 8_000;

/** Something to hear. */
function tone(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, sample) =>
    Math.round(TONE_AMPLITUDE * Math.sin((2 * Math.PI * TONE_HERTZ * sample) / SAMPLE_RATE)),
  );
}
