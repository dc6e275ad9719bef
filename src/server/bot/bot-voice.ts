/**
 * What a bot itself says into its meeting, by `output_audio` and `automatic_audio_output`. It is recorded, and the bot a
 * participant like any other, where `include_bot_in_recording.audio` asks for it ("Output Media", 2026).
 */
import { mp3Source } from '../../audio/decode/native.ts';
import type { AudioSource } from '../../audio/source.ts';
import { AudioError } from '../../errors.ts';
import type { Participant } from '../../protocol/participant.ts';
import { type CreateBot, DEFAULT_BOT_NAME } from '../../protocol/rest/bot-requests.ts';
import { Refusal } from './refusal.ts';

/** The bot as somebody who is heard. */
export interface Voice {
  readonly name: string;
  /** What it says as soon as it records. */
  readonly greeting: AudioSource | undefined;
}

/** What it needs of its meeting. */
interface Room {
  readonly session: { readonly participants: readonly Participant[] };
  readonly paused: boolean;
  join(participant: Participant): void;
  indexOf(participantId: number): number;
  unmute(index: number): void;
  isUnmuted(index: number): boolean;
  speak(index: number, source: AudioSource, text: string | undefined): unknown;
  readonly live: { hush(index: number): void };
}

/** Ids of the vendor's samples are hundreds. */
const ID_STEP = 100;

/** Comes as soon as it is made, with an open microphone. */
export class BotVoice {
  /** Its place among the participants. */
  readonly index: number;
  readonly #room: Room;

  constructor(room: Room, { name, greeting }: Voice) {
    this.#room = room;
    const id = Math.max(0, ...room.session.participants.map((each) => each.id)) + ID_STEP;
    room.join({ id, name, is_host: false, platform: 'unknown', extra_data: {} });
    this.index = room.indexOf(id);
    room.unmute(this.index);
    if (greeting !== undefined) this.say(greeting);
  }

  /** Says something instead of what it is saying. False where there is nobody to hear it: in a pause, or when it has left. */
  say(source: AudioSource): boolean {
    if (!this.#canSpeak) return false;
    this.#room.live.hush(this.index);
    this.#room.speak(this.index, source, undefined);
    return true;
  }

  /** Is silent from here on. */
  stop(): void {
    if (this.#canSpeak) this.#room.live.hush(this.index);
  }

  get #canSpeak(): boolean {
    return !this.#room.paused && this.#room.isUnmuted(this.index);
  }
}

export function isHeard({ recording_config }: CreateBot): boolean {
  return recording_config?.include_bot_in_recording?.audio === true;
}

export function ownVoice(request: CreateBot, greeting: AudioSource | undefined): Voice | undefined {
  if (!isHeard(request)) return undefined;
  return { name: request.bot_name ?? DEFAULT_BOT_NAME, greeting };
}

/** Base64 of an MP3. Throws a `Refusal` (400) that names the field for what is none. */
export async function readOutput(b64: string): Promise<AudioSource> {
  try {
    return await mp3Source(Buffer.from(b64, 'base64'), 'The MP3');
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    const isWav = /^(RIFF|RF64)/.test(Buffer.from(b64.slice(0, 8), 'base64').toString('latin1'));
    throw new Refusal(400, { b64_data: [isWav ? 'This is a WAV: Recall takes MP3 only.' : error.message] });
  }
}

/** What a bot that is heard says as soon as it records. Throws as `readOutput` does. */
export async function greetingOf(request: CreateBot): Promise<AudioSource | undefined> {
  const output = request.automatic_audio_output?.in_call_recording;
  return output === undefined || !isHeard(request) ? undefined : readOutput(output.data.b64_data);
}
