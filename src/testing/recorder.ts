/** A receiver for tests: takes everything, remembers it in order, and answers questions about it. */
import type { RealtimeEvent } from '../protocol/events.ts';
import { startReceiver } from '../receiver/receiver.ts';
import { frameOf, type ReceivedFrame } from './messages.ts';

/** A connection from its opening to its end, in the order of opening. */
export interface RecordedConnection {
  readonly number: number;
  /** Ids of those whose audio came over it. */
  readonly participants: readonly number[];
  readonly closeCode: number | null;
}

export interface Recorder extends AsyncDisposable {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string;
  /** Valid events of all connections, in order of arrival. */
  readonly events: readonly RealtimeEvent[];
  /** Their audio. */
  readonly frames: readonly ReceivedFrame[];
  /** What was wrong with messages that are not valid. */
  readonly problems: readonly string[];
  connections(): readonly RecordedConnection[];
  /** A participant's audio from the start of the recording to the end of their last frame; silence where nothing came. */
  audio(participantId: number): Int16Array;
  close(): Promise<void>;
}

/** Starts on a free port: safe beside any number of others. `secret`: refuse upgrades that are not signed with it. */
export async function startRecorder(options: { readonly secret?: string } = {}): Promise<Recorder> {
  const events: RealtimeEvent[] = [];
  const frames: ReceivedFrame[] = [];
  const problems: string[] = [];
  const receiver = await startReceiver({
    ...options,
    onEvent: (event, connection) => {
      events.push(event);
      const frame = frameOf(event, connection.number);
      if (frame !== undefined) frames.push(frame);
    },
    onProblem: (problem) => problems.push(problem.message),
  });
  const close = (): Promise<void> => receiver.close();
  return {
    url: receiver.url,
    events,
    frames,
    problems,
    connections: () =>
      receiver.stats().connections.map(({ number, participants, closeCode }) => ({
        number,
        participants: [...participants],
        closeCode,
      })),
    audio: (participantId) => assemble(frames.filter((frame) => frame.participantId === participantId)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Frames at their positions; silence where there is none. */
export function assemble(frames: readonly ReceivedFrame[]): Int16Array {
  const end = frames.reduce((last, { startSample, pcm }) => Math.max(last, startSample + pcm.length), 0);
  const audio = new Int16Array(end);
  for (const { startSample, pcm } of frames) audio.set(pcm, startSample);
  return audio;
}
