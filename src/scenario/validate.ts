/**
 * Validates files: scenarios, and captures of real-time events against the schemas and the rules of order. Reports, and
 * repairs nothing.
 */
import { InvalidInputError, type Problem } from '../errors.ts';
import type { AudioSeparateRawData } from '../protocol/audio-separate.ts';
import { isAudioSeparate } from '../protocol/events.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { parseAbsolute } from '../protocol/timestamp.ts';
import { isCaptureName, readCapture } from './capture.ts';
import type { ScenarioFault } from './faults.ts';
import { openScenario } from './open.ts';

export interface ValidationReport {
  readonly file: string;
  readonly kind: 'scenario' | 'capture';
  readonly ok: boolean;
  /** The first hundred. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  /** What is odd and yet allowed. */
  readonly warnings: readonly Problem[];
  readonly warningCount: number;
  /** One line: what is in it. */
  readonly summary: string;
}

const LISTED = 100;
/** Frames of real calls may overlap or stray by this much without anything being wrong. */
const JITTER_SECONDS = 0.005;
/** `absolute - relative` is the start of the recording, and the same in all messages but for rounding. */
const START_TOLERANCE_MICROS = 1_000;

/**
 * Validates a capture (`.ndjson`, `.jsonl`), or a scenario by its path or built-in name. Throws only when it cannot be read.
 * `checkFaults` knows which faults there are, and throws an `InvalidInputError` with what is wrong.
 */
export async function validateFile(
  file: string,
  checkFaults: (faults: readonly ScenarioFault[]) => void = () => {},
): Promise<ValidationReport> {
  return isCaptureName(file) ? validateCapture(file) : validateScenario(file, checkFaults);
}

async function validateScenario(
  file: string,
  checkFaults: (faults: readonly ScenarioFault[]) => void,
): Promise<ValidationReport> {
  try {
    const { participants, streams, durationSamples, faults = [] } = (await openScenario(file)).timeline;
    checkFaults(faults);
    const summary = `${participants.length} participants, ${streams.length} streams, ${durationSamples / SAMPLE_RATE} s`;
    return {
      file,
      kind: 'scenario',
      ok: true,
      problems: [],
      problemCount: 0,
      warnings: [],
      warningCount: 0,
      summary,
    };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const { problems } = error;
    return {
      file,
      kind: 'scenario',
      ok: false,
      problems: problems.slice(0, LISTED),
      problemCount: problems.length,
      warnings: [],
      warningCount: 0,
      summary: 'not a valid scenario',
    };
  }
}

/** Where a participant's audio was last. */
interface Track {
  relative: number;
  endSeconds: number;
}

async function validateCapture(file: string): Promise<ValidationReport> {
  const problems = new Findings();
  const warnings = new Findings();
  const tracks = new Map<string, Track>();
  const starts = new Map<string, number>();
  let events = 0;
  let frames = 0;
  let unknown = 0;
  for await (const { line, result } of readCapture(file)) {
    events++;
    if (result.kind === 'unknown') unknown++;
    if (result.kind === 'invalid') {
      for (const problem of result.problems)
        problems.add({ ...problem, location: { ...problem.location, file, line } });
    }
    if (result.kind !== 'event' || !isAudioSeparate(result.event)) continue;
    frames++;
    checkOrder(result.event, tracks, { file, line }, problems, warnings);
    checkStart(result.event, starts, { file, line }, warnings);
  }
  if (events === 0) {
    problems.add({
      code: 'empty_capture',
      message: 'There is no message in it.',
      hint: 'A capture has one message a line.',
      location: { file },
    });
  }
  return {
    file,
    kind: 'capture',
    ok: problems.count === 0,
    problems: problems.listed,
    problemCount: problems.count,
    warnings: warnings.listed,
    warningCount: warnings.count,
    summary: `${events} messages, ${frames} audio frames of ${tracks.size} participants, ${unknown} of unknown kind`,
  };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function checkOrder(
  event: AudioSeparateRawData,
  tracks: Map<string, Track>,
  place: Place,
  problems: Findings,
  warnings: Findings,
): void {
  const { participant, timestamp, buffer } = event.data.data;
  const { relative } = timestamp;
  const key = `${event.data.recording.id} ${participant.id}`;
  const endSeconds = relative + Buffer.byteLength(buffer, 'base64') / 2 / SAMPLE_RATE;
  const track = tracks.get(key);
  if (track === undefined) {
    tracks.set(key, { relative, endSeconds });
    return;
  }
  const location = { ...place, path: 'data.data.timestamp.relative' };
  if (relative <= track.relative) {
    problems.add({
      code: 'timestamp_order',
      message: `Participant ${participant.id}: relative ${relative} comes after ${track.relative}.`,
      hint: "A participant's timestamps increase strictly.",
      location,
    });
  } else if (relative < track.endSeconds - JITTER_SECONDS) {
    warnings.add({
      code: 'audio_overlap',
      message: `Participant ${participant.id}: audio at ${relative} begins ${Math.round((track.endSeconds - relative) * 1_000)} ms before the last frame ends.`,
      location,
    });
  }
  track.relative = Math.max(track.relative, relative);
  track.endSeconds = Math.max(track.endSeconds, endSeconds);
}

function checkStart(
  event: AudioSeparateRawData,
  starts: Map<string, number>,
  place: Place,
  warnings: Findings,
): void {
  const { relative, absolute } = event.data.data.timestamp;
  const start = (parseAbsolute(absolute) ?? 0) - relative * 1_000_000;
  const known = starts.get(event.data.recording.id);
  if (known === undefined) starts.set(event.data.recording.id, start);
  else if (Math.abs(start - known) > START_TOLERANCE_MICROS) {
    warnings.add({
      code: 'start_differs',
      message: `absolute - relative differs by ${Math.round((start - known) / 1_000)} ms from the first message's.`,
      location: { ...place, path: 'data.data.timestamp.absolute' },
    });
  }
}

class Findings {
  readonly listed: Problem[] = [];
  count = 0;

  add(problem: Problem): void {
    this.count++;
    if (this.listed.length < LISTED) this.listed.push(problem);
  }
}
