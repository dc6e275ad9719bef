/** Makes the audio of one message heard. */

const SAMPLE_RATE = 16_000;
const FULL_SCALE = 32_768;

let context: AudioContext | undefined;

/** `buffer`: base64 of mono S16LE at 16 kHz. */
export function playFrame(buffer: string): void {
  context ??= new AudioContext({ sampleRate: SAMPLE_RATE });
  const bytes = Uint8Array.from(atob(buffer), (character) => character.charCodeAt(0));
  const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
  if (samples.length === 0) return;
  const audio = context.createBuffer(1, samples.length, SAMPLE_RATE);
  audio.getChannelData(0).set(Float32Array.from(samples, (sample) => sample / FULL_SCALE));
  const source = context.createBufferSource();
  source.buffer = audio;
  source.connect(context.destination);
  source.start();
}
