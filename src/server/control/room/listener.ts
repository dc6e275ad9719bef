/** Somebody who listens to a meeting: to all of it, to one participant, or to the bot. Frames go to them as they are. */
import { type AudioSource, readAll } from '../../../audio/source.ts';
import type { BotOutputs } from '../../bot/bot-outputs.ts';
import type { Meeting } from '../../bot/meeting.ts';

/** `mix`: everybody. A number is the id of a participant. */
export type Heard = 'nothing' | 'mix' | 'bot' | number;

/** In place of a participant: what the bot says and nobody records. It has no place in the meeting and follows on what came before. */
const UNRECORDED = 0xffff_ffff;
const HEADER_BYTES = 8;
/** Of what a bot says, which may be long. */
const CHUNK_SAMPLES = 16_000;
const MAX_OUTPUT_SAMPLES = 16_000 * 300;

export class Listener {
  readonly #meeting: Meeting;
  readonly #send: (bytes: Buffer) => void;
  readonly #end: () => void;
  #heard: Heard = 'nothing';

  constructor(meeting: Meeting, botId: string, outputs: BotOutputs, send: (bytes: Buffer) => void) {
    this.#meeting = meeting;
    this.#send = send;
    const onFrame = (participant: number, startSample: number, pcm: Int16Array): void => {
      if (this.#isHeard(participant)) this.#send(packet(participant, startSample, pcm));
    };
    meeting.listeners.add(onFrame);
    const stop = outputs.listen(botId, (source) => this.#onOutput(source));
    this.#end = () => {
      meeting.listeners.delete(onFrame);
      stop();
    };
  }

  hear(what: Heard): void {
    this.#heard = what;
  }

  end(): void {
    this.#end();
  }

  #isHeard(participant: number): boolean {
    const heard = this.#heard;
    if (heard === 'mix') return true;
    if (heard === 'bot') return this.#meeting.own?.index === participant;
    return heard === this.#meeting.session.participants[participant]?.id;
  }

  #onOutput(source: AudioSource | undefined): void {
    if (this.#heard !== 'mix' && this.#heard !== 'bot') return;
    if (source === undefined || source.samples > MAX_OUTPUT_SAMPLES) return;
    const pcm = readAll(source);
    for (let from = 0; from < pcm.length; from += CHUNK_SAMPLES)
      this.#send(packet(UNRECORDED, from, pcm.subarray(from, from + CHUNK_SAMPLES)));
  }
}

/** Index of the participant, position of the first sample, samples: all little-endian, as they are on the wire. */
function packet(participant: number, startSample: number, pcm: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + pcm.length * 2);
  bytes.writeUInt32LE(participant, 0);
  bytes.writeUInt32LE(startSample, 4);
  for (let index = 0; index < pcm.length; index++) bytes.writeInt16LE(pcm[index]!, HEADER_BYTES + index * 2);
  return bytes;
}
