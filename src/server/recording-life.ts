/**
 * One recording of a bot from its first status to its last: makes its records (recording, real-time endpoints, media
 * objects), runs it, and tells every change by webhook. What happens in the meeting is `RecordingRun`'s.
 */
import { type Failure, failure } from '../emulator/failure.ts';
import { Session } from '../emulator/session.ts';
import type { ResourceRef } from '../protocol/resource.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { BotContext } from './context.ts';
import { separateAudio } from './platforms.ts';
import { RecordingFiles } from './recording-files.ts';
import { RecordingRun } from './recording-run.ts';
import {
  type ArtifactKind,
  type ArtifactRecord,
  type ArtifactStatus,
  type BotState,
  emptyContent,
  eventMetadata,
  type Metadata,
  type RealtimeEndpointRecord,
  type RecordingRecord,
  type RecordingStatus,
} from './records.ts';
import type { RecordingConfig } from './requests.ts';

const AUDIO_EVENT = 'audio_separate_raw.data';
const HOUR_MS = 3_600_000;
/** "Data retention": a week unless asked for otherwise. */
const DEFAULT_RETENTION_HOURS = 168;

/** Seconds between live connections that may be refused on demand. */
export interface Refusal {
  /** Clock time until which dials fail. */
  readonly untilMs: number;
}

export class RecordingLife {
  readonly record: RecordingRecord;
  readonly run: RecordingRun;
  /** Dials fail until then, on demand of the control API. */
  refuse: Refusal | undefined;
  /** Resolves when the last connection has closed. */
  closed: Promise<void> = Promise.resolve();
  readonly #context: BotContext;
  readonly #state: BotState;
  readonly #websockets: readonly RealtimeEndpointRecord[];
  readonly #webhooks: readonly RealtimeEndpointRecord[];
  #started = false;
  #complete = false;

  constructor(
    context: BotContext,
    state: BotState,
    timeline: Timeline,
    number: number,
    hooks: { onAttendance(): void },
  ) {
    this.#context = context;
    this.#state = state;
    const { bot } = state;
    const config: RecordingConfig = bot.request.recording_config ?? {};
    const audio = separateAudio(bot.meetingUrl.platform, bot.request, context.docs);
    const id = context.ids.uuid(`recording ${bot.id} ${number}`);
    const startMs = context.calendar.nowMs();
    const now = context.calendar.now();
    const endpoints = this.#makeEndpoints(config, id, now);
    this.record = {
      id,
      botId: bot.id,
      createdAt: now,
      startedAt: now,
      startMicros: Math.round(startMs * 1_000),
      completedAt: null,
      expiresAt: expiry(config, startMs),
      status: this.#statusNow('processing'),
      metadata: config.metadata ?? {},
      realtimeEndpointIds: endpoints.map((endpoint) => endpoint.id),
      artifactIds: {},
      content: emptyContent(timeline.title ?? null),
    };
    bot.recordingIds.push(id);
    state.recordings.push(this.record);
    state.realtimeEndpoints.push(...endpoints);
    const artifacts = this.#makeArtifacts(config, now);
    if (!audio.supported && artifacts.audio_separate !== undefined) {
      artifacts.audio_separate.status = this.#statusNow('failed', audio.subCode);
      context.activity.add('warning', `audio_separate failed: ${audio.why}`, { botId: bot.id });
    }
    this.#websockets = endpoints.filter(({ type }) => type === 'websocket');
    this.#webhooks = endpoints.filter(({ type }) => type === 'webhook');

    const refs = {
      bot: { id: bot.id, metadata: eventMetadata(bot.request.metadata) },
      recording: refOf(this.record),
      audioSeparate: artifacts.audio_separate && refOf(artifacts.audio_separate),
    };
    const streams = audio.supported && artifacts.audio_separate !== undefined;
    const files = new RecordingFiles(context.dirOf(bot.id, id), this.record.content, (part) =>
      context.ids.uuid(`part ${id} ${part}`),
    );
    const session = new Session({
      timeline,
      endpoints: this.#websockets.map((endpoint) => ({
        url: context.targetOf(endpoint.url),
        resource: refOf(endpoint),
        secret: context.secret,
        events: streams ? endpoint.events : endpoint.events.filter((event) => event !== AUDIO_EVENT),
      })),
      pacer: context.pacer,
      ids: context.ids,
      recording: refs.recording,
      audioSeparate: refs.audioSeparate ?? refs.recording,
      bot: refs.bot,
      startMicros: this.record.startMicros,
      absoluteFormat: context.absoluteFormat,
      mode: context.mode,
      frameMs: context.frameMs,
      connection: context.connection,
      nowSeconds: () => Math.floor(Date.now() / 1_000),
      onFrame: (participant, startSample, pcm) => this.run.onFrame(participant, startSample, pcm),
      admits: (participant) => this.run.admits(participant),
      onEndpointStatus: (index, status) => this.#setEndpointStatus(this.#websockets[index]!, status),
      refusal: (index) => this.#refusal(context.targetOf(this.#websockets[index]!.url)),
    });
    session.events.on('log', (level, text) => {
      if (level !== 'debug')
        context.activity.add(level === 'warn' ? 'warning' : 'connection', text, { botId: bot.id });
    });
    this.run = new RecordingRun({
      session,
      content: this.record.content,
      files,
      ids: context.ids,
      bot: refs.bot,
      recording: refs.recording,
      participantEvents: artifacts.participant_events && refOf(artifacts.participant_events),
      transcript: artifacts.transcript && refOf(artifacts.transcript),
      audioMixed: artifacts.audio_mixed && refOf(artifacts.audio_mixed),
      audioSeparate: streams,
      maxStreams: audio.supported ? audio.maxStreams : 0,
      startMicros: this.record.startMicros,
      absoluteFormat: context.absoluteFormat,
      frameMs: context.frameMs,
      send: (event, message) => this.#sendToWebhooks(event, message),
      onChange: () => context.store.changed(bot.id),
      onActivity: (text, data) => context.activity.add('participant', text, { botId: bot.id, data }),
      onAttendance: () => {
        if (this.#started) hooks.onAttendance();
      },
    });
  }

  start(): void {
    this.#tellRecording();
    for (const artifact of this.#artifacts()) this.#tellArtifact(artifact);
    for (const endpoint of [...this.#websockets, ...this.#webhooks]) this.#tellEndpoint(endpoint);
    this.run.start();
    this.#started = true;
  }

  pause(): void {
    this.run.pause();
    this.#setRecordingStatus('paused');
  }

  resume(): void {
    this.run.resume();
    this.#setRecordingStatus('processing');
  }

  /** The recording ends now; its media is done `doneSeconds` after its last frame. */
  end(doneSeconds: number, onDone: () => void = () => {}): void {
    const { pacer, clock, calendar } = this.#context;
    this.record.completedAt = calendar.now();
    this.#finish = () => {
      this.#finish = undefined;
      cancel();
      this.#done();
      onDone();
    };
    let cancel = (): void => {};
    this.closed = this.run.end(() => {
      this.#complete = true;
      cancel = pacer.at(clock.now() + doneSeconds * 1_000, () => this.#finish?.());
    });
  }

  #finish: (() => void) | undefined;

  /** What is under way ends at once. Resolves when the connections have closed. */
  async abort(): Promise<void> {
    if (this.#finish === undefined && this.record.completedAt === null) {
      this.end(0);
    }
    this.run.session.abort();
    await this.closed;
    if (this.#complete) this.#finish?.();
  }

  /** Without waiting any longer for the media to be done. */
  async finished(): Promise<void> {
    await this.closed;
    this.#finish?.();
  }

  #done(): void {
    for (const endpoint of this.#webhooks)
      if (endpoint.status.code === 'running') this.#setEndpointStatus(endpoint, 'done');
    for (const artifact of this.#artifacts()) {
      if (artifact.status.code !== 'processing') continue;
      artifact.status = this.#statusNow<ArtifactStatus>('done');
      this.#tellArtifact(artifact);
    }
    this.#setRecordingStatus('done');
  }

  #makeEndpoints(config: RecordingConfig, recordingId: string, now: string): RealtimeEndpointRecord[] {
    return (config.realtime_endpoints ?? []).map((endpoint, index) => ({
      id: this.#context.ids.uuid(`realtime_endpoint ${recordingId} ${index}`),
      recordingId,
      createdAt: now,
      type: endpoint.type,
      url: endpoint.url ?? '',
      events: endpoint.events ?? [],
      metadata: endpoint.metadata ?? {},
      status: this.#statusNow('running'),
    }));
  }

  #makeArtifacts(config: RecordingConfig, now: string): Partial<Record<ArtifactKind, ArtifactRecord>> {
    const artifacts: Partial<Record<ArtifactKind, ArtifactRecord>> = {};
    const make = (
      kind: ArtifactKind,
      asked: { readonly metadata?: Metadata | undefined } | null | undefined,
      more: Partial<ArtifactRecord> = {},
    ): void => {
      if (asked == null) return;
      const artifact: ArtifactRecord = {
        id: this.#context.ids.uuid(`${kind} ${this.record.id}`),
        kind,
        recordingId: this.record.id,
        createdAt: now,
        status: this.#statusNow('processing'),
        metadata: asked.metadata ?? {},
        ...more,
      };
      artifacts[kind] = artifact;
      this.record.artifactIds[kind] = artifact.id;
      this.#state.artifacts.push(artifact);
    };
    make('audio_separate', config.audio_separate_raw);
    make('audio_mixed', config.audio_mixed_raw);
    // These two are made unless a bot does not want them: null is not the same as left out.
    make('participant_events', config.participant_events === undefined ? {} : config.participant_events);
    make('meeting_metadata', config.meeting_metadata === undefined ? {} : config.meeting_metadata);
    make('transcript', config.transcript, {
      provider: config.transcript?.provider,
      diarization: config.transcript?.diarization,
    });
    return artifacts;
  }

  #artifacts(): ArtifactRecord[] {
    return this.#state.artifacts.filter(({ recordingId }) => recordingId === this.record.id);
  }

  #refusal(url: string): Failure | undefined {
    if (!this.#context.mayDial(url))
      return failure('target_not_allowed', `${hostOf(url)} is not allowed: name it with --allow-target`);
    if (this.refuse !== undefined && this.#context.clock.now() < this.refuse.untilMs)
      return failure('refused_on_demand', 'connection refused on demand');
    return undefined;
  }

  #sendToWebhooks(event: string, message: (endpoint: ResourceRef) => unknown): void {
    for (const endpoint of this.#webhooks) {
      if (endpoint.status.code !== 'running' || !endpoint.events.includes(event)) continue;
      const body = message(refOf(endpoint)) as { event: string; data: unknown };
      this.#context.webhooks.realtime(
        this.#context.targetOf(endpoint.url),
        this.#state.bot.id,
        body,
        (delivered) => {
          if (!delivered && endpoint.status.code === 'running') this.#setEndpointStatus(endpoint, 'failed');
        },
      );
    }
  }

  #setRecordingStatus(code: RecordingStatus): void {
    this.record.status = this.#statusNow(code);
    this.#tellRecording();
  }

  #setEndpointStatus(endpoint: RealtimeEndpointRecord, code: 'running' | 'done' | 'failed'): void {
    endpoint.status = this.#statusNow(code);
    this.#tellEndpoint(endpoint);
  }

  #tellRecording(): void {
    const { status } = this.record;
    this.#context.activity.add('recording', `recording ${status.code}`, this.#about({ code: status.code }));
    this.#tell(`recording.${status.code}`, status, {});
  }

  #tellArtifact(artifact: ArtifactRecord): void {
    this.#context.activity.add(
      'artifact',
      `${artifact.kind} ${artifact.status.code}`,
      this.#about({ kind: artifact.kind, id: artifact.id, code: artifact.status.code }),
    );
    this.#tell(`${artifact.kind}.${artifact.status.code}`, artifact.status, {
      [artifact.kind]: refOf(artifact),
    });
  }

  #tellEndpoint(endpoint: RealtimeEndpointRecord): void {
    const { code } = endpoint.status;
    this.#context.activity.add(
      'realtime_endpoint',
      `realtime_endpoint ${code}`,
      this.#about({ id: endpoint.id, code }),
    );
    const error = {
      code: 'DELIVERY_FAILED',
      message: 'The endpoint could not be reached after the last retry.',
    };
    this.#tell(
      `realtime_endpoint.${code}`,
      code === 'failed' ? { ...endpoint.status, error } : endpoint.status,
      {
        realtime_endpoint: refOf(endpoint),
      },
    );
  }

  #tell(event: string, data: object, more: Readonly<Record<string, ResourceRef>>): void {
    const { bot } = this.#state;
    this.#context.store.changed(bot.id);
    this.#context.webhooks.status(bot.id, {
      event,
      data: {
        data: { ...data, updated_at: this.#context.calendar.nowInEvents() },
        ...more,
        recording: refOf(this.record),
        bot: { id: bot.id, metadata: eventMetadata(bot.request.metadata) },
      },
    });
  }

  #about(data: Readonly<Record<string, unknown>>): {
    botId: string;
    data: Readonly<Record<string, unknown>>;
  } {
    return { botId: this.#state.bot.id, data: { recording_id: this.record.id, ...data } };
  }

  #statusNow<Code extends string>(code: Code, subCode: string | null = null) {
    return { code, sub_code: subCode, updated_at: this.#context.calendar.now() };
  }
}

function refOf(record: { readonly id: string; readonly metadata: Metadata }): ResourceRef {
  return { id: record.id, metadata: eventMetadata(record.metadata) };
}

/** When the media goes; null for never. */
function expiry(config: RecordingConfig, startMs: number): string | null {
  const { retention } = config;
  if (retention?.type === 'forever') return null;
  const hours =
    retention?.type === 'timed' ? (retention.hours ?? DEFAULT_RETENTION_HOURS) : DEFAULT_RETENTION_HOURS;
  return new Date(Math.min(8.64e15, startMs + hours * HOUR_MS)).toISOString();
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
