/** Milliseconds of processor time of `checkReceiver`, 50 meetings for each property, with a plain right receiver. */
import { load, meter, size } from './meter.mjs';

const SAMPLE_RATE = 16_000;
const { checkReceiver } = await load('testing/index.js');
const spent = meter();
await checkReceiver(createReceiver, { seed: 1, runs: Math.ceil(50 * size) });
globalThis.figure = spent() / 1_000;

/** Frames by recording and participant; each says where it belongs. */
function createReceiver() {
  const frames = new Map();
  return {
    connect: () => ({ message: (text) => take(text, frames), close: () => {} }),
    audio: (participant, recording) => assembled(frames.get(`${recording} ${participant}`) ?? []),
  };
}

function take(text, frames) {
  const frame = readFrame(text);
  if (frame === undefined) return;
  const list = frames.get(frame.key) ?? [];
  frames.set(frame.key, list);
  list.push(frame);
}

/** Undefined for all that is no audio. */
function readFrame(text) {
  try {
    const { event, data } = JSON.parse(text);
    if (event !== 'audio_separate_raw.data') return undefined;
    const { buffer, timestamp, participant } = data.data;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(buffer) || !Number.isInteger(participant.id)) return undefined;
    const start = Math.round(timestamp.relative * SAMPLE_RATE);
    if (!(start >= 0)) return undefined;
    const bytes = new Uint8Array(Buffer.from(buffer, 'base64'));
    return { key: `${data.recording.id} ${participant.id}`, start, pcm: new Int16Array(bytes.buffer) };
  } catch {
    return undefined;
  }
}

function assembled(list) {
  const audio = new Int16Array(list.reduce((end, { start, pcm }) => Math.max(end, start + pcm.length), 0));
  for (const { start, pcm } of list) audio.set(pcm, start);
  return audio;
}
