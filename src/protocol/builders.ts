/**
 * Real-time messages one by one, for tests and for trying a receiver: what is not told has a default. What a whole meeting
 * sends is the emulator's business.
 */
import { UsageError } from '../errors.ts';
import { type AudioMixedRawData, audioMixedEvent } from './audio-mixed.ts';
import { type AudioSeparateRawData, audioSeparateEvent } from './audio-separate.ts';
import type { EventEntry } from './event.ts';
import { completeRef, completeRefOrNull, DEFAULT_START_TIME, type PartialRef } from './message-defaults.ts';
import type { Participant } from './participant.ts';
import { type ParticipantEvent, type ParticipantEventName, participantEvents } from './participant-events.ts';
import { BYTES_PER_SAMPLE, base64Of, SAMPLE_RATE } from './pcm.ts';
import { realtimeMessage } from './realtime-message.ts';
import {
  type AbsoluteFormat,
  formatAbsolute,
  relativeSeconds,
  sampleToMicros,
  type Timestamp,
} from './timestamp.ts';
import {
  type TranscriptEvent,
  type TranscriptEventName,
  type TranscriptWord,
  transcriptEvents,
} from './transcript.ts';
import { type VideoSeparatePngData, type VideoType, videoSeparatePngEvent } from './video-separate-png.ts';

/** What any message can be told. */
export interface MessageOptions {
  /** Seconds since the recording started; default 0. Put at the nearest sample. */
  readonly at?: number | undefined;
  /** When the recording started; default a fixed time, so that the same call makes the same message. */
  readonly startTime?: Date | undefined;
  readonly absoluteFormat?: AbsoluteFormat | undefined;
  readonly realtimeEndpoint?: PartialRef | undefined;
  readonly recording?: PartialRef | undefined;
  /** The media object, such as `audio_separate`. */
  readonly artifact?: PartialRef | undefined;
  /** Null for a recording without a bot. */
  readonly bot?: PartialRef | null | undefined;
}

/** A participant by id, or with as much as matters. */
export type ParticipantOption = number | (Pick<Participant, 'id'> & Partial<Participant>);

export interface ParticipantMessageOptions extends MessageOptions {
  readonly participant: ParticipantOption;
}

/** Samples, or their bytes: mono S16LE at 16 kHz. */
export type PcmOption = Int16Array | Uint8Array;

/** `audio_separate_raw.data`. Throws a `UsageError` (`invalid_message`), as every builder here does. */
export function audioSeparateRaw(
  options: ParticipantMessageOptions & { readonly pcm: PcmOption },
): AudioSeparateRawData {
  const { participant, pcm } = options;
  return message(audioSeparateEvent, options, {
    buffer: pcmText(pcm),
    timestamp: timestampOf(options),
    participant: participantOf(participant),
  });
}

/** `audio_mixed_raw.data`. */
export function audioMixedRaw(options: MessageOptions & { readonly pcm: PcmOption }): AudioMixedRawData {
  return message(audioMixedEvent, options, {
    buffer: pcmText(options.pcm),
    timestamp: timestampOf(options),
  });
}

/** `video_separate_png.data`. `png`: the file's bytes. */
export function videoSeparatePng(
  options: ParticipantMessageOptions & { readonly png: Uint8Array; readonly type?: VideoType | undefined },
): VideoSeparatePngData {
  const { participant, png, type = 'webcam' } = options;
  return message(videoSeparatePngEvent, options, {
    buffer: base64Of(png),
    timestamp: timestampOf(options),
    type,
    participant: participantOf(participant),
  });
}

/** `participant_events.*`. `chat` is what a `chat_message` says, to everyone unless told otherwise. */
export function participantEvent(
  event: ParticipantEventName,
  options: ParticipantMessageOptions & {
    readonly chat?: { readonly text: string; readonly to?: 'everyone' | 'only_bot' | undefined } | undefined;
  },
): ParticipantEvent {
  const { participant, chat } = options;
  const isChat = event === 'participant_events.chat_message';
  if (isChat !== (chat !== undefined)) {
    throw invalid(
      isChat ? 'A chat message has no text.' : `${event} has no text.`,
      'Give `chat` with participant_events.chat_message, and with nothing else.',
    );
  }
  return message(entryOf(participantEvents, event), options, {
    participant: participantOf(participant),
    timestamp: timestampOf(options),
    data: chat === undefined ? null : { text: chat.text, to: chat.to ?? 'everyone' },
  });
}

/** Of a word that is made of a text. */
const WORD_SAMPLES = 0.3 * SAMPLE_RATE;

/** `transcript.data` or `transcript.partial_data`. A text becomes words of 0.3 s each, one after the other from `at` on. */
export function transcriptEvent(
  event: TranscriptEventName,
  options: ParticipantMessageOptions &
    ({ readonly text: string } | { readonly words: readonly TranscriptWord[] }),
): TranscriptEvent {
  const words = 'words' in options ? options.words : wordsOf(options.text, options);
  return message(entryOf(transcriptEvents, event), options, {
    words,
    participant: participantOf(options.participant),
  });
}

function message<Event extends { readonly event: string }>(
  entry: EventEntry,
  { realtimeEndpoint, artifact, recording, bot }: MessageOptions,
  body: object,
): Event {
  return realtimeMessage(entry, body, {
    realtimeEndpoint: completeRef('realtime_endpoint', realtimeEndpoint),
    artifact: completeRef(entry.artifact.ref, artifact),
    recording: completeRef('recording', recording),
    bot: completeRefOrNull('bot', bot),
  }) as unknown as Event;
}

function entryOf<Entry extends EventEntry>(entries: readonly Entry[], name: string): Entry {
  const entry = entries.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  throw invalid(`There is no such event: ${name}.`, `Give ${entries.map((each) => each.name).join(', ')}.`);
}

function participantOf(option: ParticipantOption): Participant {
  const given = typeof option === 'number' ? { id: option } : option;
  if (!Number.isSafeInteger(given.id))
    throw invalid('The id of the participant is not a whole number.', 'Give one such as 100.');
  return { name: null, is_host: false, platform: 'desktop', extra_data: {}, ...given };
}

function pcmText(pcm: PcmOption): string {
  if (pcm.byteLength % BYTES_PER_SAMPLE === 0) return base64Of(pcm);
  throw invalid(`${pcm.byteLength} bytes are not whole 16-bit samples.`, 'Give mono S16LE PCM at 16 kHz.');
}

function timestampOf(options: MessageOptions, afterSamples = 0): Timestamp {
  const { at = 0, startTime = DEFAULT_START_TIME, absoluteFormat } = options;
  const sample = Math.round(at * SAMPLE_RATE) + afterSamples;
  const startMicros = startTime.getTime() * 1_000;
  if (!(sample >= 0 && Number.isSafeInteger(sample)) || Number.isNaN(startMicros)) {
    throw invalid(
      `A recording that began at ${startTime} has no position of ${at} s.`,
      'Give seconds from 0 on, and a valid start.',
    );
  }
  return {
    relative: relativeSeconds(sample),
    absolute: formatAbsolute(startMicros + sampleToMicros(sample), absoluteFormat),
  };
}

function wordsOf(text: string, options: MessageOptions): TranscriptWord[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, index) => ({
      text: word,
      start_timestamp: timestampOf(options, index * WORD_SAMPLES),
      end_timestamp: timestampOf(options, (index + 1) * WORD_SAMPLES),
    }));
}

function invalid(message: string, hint: string): UsageError {
  return new UsageError('invalid_message', message, { hint });
}
