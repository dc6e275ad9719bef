/**
 * A quick yes for nearly every message of a call: separate audio as Recall writes it. What it says yes to, the schema of
 * `audio-separate.ts` takes, too (a test compares them); about all else the schema decides, and says what is wrong.
 */
import { isBase64, lengthOfBase64 } from './base64.ts';
import { BYTES_PER_SAMPLE } from './pcm.ts';
import { parseAbsolute } from './timestamp.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether parsed JSON whose `event` is `audio_separate_raw.data` is certainly valid. Takes a fifth of the schema's time. */
export function isUsualAudio(value: object): boolean {
  const { data } = value as Fields;
  if (!isObject(data)) return false;
  const { data: frame, bot } = data;
  return (
    isObject(frame) &&
    isRef(data.recording) &&
    isRef(data.realtime_endpoint) &&
    isRef(data.audio_separate) &&
    (bot === undefined || bot === null || isRef(bot)) &&
    isTimestamp(frame.timestamp) &&
    isParticipant(frame.participant) &&
    isPcm(frame.buffer)
  );
}

function isPcm(buffer: unknown): boolean {
  return typeof buffer === 'string' && isBase64(buffer) && lengthOfBase64(buffer) % BYTES_PER_SAMPLE === 0;
}

function isTimestamp(timestamp: unknown): boolean {
  if (!isObject(timestamp)) return false;
  const { relative, absolute } = timestamp;
  return (
    typeof relative === 'number' &&
    relative >= 0 &&
    relative < Number.POSITIVE_INFINITY &&
    typeof absolute === 'string' &&
    parseAbsolute(absolute) !== undefined
  );
}

function isParticipant(participant: unknown): boolean {
  if (!isObject(participant)) return false;
  const { id, name, is_host, platform, extra_data, email } = participant;
  return (
    Number.isSafeInteger(id) &&
    isTextOrNull(name) &&
    (is_host === null || typeof is_host === 'boolean') &&
    isTextOrNull(platform) &&
    (extra_data === null || isObject(extra_data)) &&
    (email === undefined || isTextOrNull(email))
  );
}

function isRef(ref: unknown): boolean {
  if (!isObject(ref)) return false;
  const { id, metadata } = ref;
  if (typeof id !== 'string' || id === '' || !isObject(metadata)) return false;
  for (const key in metadata) if (typeof metadata[key] !== 'string') return false;
  return true;
}

/** An object as `JSON.parse` makes them. */
function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
