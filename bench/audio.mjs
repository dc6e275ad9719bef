/** The speech that every stream of a bench sends: the standup's utterances, one after the other, as raw S16LE 16 kHz. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const SPEECH = new URL('../fixtures/speech/', import.meta.url);
const BYTES_PER_SECOND = 32_000;
const WAV_HEADER_BYTES = 44;

export function writeSpeech(file, seconds) {
  const utterances = readdirSync(SPEECH)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => readFileSync(new URL(name, SPEECH)).subarray(WAV_HEADER_BYTES));
  const bytes = Buffer.alloc(seconds * BYTES_PER_SECOND);
  for (let at = 0, index = 0; at < bytes.length; index++) {
    at += utterances[index % utterances.length].copy(bytes, at);
  }
  writeFileSync(file, bytes);
}
