/**
 * Captures: real-time events as they were received, one JSON message a line (NDJSON). Reads them with every problem's
 * place, and makes a timeline of them for replay.
 */
import { extname } from 'node:path';
import { pcmSource } from '../audio/source.ts';
import { InvalidInputError, type Problem } from '../errors.ts';
import { readLines } from '../files.ts';
import { parseJson } from '../json.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import {
  isAudioSeparate,
  isParticipantEvent,
  type ReadResult,
  type RealtimeEvent,
  readRealtimeEvent,
} from '../protocol/events.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ParticipantEvent } from '../protocol/participant-events.ts';
import { SAMPLE_RATE, samplesOf } from '../protocol/pcm.ts';
import type { TranscriptEvent } from '../protocol/transcript.ts';
import {
  inOrder,
  type Segment,
  type StreamPlan,
  type Timeline,
  type TimelineEvent,
  type Utterance,
} from './timeline.ts';
import { videoPlans } from './video.ts';

/** One line of a capture. */
export interface CaptureLine {
  readonly line: number;
  readonly result: ReadResult;
}

/** The longest meeting, as in scenarios: a day. */
const MAX_SECONDS = 86_400;
/** Longer lines than any receiver takes as a message. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Whether a file is named as captures are. */
export function isCaptureName(path: string): boolean {
  return ['.ndjson', '.jsonl'].includes(extname(path).toLowerCase());
}

/** Reads a capture line by line. Throws a `UsageError` when the file cannot be read or is no regular file. */
export async function* readCapture(path: string): AsyncGenerator<CaptureLine> {
  for await (const { line, text } of readLines(path, MAX_LINE_BYTES)) {
    if (text?.trim() === '') continue;
    yield { line, result: readLine(text) };
  }
}

function readLine(text: string | undefined): ReadResult {
  if (text === undefined) {
    return invalid({
      code: 'line_too_long',
      message: `The line has more than ${MAX_LINE_BYTES / 1024 ** 2} MiB.`,
      hint: 'A capture has one message a line.',
    });
  }
  const json = parseJson(text);
  if (!json.ok) return invalid({ hint: 'A capture has one message a line.', ...json.problem });
  const result = readRealtimeEvent(json.value);
  const late = result.kind === 'event' ? tooLate(result.event) : undefined;
  return late === undefined ? result : invalid(late);
}

/** Longer than a day: no call is, and what is made of it would end nowhere. */
function tooLate(event: RealtimeEvent): Problem | undefined {
  const seconds = secondsIn(event).reduce((latest, each) => Math.max(latest, each), 0);
  if (seconds <= MAX_SECONDS) return undefined;
  return {
    code: 'timestamp_too_large',
    message: `relative ${seconds} is more than a day after the start.`,
    hint: 'Timestamps count from the start of the recording, in seconds.',
  };
}

/** Every `relative` of an event. */
function secondsIn({ data: { data } }: RealtimeEvent): number[] {
  if ('timestamp' in data) return [data.timestamp.relative];
  return data.words.flatMap(({ start_timestamp: start, end_timestamp: end }) =>
    end == null ? [start.relative] : [start.relative, end.relative],
  );
}

function invalid(problem: Problem): ReadResult {
  return { kind: 'invalid', problems: [problem] };
}

/** A pause longer than this between two frames of a participant is taken for a mute, in seconds. */
const MUTE_GAP_SECONDS = 0.5;
const MAX_PROBLEMS = 100;

/** A captured frame. */
interface Captured {
  readonly startSample: number;
  readonly pcm: Int16Array;
}

/**
 * A timeline that replays a capture: every frame with its own size, its timestamp put on the sample grid, and a new stream
 * after every pause of more than `gapSeconds`. Throws an `InvalidInputError` (`invalid_capture`) with all problems.
 */
export async function loadCapture(
  path: string,
  options: { readonly gapSeconds?: number } = {},
): Promise<Timeline> {
  const content = await readContent(path);
  return timelineOf(content, (options.gapSeconds ?? MUTE_GAP_SECONDS) * SAMPLE_RATE);
}

/** Reads a whole capture. Throws an `InvalidInputError` (`invalid_capture`) with the problems of all its lines. */
async function readContent(path: string): Promise<CaptureContent> {
  const content = new CaptureContent();
  const problems: Problem[] = [];
  let recordingId: string | undefined;
  for await (const { line, result } of readCapture(path)) {
    if (result.kind === 'unknown') continue;
    if (result.kind === 'invalid') {
      if (line === 1 && result.problems[0]?.code === 'invalid_json') throw notACapture(path);
      if (problems.length < MAX_PROBLEMS) {
        problems.push(
          ...result.problems.map((each) => ({ ...each, location: { ...each.location, file: path, line } })),
        );
      }
      continue;
    }
    const { event } = result;
    recordingId ??= event.data.recording.id;
    if (event.data.recording.id !== recordingId) {
      problems.push({
        code: 'several_recordings',
        message: `This is recording ${event.data.recording.id}, and the capture began with ${recordingId}.`,
        hint: 'Replay one recording at a time.',
        location: { file: path, line },
      });
      break;
    }
    content.add(event);
  }
  if (problems.length === 0 && content.participants.length === 0) {
    problems.push({
      code: 'empty_capture',
      message: 'There is no event in it.',
      hint: 'Record one first.',
      location: { file: path },
    });
  }
  if (problems.length > 0) throw new InvalidInputError('invalid_capture', problems);
  return content;
}

/** What the events of a recording say, apart by kind. Participants are known by the order in which they appear. */
class CaptureContent {
  readonly participants: Participant[] = [];
  /** Of each participant. */
  readonly frames: Captured[][] = [];
  readonly events: TimelineEvent[] = [];
  readonly utterances: Utterance[] = [];
  readonly #indexOf = new Map<number, number>();

  add(event: RealtimeEvent): void {
    // The mix is made anew from the participants' audio, partial transcripts from the final ones, and pictures for the time
    // that video was on.
    if (
      event.event === 'audio_mixed_raw.data' ||
      event.event === 'transcript.partial_data' ||
      event.event === 'video_separate_png.data'
    )
      return;
    const participant = this.#indexOfParticipant(event.data.data.participant);
    if (isAudioSeparate(event)) this.frames[participant]!.push(toFrame(event));
    else if (isParticipantEvent(event)) this.events.push(toEvent(event, participant));
    else this.utterances.push(...toUtterances(event, participant));
  }

  #indexOfParticipant(participant: Participant): number {
    let index = this.#indexOf.get(participant.id);
    if (index === undefined) {
      index = this.participants.push(participant) - 1;
      this.#indexOf.set(participant.id, index);
      this.frames.push([]);
    }
    return index;
  }
}

function timelineOf(content: CaptureContent, gapSamples: number): Timeline {
  const events = [...content.events].sort((a, b) => a.sample - b.sample);
  const streams = content.frames
    .flatMap((each, participant) => toStreams(each, participant, gapSamples))
    .sort(inOrder);
  const utterances = [...content.utterances].sort(inOrder);
  const durationSamples = [...streams, ...utterances].reduce(
    (last, { endSample }) => Math.max(last, endSample),
    events.at(-1)?.sample ?? 0,
  );
  return {
    title: undefined,
    seed: 1,
    durationSamples,
    participants: content.participants,
    streams,
    videos: videoPlans(events, durationSamples),
    events,
    utterances,
  };
}

/** A file that does not even begin as a capture: everything in it would be a problem. */
function notACapture(file: string): InvalidInputError {
  return new InvalidInputError('invalid_capture', [
    {
      code: 'not_a_capture',
      message: 'This is not a capture: its first line is not JSON.',
      hint: 'A capture is an events.ndjson of record; a scenario is played without `capture`.',
      location: { file },
    },
  ]);
}

function toFrame(event: AudioSeparateRawData): Captured {
  const { buffer, timestamp } = event.data.data;
  return {
    startSample: Math.round(timestamp.relative * SAMPLE_RATE),
    pcm: samplesOf(Buffer.from(buffer, 'base64')),
  };
}

function toEvent(event: ParticipantEvent, participant: number): TimelineEvent {
  const { timestamp, participant: snapshot, data } = event.data.data;
  return {
    sample: Math.round(timestamp.relative * SAMPLE_RATE),
    event: event.event,
    participant,
    snapshot,
    data,
  };
}

/** A final transcript as something that was said; none without words. */
function toUtterances(event: TranscriptEvent, participant: number): Utterance[] {
  const { words } = event.data.data;
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [];
  const end = last.end_timestamp ?? last.start_timestamp;
  return [
    {
      participant,
      startSample: Math.round(first.start_timestamp.relative * SAMPLE_RATE),
      endSample: Math.round(end.relative * SAMPLE_RATE),
      text: words.map(({ text }) => text).join(' '),
    },
  ];
}

function toStreams(frames: readonly Captured[], participant: number, gapSamples: number): StreamPlan[] {
  const streams: (StreamPlan & { endSample: number; segments: Segment[] })[] = [];
  for (const { startSample, pcm } of [...frames].sort((a, b) => a.startSample - b.startSample)) {
    if (pcm.length === 0) continue;
    const segment: Segment = {
      startSample,
      endSample: startSample + pcm.length,
      kind: 'speech',
      source: pcmSource(pcm),
    };
    const last = streams.at(-1);
    if (last !== undefined && startSample - last.endSample <= gapSamples) {
      last.segments.push(segment);
      last.endSample = Math.max(last.endSample, segment.endSample);
    } else
      streams.push({
        participant,
        startSample,
        endSample: segment.endSample,
        segments: [segment],
        framing: 'by_segment',
      });
  }
  return streams;
}
