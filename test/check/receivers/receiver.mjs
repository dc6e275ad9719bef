/**
 * A right receiver of Recall.ai's separate real-time audio: one WAV per participant, mono, 16 bits, 16 kHz, in which everything
 * stands where its timestamp says.
 *
 *   node receiver.mjs --port 4000 --out recordings     writes recordings/{recording_id}/{participant_id}.wav
 *
 * It remembers nothing between two messages: each says whose audio it is and where it belongs, and goes straight into its file.
 * So it does not matter over how many connections audio comes, in which order, how often, or which connection is lost.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
/** Positions beyond this are a mistake, not a meeting. */
const MAX_SECONDS = 12 * 3_600;
/** A second of audio is 43 kB: anything near this is a mistake, too. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Proxies close connections that are silent, and in a meeting where all are muted nothing comes. */
const PING_EVERY_MS = 30_000;
/** After SIGTERM, for what is still on its way. */
const MAX_END_MS = 2_000;

/** A message that cannot be used. Its text is ours, never the sender's. */
class UnusableMessage extends Error {}

/** The audio of a message; undefined for every other event. Throws an `UnusableMessage`. */
function readAudio(text) {
  const message = parsed(text);
  if (typeof message?.event !== 'string') throw new UnusableMessage('it has no event');
  // Also events that nobody knows yet.
  if (message.event !== 'audio_separate_raw.data') return undefined;
  const { data: media, recording } = message.data ?? {};
  // It becomes the name of a folder.
  if (typeof recording?.id !== 'string' || !/^[\w-]{1,64}$/.test(recording.id))
    throw new UnusableMessage('its recording has no id that can be used');
  // Whole numbers up to 2^53. Names tell nobody apart: they may be equal, change, or be null.
  if (!Number.isSafeInteger(media?.participant?.id) || media.participant.id < 0)
    throw new UnusableMessage('its participant has no id that can be used');
  const seconds = media.timestamp?.relative;
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < MAX_SECONDS))
    throw new UnusableMessage('its timestamp is no time of a meeting');
  return {
    recordingId: recording.id,
    participantId: media.participant.id,
    name: media.participant.name,
    startSample: Math.round(seconds * SAMPLE_RATE),
    pcm: pcmOf(media.buffer),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnusableMessage('it is not JSON');
  }
}

/** S16LE, of any length. */
function pcmOf(base64) {
  // Buffer.from takes anything and leaves out what is not base64.
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw new UnusableMessage('its buffer is not base64');
  const pcm = Buffer.from(base64, 'base64');
  if (pcm.length % BYTES_PER_SAMPLE !== 0) throw new UnusableMessage('its buffer ends within a sample');
  return pcm;
}

/**
 * Puts audio at its position. What lies before it and was never written is read as zeros: the silence of a mute. The file is
 * complete after each message.
 */
export function writeAudio(path, startSample, pcm) {
  mkdirSync(dirname(path), { recursive: true });
  // No flag of fopen means "for writing, as it is, made if it is not there".
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  try {
    writeSync(file, pcm, 0, pcm.length, HEADER_BYTES + startSample * BYTES_PER_SAMPLE);
    writeSync(file, wavHeader(fstatSync(file).size - HEADER_BYTES), 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
}

function wavHeader(dataBytes) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** The receiver at a `WebSocketServer`. */
export class Receiver {
  constructor(server, out) {
    this.server = server;
    this.out = out;
    server.on('connection', (socket) => this.onConnection(socket));
  }

  onConnection(socket) {
    socket.on('message', (data, isBinary) => this.onMessage(socket, data, isBinary));
    // A close ends a connection and nothing else: its participant may come back, and others are still there.
    socket.on('close', () => this.onClose(socket));
    // Lost: it comes back over another connection.
    socket.on('error', () => {});
  }

  /** Whatever comes, the connection stays: the next message may be a good one. */
  onMessage(socket, data, isBinary) {
    if (isBinary) return;
    try {
      const audio = readAudio(data.toString());
      if (audio !== undefined) this.onAudio(audio, socket);
    } catch (error) {
      if (error instanceof UnusableMessage) console.error(`skipped a message: ${error.message}`);
      // Such as a disk that is full.
      else console.error(`could not keep audio: ${error.code ?? error.name}`);
    }
  }

  onAudio(audio, _socket) {
    writeAudio(this.fileOf(audio), audio.startSample, audio.pcm);
  }

  fileOf({ recordingId, participantId }) {
    return join(this.out, recordingId, `${participantId}.wav`);
  }

  onClose(_socket) {}
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string' }, out: { type: 'string' }, mistake: { type: 'string' } },
    });
    const port = Number(values.port ?? 4_000);
    if (values.out === undefined || !(Number.isInteger(port) && port >= 0 && port < 65_536))
      throw new Error();
    return { port, out: values.out, mistake: values.mistake };
  } catch {
    console.error('Usage: receiver.mjs --out FOLDER [--port PORT] [--mistake NAME]');
    process.exit(2);
  }
}

async function main() {
  const { port, out, mistake } = readArguments();
  const Kind = mistake === undefined ? Receiver : (await import('./mistakes.mjs')).flawed(mistake);
  const server = new WebSocketServer({ host: '127.0.0.1', port, maxPayload: MAX_MESSAGE_BYTES });
  new Kind(server, out);
  server.on('listening', () => console.log(`listening on ws://127.0.0.1:${server.address().port}/`));
  server.on('error', (error) => {
    console.error(`cannot listen on port ${port}: ${error.code}`);
    process.exit(1);
  });
  const pings = setInterval(() => {
    for (const socket of server.clients) socket.ping();
  }, PING_EVERY_MS);
  process.once('SIGTERM', () => {
    clearInterval(pings);
    server.close();
    // What was sent before the answer to our close is still read, and written.
    for (const socket of server.clients) socket.close(1001);
    setTimeout(() => process.exit(), MAX_END_MS).unref();
  });
}

// Not awaited: the mistakes import this module.
if (process.argv[1] === import.meta.filename) main();
