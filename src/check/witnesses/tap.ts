/**
 * An HTTP endpoint for receivers that keep no files: they post what they hand on. `POST /participants/100` is for the meeting
 * that is played now, `POST /recordings/{recording_id}/participants/100` for one of several. Raw PCM, appended as it comes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../../errors.ts';
import { refusalOf } from '../../files.ts';
import { isOurHost, isOwnOrigin } from '../../guard.ts';
import { SAMPLE_RATE, sampleView } from '../../protocol/pcm.ts';
import type { KeptWitness } from './kept.ts';

/** Of a case: three hours of what is sent. */
const MAX_BYTES = 384 * 1024 * 1024;
/** Of a case: more participants than any meeting has. */
const MAX_STREAMS = 10_000;
/** A body may stream for as long as a meeting lasts; the longest cases last minutes. */
const BODY_TIMEOUT_MS = 30 * 60_000;
const PATH = /^(?:\/recordings\/([\w-]{1,100}))?\/participants\/(\d{1,16})\/?$/;

/** Said to be something else than raw PCM. What clients send when nobody has told them a type is no word on it. */
const OTHER_TYPES = /^(audio\/.*(wav|mpeg|mp3|mp4|ogg|opus|flac)|multipart\/|application\/json)/i;
const WAV = 'RIFF';

const HINT =
  'POST raw PCM (mono, 16 bits, 16 kHz) to /recordings/RECORDING_ID/participants/PARTICIPANT_ID.\n';

export interface Tap extends KeptWitness {
  /** `http://127.0.0.1:41234`; for the receiver, in `RECALL_EMULATOR_TAP`. */
  readonly url: string;
}

/** Listens on 127.0.0.1; port 0 takes any free one. Throws a `UsageError` (`tap_port`) for one that is taken. */
export async function startTap(port: number, maxBytes = MAX_BYTES): Promise<Tap> {
  const posts = new Posts(maxBytes);
  const server = createServer((request, response) => void posts.take(request, response));
  server.requestTimeout = BODY_TIMEOUT_MS;
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${taken}`;
  posts.origin = url;
  return {
    url,
    option: 'tap',
    prepare: async () => posts.forget(),
    nextRound: () => posts.playing.clear(),
    began: (recordingId) => posts.playing.add(recordingId),
    state: async ({ recordingId }) => posts.stateOf(recordingId),
    async look({ recordingId }) {
      const streams = [...posts.of(recordingId)];
      // It has posted, and nobody can say of which meeting.
      if (streams.length === 0 && posts.hasUntold) return undefined;
      return streams.map(([participant, { chunks }]) => ({
        file: `what was posted to the tap for participant ${participant}`,
        participant,
        audio: { samples: sampleView(Buffer.concat(chunks)), sampleRate: SAMPLE_RATE, channels: 1 },
      }));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What was posted for one participant of one meeting. */
interface Stream {
  readonly chunks: Buffer[];
}

class Posts {
  origin = '';
  /** Recordings of the meetings that are played now. */
  readonly playing = new Set<string>();
  readonly #maxBytes: number;
  #streams = new Map<string, Map<number, Stream>>();
  #count = 0;
  #bytes = 0;
  hasUntold = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Another case begins. A body of an earlier one may still be coming: it goes on into what nobody looks at any more. */
  forget(): void {
    this.#streams = new Map();
    this.#count = 0;
    this.#bytes = 0;
    this.hasUntold = false;
  }

  of(recordingId: string): ReadonlyMap<number, Stream> {
    return this.#streams.get(recordingId) ?? new Map<number, Stream>();
  }

  stateOf(recordingId: string): string {
    const counts = [...this.of(recordingId)].map(([id, { chunks }]) => `${id} ${chunks.length}`);
    return counts.join('\n');
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, text: string): void => {
      // What is still to come of the body is not waited for.
      if (status >= 400) response.setHeader('Connection', 'close');
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
    };
    const { host, origin, 'content-type': type = '' } = request.headers;
    if (!isOurHost(host, []) || !isOwnOrigin(origin, this.origin, []))
      return answer(403, 'Only for this machine, and for no web page.\n');
    const match = PATH.exec((request.url ?? '').split('?')[0]!);
    if (match === null) return answer(404, HINT);
    if (request.method !== 'POST') return answer(405, HINT);
    if (OTHER_TYPES.test(type)) return answer(415, HINT);
    const [, named, id] = match;
    const recordingId = named ?? this.#onlyOne();
    if (recordingId === undefined) {
      return answer(
        409,
        this.playing.size === 0
          ? `No meeting is played now. ${HINT}`
          : `Several meetings are played at once. ${HINT}`,
      );
    }
    const stream = this.#streamOf(recordingId, Number(id));
    if (stream === undefined) return answer(413, `More than ${MAX_STREAMS} participants in one case.\n`);
    const refusal = await this.#append(stream, request);
    if (refusal === undefined) answer(204, '');
    else answer(...refusal);
  }

  #onlyOne(): string | undefined {
    if (this.playing.size === 1) return [...this.playing][0];
    this.hasUntold = true;
    return undefined;
  }

  #streamOf(recordingId: string, id: number): Stream | undefined {
    const streams = this.#streams.get(recordingId) ?? new Map<number, Stream>();
    this.#streams.set(recordingId, streams);
    let stream = streams.get(id);
    if (stream === undefined) {
      if (++this.#count > MAX_STREAMS) return undefined;
      stream = { chunks: [] };
      streams.set(id, stream);
    }
    return stream;
  }

  /** Says why not, as an answer. What came before a client was lost counts. */
  async #append(
    { chunks }: Stream,
    request: IncomingMessage,
  ): Promise<readonly [status: number, text: string] | undefined> {
    let isFirst = true;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        if (isFirst && chunk.toString('latin1', 0, WAV.length) === WAV)
          return [415, `This is a WAV file. ${HINT}`];
        isFirst = false;
        if (this.#bytes + chunk.length > this.#maxBytes)
          return [413, `More than ${this.#maxBytes} bytes in one case.\n`];
        this.#bytes += chunk.length;
        chunks.push(chunk);
      }
    } catch {
      // It was lost: nobody waits for the answer.
    }
    return undefined;
  }
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  } catch (error) {
    throw new UsageError(
      'tap_port',
      `The tap cannot listen on port ${port}: ${refusalOf(error) ?? (error as Error).message}.`,
      {
        hint: 'Choose another with `tapPort`, or leave it out for any free one.',
      },
    );
  }
}
