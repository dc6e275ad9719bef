/**
 * `play`: a meeting at a receiver, from scenario to report. Puts scenario, emulator and (with no receiver of the user's)
 * the embedded receiver together; everything it does is done by them. Prints nothing.
 */
import { keptSpeech } from './audio/shared-speech.ts';
import { diagnoseSession } from './diagnose/diagnose.ts';
import { MeetingEvents } from './emulator/events.ts';
import { readFaults } from './emulator/faults/read.ts';
import { AUDIO, ENDPOINT_EVENTS } from './emulator/ledger.ts';
import {
  checkPace,
  checkSendOptions,
  clockOf,
  type FaultOptions,
  type PaceOptions,
  sendSettings,
  type TargetOptions,
} from './emulator/options.ts';
import { Pacer } from './emulator/pacer.ts';
import { loadPictures } from './emulator/pictures.ts';
import type { ConnectionProbe } from './emulator/probe.ts';
import { type PlayReport, playReport, type ReceivedComparison } from './emulator/report.ts';
import { type LogLevel, Session } from './emulator/session.ts';
import { UsageError } from './errors.ts';
import { audioMixedEvent } from './protocol/audio-mixed.ts';
import { audioSeparateEvent } from './protocol/audio-separate.ts';
import { selectEvents } from './protocol/event-selection.ts';
import { eventEntry } from './protocol/events.ts';
import { createIds, type Ids } from './protocol/ids.ts';
import { SAMPLE_RATE } from './protocol/pcm.ts';
import { isMetadata, refFor } from './protocol/resource.ts';
import { videoSeparatePngEvent } from './protocol/video-separate-png.ts';
import { compareRecording } from './receiver/compare.ts';
import { type Receiver, startReceiver } from './receiver/receiver.ts';
import type { RecordingStats } from './receiver/stats.ts';
import { loadCapture } from './scenario/capture.ts';
import { type MeetingSource, openScenario } from './scenario/open.ts';
import type { Timeline } from './scenario/timeline.ts';
import { readTarget } from './target.ts';

/** As Recall's page on separate audio has it; anything else is asked for. */
const DEFAULT_EVENTS = [audioSeparateEvent.name];
/** What streams send; everything else belongs to the whole call. */
const OF_STREAMS: readonly string[] = [audioSeparateEvent.name, videoSeparatePngEvent.name];

/** Options of `play`. Seconds are meeting seconds unless they say otherwise. */
export interface PlayOptions extends TargetOptions, PaceOptions, FaultOptions {
  /** A scenario file or the name of a built-in one (`standup`), a scenario object or builder's result, or a compiled timeline. */
  readonly scenario?: MeetingSource | undefined;
  /** A capture (NDJSON of events) to replay instead of a scenario. */
  readonly capture?: string | undefined;
  /** `ws://` or `wss://` URL; path and query are dialled as they are. Without it the embedded receiver takes the meeting. */
  readonly to?: string | undefined;
  /** Folder for what the embedded receiver records; it has none with `to`. */
  readonly out?: string | undefined;
  /** Ids and generated audio derive from it. Default: the scenario's seed. */
  readonly seed?: number | undefined;
  /**
   * The events to send: names, families such as `participant_events.*`, or `all`. Default: the scenario's own `events`, else
   * separate audio alone. In the mode `per-participant`, all but separate audio go over one connection of their own.
   */
  readonly events?: readonly string[] | undefined;
  /** `bot.metadata` in every message. */
  readonly botMetadata?: Readonly<Record<string, string>> | undefined;
  /** `realtime_endpoint.metadata` in every message. */
  readonly endpointMetadata?: Readonly<Record<string, string>> | undefined;
  /** When the recording starts; default now. */
  readonly startTime?: Date | undefined;
  /** Pings each open connection regularly. */
  readonly probe?: ConnectionProbe | undefined;
  /** Ends the meeting early and cleanly. */
  readonly signal?: AbortSignal | undefined;
  /** The session, before it starts: for live displays. */
  readonly onSession?: ((session: Session) => void) | undefined;
  readonly onLog?: ((level: LogLevel, text: string) => void) | undefined;
}

/**
 * Plays a meeting and resolves with the account of every frame and event, also when the receiver failed (`ok` is false then).
 * Rejects with a `UsageError` or `InvalidInputError` for options and files that cannot be used, and with an `AudioError` for
 * audio that can no longer be read when its moment comes; every connection has closed by then.
 */
export async function play(options: PlayOptions = {}): Promise<PlayReport> {
  checkOptions(options);
  const timeline = await timelineOf(options);
  const receiver = options.to === undefined ? await startReceiver(receiverOptions(options)) : undefined;
  try {
    return await playTo(receiver, timeline, options);
  } finally {
    await receiver?.close();
  }
}

async function playTo(
  receiver: Receiver | undefined,
  timeline: Timeline,
  options: PlayOptions,
): Promise<PlayReport> {
  const ids = createIds(options.seed ?? timeline.seed);
  const selected = selectEvents(options.events ?? timeline.sends ?? DEFAULT_EVENTS);
  let companion: MeetingEvents | undefined;
  const settings = sendSettings(options);
  const session = new Session({
    timeline,
    endpoints: [
      {
        url: options.to === undefined ? receiver!.url : readTarget(options.to, 'websocket'),
        resource: refFor(ids, 'realtime_endpoint', options.endpointMetadata),
        headers: options.headers,
        secret: options.secret,
        events: selected,
      },
    ],
    pacer: new Pacer(clockOf(options)),
    ids,
    recording: refFor(ids, 'recording'),
    audioSeparate: refFor(ids, 'audio_separate'),
    video:
      selected.includes(videoSeparatePngEvent.name) && timeline.videos.length > 0
        ? { separate: refFor(ids, 'video_separate'), picture: await loadPictures() }
        : undefined,
    bot: refFor(ids, 'bot', options.botMetadata),
    startMicros: (options.startTime ?? new Date()).getTime() * 1_000,
    ...settings,
    connection: { ...settings.connection, probe: options.probe },
    faults: readFaults(options.faults),
    nowSeconds: () => Math.floor(Date.now() / 1_000),
    ...(selected.includes(audioMixedEvent.name) && {
      onFrame: (_participant: number, startSample: number, pcm: Int16Array) =>
        companion?.onFrame(startSample, pcm),
    }),
  });
  if (selected.some((name) => !OF_STREAMS.includes(name)))
    companion = meetingEvents(session, ids, selected, options);
  session.events.on('log', (level, text) => options.onLog?.(level, text));
  options.onSession?.(session);
  await session.play(options.signal, companion);
  const diagnoses = diagnoseSession(session);
  if (receiver === undefined) return playReport(session, { diagnoses });

  await receiver.close();
  const { invalid, recordings } = receiver.stats();
  const recording = recordings.find(({ id }) => id === session.options.recording.id);
  const outError = recording?.failure ?? undefined;
  return playReport(session, {
    out: receiver.dir,
    outError,
    diagnoses,
    receiverProblems: invalid,
    received:
      receiver.dir === undefined || outError !== undefined || !selected.includes(audioSeparateEvent.name)
        ? undefined
        : await compareReceived(session, recording),
  });
}

function meetingEvents(
  session: Session,
  ids: Ids,
  selected: readonly string[],
  { onLog }: PlayOptions,
): MeetingEvents {
  const refs = selected.map((name) => eventEntry(name)!.artifact.ref);
  return new MeetingEvents({
    session,
    artifacts: Object.fromEntries(refs.map((ref) => [ref, refFor(ids, ref)])),
    onWarning: (text) => onLog?.('warn', text),
  });
}

/** Whether what is received is held against what was sent. */
function isCompared({ to, out }: PlayOptions): boolean {
  return to === undefined && out !== undefined;
}

async function timelineOf(options: PlayOptions): Promise<Timeline> {
  const { scenario, capture, seed } = options;
  if (capture !== undefined) return loadCapture(capture);
  if (scenario === undefined) {
    throw new UsageError('no_scenario', 'There is nothing to play.', {
      hint: 'Give a scenario or a capture.',
    });
  }
  return (await openScenario(scenario, { seed, speech: isCompared(options) ? keptSpeech() : undefined }))
    .timeline;
}

function receiverOptions(options: PlayOptions): Parameters<typeof startReceiver>[0] {
  return {
    dir: options.out,
    // Ids come from the seed: the same meeting played again has the same folder.
    earlier: 'replace',
    secret: options.secret,
  };
}

async function compareReceived(
  session: Session,
  recording: RecordingStats | undefined,
): Promise<ReadonlyMap<number, ReceivedComparison>> {
  const { timeline, ledger } = session;
  const missing = new Map<number, { startSample: number; endSample: number }[]>();
  /** Whose audio may have been destroyed on its way: what should have been received is not known. */
  const doubtful = new Set<number>();
  for (const account of ledger.accounts) {
    if (account.participant === ENDPOINT_EVENTS || account.medium !== AUDIO) continue;
    const { id } = timeline.participants[account.participant]!;
    missing.set(id, [...(missing.get(id) ?? []), ...account.missing]);
    if (account.connection.sentInDoubt) doubtful.add(id);
  }
  // After an interrupt the rest of the meeting was never scheduled; comparing its silence would say nothing.
  const untilSample = session.interruptedSeconds === undefined ? undefined : session.scheduledUntil();
  const result = await compareRecording({ timeline, recording, missing, untilSample });
  return new Map(
    result.participants
      .filter(({ id }) => !doubtful.has(id))
      .map((each) => [
        each.id,
        {
          ok: each.differentSamples === 0,
          compared_samples: each.comparedSamples,
          different_samples: each.differentSamples,
          first_difference_s:
            each.firstDifferenceSample === null ? null : each.firstDifferenceSample / SAMPLE_RATE,
          file: each.file,
        },
      ]),
  );
}

function checkOptions(options: PlayOptions): void {
  const { to, startTime } = options;
  if (to !== undefined) readTarget(to, 'websocket');
  checkSendOptions(options);
  readFaults(options.faults);
  checkPace(options);
  if (options.events !== undefined) selectEvents(options.events);
  for (const name of ['botMetadata', 'endpointMetadata'] as const) {
    if (isMetadata(options[name] ?? {})) continue;
    throw new UsageError('invalid_metadata', `\`${name}\` is not an object of text.`, {
      hint: 'Give text by key, such as { team: "blue" }.',
    });
  }
  if (startTime !== undefined && Number.isNaN(startTime.getTime())) {
    throw new UsageError('invalid_start_time', '`startTime` is not a date.', {
      hint: 'Give a valid Date, or leave it out for now.',
    });
  }
}
