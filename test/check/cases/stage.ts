/** Many receivers at one URL: every message goes to each of them, so that a case is played once and judged of all. */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { KeptFile } from '../../../src/check/oracle/judge.ts';
import { SAMPLE_RATE, samplesOf } from '../../../src/protocol/pcm.ts';
import { listen, Receiver } from './wire/receiver.ts';

/** A message of audio, as receivers read it. */
export interface Audio {
  readonly id: number;
  readonly name: string | null;
  readonly relative: number;
  readonly absolute: string;
  readonly pcm: Int16Array;
  /** `data` of the message. */
  // biome-ignore lint/suspicious/noExplicitAny: the mistakes of receivers begin with fields that they take for granted
  readonly data: any;
}

/** What belongs to one connection of a receiver. */
export interface Connection {
  /** Ids of those whose audio came over it. */
  readonly ids: Set<number>;
  messages: number;
  /** Of its close frame; 1006 where there was none, and while it is open. */
  code: number;
  /** Where the last of this audio ends; 0 when there was none. */
  endSample: number;
}

/** What a receiver does with a message: each step is a place for a mistake. */
export interface Steps {
  /** Whether it is kept, or what is kept now. Whatever is thrown is caught, and the message is lost. */
  takes(audio: Audio): boolean | readonly Audio[];
  /** Whose file it goes into. */
  key(audio: Audio): string;
  /** Position of its first sample. */
  place(audio: Audio): number;
  /** A connection is over. */
  close(connection: Connection, forgetAll: () => void): void;
  /** An event that is no audio. */
  event(name: string, id: number | undefined): void;
  /** What a file has in the end. */
  finish(samples: Int16Array, id: number): Int16Array;
}

const RIGHT: Steps = {
  takes: () => true,
  key: ({ id }) => String(id),
  place: ({ relative }) => Math.round(relative * SAMPLE_RATE),
  close: () => {},
  event: () => {},
  finish: (samples) => samples,
};

interface Track {
  readonly id: number;
  readonly parts: { readonly start: number; readonly pcm: Int16Array }[];
}

class Keeper {
  readonly #steps: Steps;
  readonly #tracks = new Map<string, Track>();

  constructor(mistake: Partial<Steps>) {
    this.#steps = { ...RIGHT, ...mistake };
  }

  audio(audio: Audio, connection: Connection): void {
    connection.messages++;
    connection.ids.add(audio.id);
    connection.endSample = RIGHT.place(audio) + audio.pcm.length;
    try {
      const taken = this.#steps.takes(audio);
      for (const each of taken === true ? [audio] : taken || []) this.#keep(each);
    } catch {
      // As receivers do that log an error and go on.
    }
  }

  #keep(audio: Audio): void {
    const key = this.#steps.key(audio);
    const track = this.#tracks.get(key) ?? { id: Number.parseInt(key, 10), parts: [] };
    track.parts.push({ start: this.#steps.place(audio), pcm: audio.pcm });
    this.#tracks.set(key, track);
  }

  event(name: string, id: number | undefined, connection: Connection): void {
    connection.messages++;
    this.#steps.event(name, id);
  }

  close(connection: Connection): void {
    this.#steps.close(connection, () => this.#tracks.clear());
  }

  files(): KeptFile[] {
    return [...this.#tracks].map(([key, { id, parts }]) => {
      const samples = new Int16Array(Math.max(...parts.map(({ start, pcm }) => start + pcm.length)));
      for (const { start, pcm } of parts) samples.set(pcm, start);
      return {
        file: `${key}.wav`,
        participant: id,
        audio: { samples: this.#steps.finish(samples, id), sampleRate: SAMPLE_RATE, channels: 1 },
      };
    });
  }
}

/** All receivers at once: what goes over the wire is done right, once for all of them. */
class Stage extends Receiver {
  readonly #mistakes: readonly (() => Partial<Steps>)[];
  /** Of each recording the keepers, by the index of their receiver: no receiver takes one recording for another. */
  readonly #keepers = new Map<string, readonly Keeper[]>();
  readonly #recordings = new Map<WebSocket, string>();
  readonly #connections = new Map<WebSocket, readonly Connection[]>();

  constructor(mistakes: readonly (() => Partial<Steps>)[]) {
    super();
    this.#mistakes = mistakes;
  }

  override onConnection(socket: WebSocket, request: IncomingMessage): void {
    super.onConnection(socket, request);
    const connections = this.#mistakes.map(() => ({
      ids: new Set<number>(),
      messages: 0,
      code: 1006,
      endSample: 0,
    }));
    this.#connections.set(socket, connections);
  }

  override onText(socket: WebSocket, text: string): void {
    const message = this.parsed(text);
    if (message?.event !== 'audio_separate_raw.data') {
      const id = message?.data?.data?.participant?.id;
      if (typeof message?.event !== 'string') return;
      this.#forEach(socket, message.data.recording.id, (keeper, connection) =>
        keeper.event(message.event, id, connection),
      );
      return;
    }
    const { recording, pcm } = this.audioOf(message);
    const { timestamp, participant } = message.data.data;
    const audio = {
      ...participant,
      ...timestamp,
      pcm: samplesOf(pcm),
      data: message.data,
    };
    this.#forEach(socket, recording, (keeper, connection) => keeper.audio(audio, connection));
  }

  override onClose(socket: WebSocket, code: number): void {
    const recording = this.#recordings.get(socket);
    // Nobody knows whose a connection was over which nothing came.
    const over = recording === undefined ? [...this.#keepers.values()] : [this.#keepersOf(recording)];
    const connections = this.#connections.get(socket)!;
    for (const keepers of over)
      for (const [index, keeper] of keepers.entries())
        keeper.close(Object.assign(connections[index]!, { code }));
  }

  #forEach(
    socket: WebSocket,
    recording: string,
    tell: (keeper: Keeper, connection: Connection) => void,
  ): void {
    this.#recordings.set(socket, recording);
    const connections = this.#connections.get(socket)!;
    for (const [index, keeper] of this.#keepersOf(recording).entries()) tell(keeper, connections[index]!);
  }

  #keepersOf(recording: string): readonly Keeper[] {
    const known = this.#keepers.get(recording);
    if (known !== undefined) return known;
    const begun = this.#mistakes.map((mistake) => new Keeper(mistake()));
    this.#keepers.set(recording, begun);
    return begun;
  }

  /** What each receiver has kept of a recording, by its index. */
  keptOf(recording: string): (receiver: number) => KeptFile[] {
    return (receiver) => this.#keepersOf(recording)[receiver]!.files();
  }
}

export interface StartedStage extends AsyncDisposable {
  readonly url: string;
  /** What each receiver has kept of a recording, by its index. */
  keptOf(recording: string): (receiver: number) => KeptFile[];
}

/**
 * `mistakes`: of each receiver, made anew for each recording. `needsSignature`: they let in only what is signed, and has the right
 * token.
 */
export async function startStage(
  mistakes: readonly (() => Partial<Steps>)[],
  needsSignature: boolean,
): Promise<StartedStage> {
  const stage = new Stage(mistakes);
  stage.needsSignature = needsSignature;
  const { url, [Symbol.asyncDispose]: dispose } = await listen(stage);
  return { url, keptOf: (recording) => stage.keptOf(recording), [Symbol.asyncDispose]: dispose };
}
