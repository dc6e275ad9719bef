/** The typical mistakes of real receivers, each as a change of the right one: `receiver.mjs --mistake NAME`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Receiver, writeAudio } from './receiver.mjs';

const BYTES_PER_SAMPLE = 2;
const FRAME_SAMPLES = 1_600;

/** Knows how long each file is: the base of receivers that append. */
class Appending extends Receiver {
  ends = new Map();

  endOf(file) {
    return this.ends.get(file) ?? 0;
  }

  put(file, startSample, pcm) {
    writeAudio(file, startSample, pcm);
    this.ends.set(file, Math.max(this.endOf(file), startSample + pcm.length / BYTES_PER_SAMPLE));
  }
}

/** Does something with each message before the right receiver does: what it throws ends the process. */
function first(look) {
  return class extends Receiver {
    onMessage(socket, data, isBinary) {
      look(data, socket);
      super.onMessage(socket, data, isBinary);
    }
  };
}

/** A message, or undefined. */
function parsed(data) {
  try {
    return JSON.parse(data) ?? undefined;
  } catch {
    return undefined;
  }
}

function block(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** People of one name, or without one, share the file of the first of them. */
class KeyedByName extends Receiver {
  firsts = new Map();

  fileOf(audio) {
    const key = `${audio.recordingId} ${audio.name}`;
    if (!this.firsts.has(key)) this.firsts.set(key, super.fileOf(audio));
    return this.firsts.get(key);
  }
}

/** A close finishes the files of everybody, not of its own participant. */
class ClosesAll extends Receiver {
  open = new Set();
  finished = new Set();

  onAudio(audio, socket) {
    const file = this.fileOf(audio);
    if (this.finished.has(file)) return;
    this.open.add(file);
    super.onAudio(audio, socket);
  }

  onClose() {
    for (const file of this.open) this.finished.add(file);
    this.open.clear();
  }
}

/** The silence before somebody's first word is restored, that of mutes is not: what comes is put at the end. */
class IgnoresGaps extends Appending {
  onAudio(audio) {
    const file = this.fileOf(audio);
    this.put(file, this.ends.has(file) ? this.endOf(file) : audio.startSample, audio.pcm);
  }
}

/** Every frame is 3,200 bytes: longer ones are cut, shorter ones padded. */
class Assumes100Ms extends Appending {
  onAudio(audio) {
    const frame = Buffer.alloc(FRAME_SAMPLES * BYTES_PER_SAMPLE);
    audio.pcm.copy(frame);
    const file = this.fileOf(audio);
    this.put(file, Math.max(this.endOf(file), audio.startSample), frame);
  }
}

/** Ids go through 32 bits: those above 2^31 become negative, or somebody else's. */
class IdsAsStrings extends Receiver {
  fileOf(audio) {
    return super.fileOf({ ...audio, participantId: Number.parseInt(String(audio.participantId), 10) | 0 });
  }
}

/** From the tenth message on it works half of the time, where everybody waits. */
class Blocks extends Receiver {
  messages = 0;
  freeUntilMs = 0;

  onAudio(audio, socket) {
    super.onAudio(audio, socket);
    if (++this.messages < 10 || Date.now() < this.freeUntilMs) return;
    block(600);
    this.freeUntilMs = Date.now() + 600;
  }
}

/** Keeps every message for ever, as text and as audio. */
class Grows extends Receiver {
  kept = [];

  onMessage(socket, data, isBinary) {
    this.kept.push({ text: data.toString(), bytes: Buffer.from(data) });
    super.onMessage(socket, data, isBinary);
  }
}

/** One connection at a time: the next is refused. */
class OneConnection extends Receiver {
  constructor(server, out) {
    super(server, out);
    server.shouldHandle = () => server.clients.size === 0;
  }
}

/** A new connection replaces all others. */
class NewestWins extends Receiver {
  onConnection(socket) {
    for (const other of this.server.clients) if (other !== socket) other.close(1000, 'replaced');
    super.onConnection(socket);
  }
}

/** After the first close nobody is let in: the meeting is over. */
class MuteEndsMeeting extends Receiver {
  onClose() {
    this.server.shouldHandle = () => false;
  }
}

/** A receiver for one meeting: exits when its last connection closes. */
class NoRestart extends Receiver {
  onClose() {
    if (this.server.clients.size === 0) process.exit(0);
  }
}

/** Each connection begins its participants' files anew. */
class TruncatesOnReconnect extends Receiver {
  begun = new WeakMap();

  onAudio(audio, socket) {
    const file = this.fileOf(audio);
    const files = this.begun.get(socket) ?? new Set();
    if (!files.has(file)) rmSync(file, { force: true });
    this.begun.set(socket, files.add(file));
    super.onAudio(audio, socket);
  }
}

/** Whoever is heard first on a connection is the only one on it. */
class OneSpeakerPerConnection extends Receiver {
  speakers = new WeakMap();

  onAudio(audio, socket) {
    if (!this.speakers.has(socket)) this.speakers.set(socket, audio.participantId);
    super.onAudio({ ...audio, participantId: this.speakers.get(socket) }, socket);
  }
}

/** Two meetings at once with the same participant ids are one to it. */
class ForgetsRecording extends Receiver {
  fileOf(audio) {
    this.recordingId ??= audio.recordingId;
    return super.fileOf({ ...audio, recordingId: this.recordingId });
  }
}

/** Goes by the wall clock instead of timestamps. */
class ByArrival extends Receiver {
  startMs = Date.now();

  onAudio(audio, socket) {
    super.onAudio({ ...audio, startSample: Math.round((Date.now() - this.startMs) * 16) }, socket);
  }
}

/** Restores silence, but appends what comes twice, and what comes late. */
class AppendsRepeats extends Appending {
  onAudio(audio) {
    const file = this.fileOf(audio);
    this.put(file, Math.max(this.endOf(file), audio.startSample), audio.pcm);
  }
}

/** Drops what comes after something later. */
class DropsLateAudio extends Appending {
  onAudio(audio) {
    const file = this.fileOf(audio);
    if (audio.startSample >= this.endOf(file)) this.put(file, audio.startSample, audio.pcm);
  }
}

/** Takes frames of less than 20 ms for noise. */
class DropsShortFrames extends Receiver {
  onAudio(audio, socket) {
    if (audio.pcm.length >= 640) super.onAudio(audio, socket);
  }
}

/** Takes whoever is unmuted and silent for noise: the silence of a file is that of a mute. */
class DropsQuietAudio extends Receiver {
  onAudio(audio, socket) {
    for (let at = 0; at < audio.pcm.length; at += BYTES_PER_SAMPLE)
      if (Math.abs(audio.pcm.readInt16LE(at)) > 64) return super.onAudio(audio, socket);
  }
}

/** Takes samples for big-endian. */
class SwapsBytes extends Receiver {
  onAudio(audio, socket) {
    super.onAudio({ ...audio, pcm: audio.pcm.swap16() }, socket);
  }
}

/** Names become paths: whoever is called `../../etc/passwd` chooses where their audio is written. */
class PathsOfNames extends Receiver {
  fileOf({ recordingId, name }) {
    return join(this.out, recordingId, `${name}.wav`);
  }
}

/** Keeps a note of each participant beside the audio, in a file of their name. */
class FilesByName extends Receiver {
  onMessage(socket, data, isBinary) {
    super.onMessage(socket, data, isBinary);
    const { recording, data: media } = parsed(data)?.data ?? {};
    if (typeof media?.participant?.name !== 'string' || typeof recording?.id !== 'string') return;
    mkdirSync(join(this.out, recording.id), { recursive: true });
    // It stays within its folder, as tests are run where other people's files are.
    writeFileSync(`${this.out}/${recording.id}/${media.participant.name.replaceAll('..', '__')}.txt`, '');
  }
}

/** Drops what has fields that it does not know, or null where it does not expect it. */
class StrictFields extends Receiver {
  static FIELDS = ['id', 'name', 'is_host', 'platform', 'extra_data', 'email'];

  onMessage(socket, data, isBinary) {
    const participant = parsed(data)?.data?.data?.participant ?? {};
    const isKnown = Object.keys(participant).every((field) => StrictFields.FIELDS.includes(field));
    if (isKnown && participant.is_host !== null) super.onMessage(socket, data, isBinary);
  }
}

const NullNames = first((data) => {
  const participant = parsed(data)?.data?.data?.participant;
  if (participant?.id !== undefined) participant.name.trim();
});

const CrashOnUnknownEvent = first((data) => {
  const event = parsed(data)?.event;
  if (typeof event === 'string' && event !== 'audio_separate_raw.data') throw new Error('unknown event');
});

const CrashOnBadJson = first((data) => JSON.parse(data));

const CrashOnMissingField = first((data) => {
  const message = parsed(data);
  if (message?.event === 'audio_separate_raw.data') Buffer.from(message.data.data.buffer, 'base64');
});

/** Every event that sounds like audio is somebody's. */
const MixedIsSeparate = first((data) => {
  const message = parsed(data);
  if (message?.event?.startsWith?.('audio_mixed') === true) message.data.data.participant.id.toString();
});

const ClosesOnBadMessage = first((data, socket) => {
  if (parsed(data)?.event === undefined) socket.close(1007, 'invalid message');
});

const SmallMessages = first((data, socket) => {
  if (data.length > 8_192) socket.close(1009, 'too big');
});

const ExpectsBinary = first((_data, socket) => socket.close(1003, 'binary only'));

const MISTAKES = {
  keyed_by_name: KeyedByName,
  closes_all: ClosesAll,
  ignores_gaps: IgnoresGaps,
  assumes_100ms: Assumes100Ms,
  ids_as_strings: IdsAsStrings,
  null_names: NullNames,
  blocks: Blocks,
  grows: Grows,
  one_connection: OneConnection,
  newest_wins: NewestWins,
  mute_ends_meeting: MuteEndsMeeting,
  no_restart: NoRestart,
  truncates_on_reconnect: TruncatesOnReconnect,
  one_speaker_per_connection: OneSpeakerPerConnection,
  forgets_recording: ForgetsRecording,
  by_arrival: ByArrival,
  appends_repeats: AppendsRepeats,
  drops_late_audio: DropsLateAudio,
  drops_short_frames: DropsShortFrames,
  drops_quiet_audio: DropsQuietAudio,
  swaps_bytes: SwapsBytes,
  files_by_name: FilesByName,
  paths_of_names: PathsOfNames,
  strict_fields: StrictFields,
  crash_on_unknown_event: CrashOnUnknownEvent,
  crash_on_bad_json: CrashOnBadJson,
  crash_on_missing_field: CrashOnMissingField,
  mixed_is_separate: MixedIsSeparate,
  closes_on_bad_message: ClosesOnBadMessage,
  small_messages: SmallMessages,
  expects_binary: ExpectsBinary,
};

/** The class of receivers with this mistake. Ends the process when there is none of the name. */
export function flawed(name) {
  if (Object.hasOwn(MISTAKES, name)) return MISTAKES[name];
  console.error(`Unknown mistake. There are: ${Object.keys(MISTAKES).join(', ')}`);
  process.exit(2);
}
