/** Many receivers at one URL: every message goes to each of them, so that a case is played once and judged of all. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { KeptFile } from '../../../src/check/oracle/judge.ts';
import { SAMPLE_RATE, samplesOf } from '../../../src/protocol/pcm.ts';

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
  /** Characters of its text. */
  readonly length: number;
}

/** What belongs to one connection of a receiver. */
export interface Connection {
  /** Ids of those whose audio came over it. */
  readonly ids: Set<number>;
  messages: number;
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
  event(name: string, id: number): void;
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

  event(name: string, id: number, connection: Connection): void {
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

export interface Stage {
  readonly url: string;
  /** All receivers begin anew. Returns what each of them will have kept until the next beginning, by its index. */
  begin(): (receiver: number) => KeptFile[];
  close(): Promise<void>;
}

/** `mistakes`: of each receiver, made anew for each case. */
export async function startStage(mistakes: readonly (() => Partial<Steps>)[]): Promise<Stage> {
  let keepers: readonly Keeper[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket: WebSocket) => {
    const at = keepers.map((keeper) => ({
      keeper,
      connection: { ids: new Set<number>(), messages: 0, endSample: 0 },
    }));
    socket.on('message', (data: RawData) => {
      const text = (data as Buffer).toString('utf8');
      const { event, data: body } = JSON.parse(text);
      if (event !== 'audio_separate_raw.data') {
        for (const { keeper, connection } of at) keeper.event(event, body.data.participant.id, connection);
        return;
      }
      const { buffer, timestamp, participant } = body.data;
      const pcm = samplesOf(Buffer.from(buffer, 'base64'));
      const audio = { ...participant, ...timestamp, pcm, data: body, length: text.length };
      for (const { keeper, connection } of at) keeper.audio(audio, connection);
    });
    socket.on('close', () => {
      for (const { keeper, connection } of at) keeper.close(connection);
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    begin() {
      const begun = mistakes.map((mistake) => new Keeper(mistake()));
      keepers = begun;
      return (receiver) => begun[receiver]!.files();
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
