/** A plain receiver, taken apart into its steps, and the same with one step wrong: what people get wrong. */

import { SAMPLE_RATE } from '../../src/protocol/pcm.ts';
import type { ReceiverProperty, ReceiverUnderTest } from '../../src/testing/index.ts';
import { assemble } from '../../src/testing/recorder.ts';

interface Frame {
  readonly id: number;
  readonly name: string | null;
  readonly relative: number;
  readonly pcm: Int16Array;
}

interface Track {
  readonly frames: { startSample: number; pcm: Int16Array }[];
  length: number;
  isOpen: boolean;
  /** When the recording started by the machine's clock. */
  startedMs: number;
  firstSample: number;
}

interface Connection {
  /** Keys of those who came over it. */
  readonly keys: string[];
  isBroken: boolean;
}

interface Steps {
  /** A message as a frame, or undefined when it is none. */
  read(text: string, connection: Connection): Frame | undefined;
  key(frame: Frame, connection: Connection): string;
  /** The first message of somebody over a connection. */
  begin(track: Track): void;
  place(frame: Frame, track: Track, connection: Connection, isFirst: boolean): number;
  cut(pcm: Int16Array): Int16Array;
  close(connection: Connection, code: number, tracks: Map<string, Track>): void;
}

const sampleOf = ({ relative }: Frame): number => Math.round(relative * SAMPLE_RATE);

const GOOD: Steps = {
  read(text) {
    try {
      return parse(text);
    } catch {
      return undefined;
    }
  },
  key: ({ id }) => String(id),
  begin(track) {
    track.isOpen = true;
  },
  place: sampleOf,
  cut: (pcm) => pcm,
  close: () => {},
};

function parse(text: string): Frame {
  const { data } = JSON.parse(text);
  const { buffer, timestamp, participant } = data.data;
  const wrong =
    !/^[A-Za-z0-9+/]*={0,2}$/.test(buffer) ||
    typeof buffer !== 'string' ||
    typeof timestamp.relative !== 'number' ||
    typeof participant.id !== 'number' ||
    typeof data.recording.id !== 'string';
  if (wrong) throw new Error('not a frame');
  return { ...participant, relative: timestamp.relative, pcm: samples(buffer) };
}

function samples(buffer: string): Int16Array {
  const bytes = Uint8Array.from(Buffer.from(buffer, 'base64'));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}

export function receiverOf(flaw: Partial<Steps>): ReceiverUnderTest {
  const steps = { ...GOOD, ...flaw };
  const tracks = new Map<string, Track>();
  const keys = new Map<number, string>();
  return {
    connect() {
      const connection: Connection = { keys: [], isBroken: false };
      return {
        message(text) {
          const frame = steps.read(text, connection);
          if (frame === undefined) return;
          const key = steps.key(frame, connection);
          keys.set(frame.id, key);
          const isFirst = !connection.keys.includes(key);
          if (isFirst) connection.keys.push(key);
          let track = tracks.get(key);
          if (track === undefined) {
            const startedMs = Date.now() - frame.relative * 1_000;
            track = { frames: [], length: 0, isOpen: true, startedMs, firstSample: sampleOf(frame) };
            tracks.set(key, track);
          } else if (isFirst) steps.begin(track);
          if (!track.isOpen) return;
          const pcm = steps.cut(frame.pcm);
          const startSample = steps.place(frame, track, connection, isFirst);
          track.frames.push({ startSample, pcm });
          track.length = Math.max(track.length, startSample + pcm.length);
        },
        close: (code) => steps.close(connection, code, tracks),
      };
    },
    audio: (id) => assembled(tracks.get(keys.get(id) ?? '')?.frames ?? []),
  };
}

function assembled(frames: Track['frames']): Int16Array {
  return assemble(frames as unknown as Parameters<typeof assemble>[0]);
}

function closeAll(keys: readonly string[], tracks: Map<string, Track>): void {
  for (const key of keys) tracks.get(key)!.isOpen = false;
}

/** One mistake each, and the one property that it costs. */
export const FLAWS: readonly (readonly [flaw: string, property: ReceiverProperty, steps: Partial<Steps>])[] =
  [
    [
      'takes the bytes in the other order',
      "one participant's audio is kept",
      {
        cut: (pcm) => {
          const bytes = Buffer.from(Int16Array.from(pcm).buffer).swap16();
          return new Int16Array(bytes.buffer, bytes.byteOffset, pcm.length);
        },
      },
    ],
    [
      'loses the last sample of a frame',
      "one participant's audio is kept",
      { cut: (pcm) => pcm.fill(0, -1) },
    ],
    [
      'goes by the wall clock',
      'audio stands where its timestamp says, whenever it arrives',
      { place: (_frame, { startedMs }) => Math.round(((Date.now() - startedMs) * SAMPLE_RATE) / 1_000) },
    ],
    [
      'goes by new Date()',
      'audio stands where its timestamp says, whenever it arrives',
      {
        place(_frame, { startedMs }) {
          const now = new Date();
          return Math.round(((now.getTime() - startedMs) * SAMPLE_RATE) / 1_000);
        },
      },
    ],
    [
      'begins anew with every connection',
      'a participant who unmutes again goes on',
      {
        begin(track) {
          track.frames.length = 0;
        },
      },
    ],
    [
      'ends a track with its connection',
      'a participant who unmutes again goes on',
      { begin: () => {}, close: ({ keys }, _code, tracks) => closeAll(keys, tracks) },
    ],
    [
      'drops the gap restoration',
      'the silence of mutes is restored',
      { place: (frame, { length }) => Math.min(sampleOf(frame), length) },
    ],
    [
      'counts from the first frame',
      'the silence of mutes is restored',
      { place: (frame, { firstSample }) => sampleOf(frame) - firstSample },
    ],
    ['keeps one track for everybody', 'participants are kept apart', { key: () => 'track' }],
    [
      'closes all streams on one close',
      'a close ends its own stream only',
      { close: (_connection, _code, tracks) => closeAll([...tracks.keys()], tracks) },
    ],
    ['keys speakers by name', 'people of the same name are told apart', { key: ({ name }) => String(name) }],
    [
      'dies of a name that is null',
      'people of the same name are told apart',
      { key: ({ id, name }) => `${id} ${name!.trim()}` },
    ],
    [
      'keeps one speaker per socket',
      'one shared connection works as well',
      { key: ({ id }, { keys }) => keys[0] ?? String(id) },
    ],
    [
      'restores silence at the beginning of a connection only',
      'one shared connection works as well',
      {
        place: (frame, { length }, _connection, isFirst) =>
          isFirst ? sampleOf(frame) : Math.min(sampleOf(frame), length),
      },
    ],
    [
      'takes frames for 100 ms',
      'frames may have any size',
      { cut: (pcm) => Int16Array.from({ length: 1_600 }, (_, index) => pcm[index] ?? 7) },
    ],
    [
      'throws a track away when its connection is lost',
      'a stream goes on after its connection is lost',
      {
        close({ keys }, code, tracks) {
          if (code === 1006) for (const key of keys) tracks.delete(key);
        },
      },
    ],
    [
      'takes the late close of an old connection for the new one',
      'a stream goes on after its connection is lost',
      { close: ({ keys }, _code, tracks) => closeAll(keys, tracks) },
    ],
    [
      'appends',
      'a message that comes twice counts once',
      { place: (frame, { length }) => Math.max(sampleOf(frame), length) },
    ],
    ['trusts every message', 'a malformed message breaks nothing else', { read: parse }],
    [
      'gives a connection up after a malformed message',
      'a malformed message breaks nothing else',
      {
        read(text, connection) {
          const frame = connection.isBroken ? undefined : GOOD.read(text, connection);
          if (frame === undefined) connection.isBroken = true;
          return frame;
        },
      },
    ],
  ];
