/**
 * What a trace file holds. It is the page (`web/trace`) with blocks behind it, each a script element that is no script: written one
 * after another while the run goes on, so that nothing has to be kept in memory, and what a killed process has written can be
 * looked at. Types alone: the writer and the page share them.
 */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { AbsoluteFormat } from '../protocol/absolute.ts';
import type { Participant } from '../protocol/participant.ts';
import type { ResourceRef } from '../protocol/resource.ts';

/**
 * - `meeting`: a `TraceMeeting`, before everything else of it.
 * - `rows`: `TraceRow`s, as JSON.
 * - `frames`: what `FrameWriter.take` gives.
 * - `peaks`: the loudest sample of each 20 ms, as `SoundTracks` writes them.
 * - `sound`: ADPCM; whose it is and where it stands is told by the element.
 *
 * All but `sound` is deflated; everything is base64.
 */
export type BlockKind = 'meeting' | 'rows' | 'frames' | 'peaks' | 'sound';

/** What the messages of a meeting have in common, and what it was. */
export interface TraceMeeting {
  readonly title: string;
  /** Under the title: a scenario, a case, a file. */
  readonly subtitle: string;
  /** Of what was received nobody knows what was lost. */
  readonly kind: 'sent' | 'received';
  readonly mode: 'per-participant' | 'per-endpoint' | null;
  readonly recording: ResourceRef;
  readonly audioSeparate: ResourceRef | null;
  /** As in messages: undefined where they have none. */
  readonly bot?: ResourceRef | null | undefined;
  readonly startMicros: number;
  readonly absoluteFormat: AbsoluteFormat;
  readonly endpoints: readonly TraceEndpoint[];
}

interface TraceEndpoint {
  /** Without tokens. */
  readonly url: string;
  readonly resource: ResourceRef;
  readonly events: readonly string[];
}

/** Something that happened, `at` seconds after the recording had started. What comes later of the same number replaces it. */
export type TraceRow =
  | { readonly kind: 'stream'; readonly at: number; readonly participant: number; readonly as: Participant }
  | { readonly kind: 'mute'; readonly at: number; readonly participant: number }
  | ({ readonly kind: 'connection' } & TraceConnection)
  | ({ readonly kind: 'account' } & TraceAccount)
  | TraceEvent
  | { readonly kind: 'log'; readonly at: number; readonly level: string; readonly text: string }
  | TraceCall
  | ({ readonly kind: 'end' } & TraceEnd);

/** A participant's frames of one medium on one connection, or the events on it. */
export interface TraceAccount {
  readonly number: number;
  /** Place of the participant; -1 for events of the whole call. */
  readonly participant: number;
  readonly connection: number;
  readonly medium: string;
}

/** One WebSocket. */
export interface TraceConnection {
  readonly number: number;
  readonly endpoint: number;
  readonly opened: number | null;
  readonly closed: number | null;
  readonly code: number | null;
  readonly reason: string | null;
  readonly endedBy: 'emulator' | 'receiver' | null;
  readonly error: string | null;
  readonly refused: readonly { readonly at: number; readonly text: string }[];
}

/** A message that is no frame. Long base64 is left out of it. */
interface TraceEvent {
  readonly kind: 'event';
  readonly at: number;
  readonly event: string;
  readonly connection: number;
  readonly json: unknown;
}

/** A request to the API, or a webhook. `id` tells which: it is written again when more is known. */
export interface TraceCall {
  readonly kind: 'request' | 'webhook';
  readonly at: number;
  readonly id: string;
  readonly title: string;
  /** HTTP status; null for none. */
  readonly status: number | null;
  readonly ok: boolean;
  readonly json: unknown;
}

/** What it came to. */
export interface TraceEnd {
  readonly at: number;
  readonly ok: boolean | null;
  readonly verdict: string;
  readonly frames: { readonly scheduled: number; readonly sent: number; readonly dropped: number } | null;
  readonly diagnoses: readonly Pick<Diagnosis, 'text' | 'evidence' | 'remedy'>[];
  /** From a position on there is no sound: the file would be too large. */
  readonly soundUntil: number | null;
  /** What `check` found: a `MeetingReport` with the lines that are about it. */
  readonly checked?: { readonly meeting: unknown; readonly lines: unknown } | undefined;
}
