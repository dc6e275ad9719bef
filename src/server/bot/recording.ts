/**
 * One recording of a bot from its first status to its last: makes its records (recording, real-time endpoints, media
 * objects), runs it, and tells every change by webhook. What happens in the meeting is `Meeting`'s.
 */
import { diagnoseSession } from '../../diagnose/diagnose.ts';
import type { PacerGroup } from '../../emulator/pacer.ts';
import { type PlayReport, playReport } from '../../emulator/report.ts';
import { Session } from '../../emulator/session.ts';
import { packContent } from '../store/packed-content.ts';
import { RecordingFiles } from '../store/recording-files.ts';
import {
  type ArtifactRecord,
  type ArtifactStatus,
  type BotState,
  eventRefOf,
  type RecordingRecord,
  type RecordingStatus,
} from '../store/records.ts';
import { isHeard, ownVoice } from './bot-voice.ts';
import { modeOf } from './connection-mode.ts';
import type { BotContext } from './context.ts';
import { Meeting, type MeetingOptions } from './meeting.ts';
import { separateAudio } from './platforms.ts';
import { lastProviderPart } from './provider-data.ts';
import { RealtimeEndpoints } from './realtime-endpoints.ts';
import { ContentKeeper } from './recording-content.ts';
import { AUDIO_ARTIFACTS, type RecordingFailure, recordingFailure } from './recording-failure.ts';
import { RecordingNews } from './recording-news.ts';
import { filmKeepsMix, picturesRef, type RecordingRecords, recordsOf } from './recording-records.ts';
import type { ChosenMeeting } from './scenarios.ts';
import { tellConnections } from './session-log.ts';
import { botRefOf } from './status-webhook.ts';
import { type Totals, totalsOf } from './totals.ts';

const AUDIO_EVENT = 'audio_separate_raw.data';

/** What is left of a recording that is over: enough for lists and summaries. */
interface Remains {
  readonly report: PlayReport;
  readonly totals: Totals;
}

/** What is recorded. */
export type RecordedMeeting = Pick<ChosenMeeting, 'timeline' | 'drawPictures' | 'greeting'>;

export interface RecordingHooks {
  /** Somebody came or left. */
  onAttendance(): void;
  /** The recording cannot go on: it ends as `failed`. */
  onFailure(failure: RecordingFailure): void;
}

export class Recording {
  readonly record: RecordingRecord;
  readonly endpoints: RealtimeEndpoints;
  /** Resolves when the last connection has closed. */
  closed: Promise<void> = Promise.resolve();
  readonly #context: BotContext;
  readonly #state: BotState;
  readonly #news: RecordingNews;
  /** What comes after the session's own tasks have ended. */
  readonly #tasks: PacerGroup;
  /** The meeting with its audio and connections; freed when all of it is over. */
  #meeting: Meeting | undefined;
  #remains: Remains | undefined;
  #files: RecordingFiles | undefined;
  #started = false;
  #complete = false;
  #done = false;
  #connectionsClosed = false;
  #elapsedSeconds: number | undefined;
  #failure: RecordingFailure | undefined;
  readonly #calls: { name: string; atSeconds: number }[] = [];

  constructor(
    context: BotContext,
    state: BotState,
    meeting: RecordedMeeting,
    number: number,
    hooks: RecordingHooks,
  ) {
    this.#context = context;
    this.#state = state;
    const { bot } = state;
    const audio = separateAudio(bot.meetingUrl.platform, bot.request, context.docs);
    const { record, endpoints, artifacts } = recordsOf(context, bot, number, meeting.timeline.title);
    this.record = record;
    this.#news = new RecordingNews(context, bot, record);
    this.#tasks = context.pacer.group({
      onError: (error) => this.#news.warning(`defect: ${(error as Error).stack ?? String(error)}`),
    });
    bot.recordingIds.push(record.id);
    state.recordings.push(record);
    state.realtimeEndpoints.push(...endpoints);
    state.artifacts.push(...Object.values(artifacts));
    if (!audio.supported && artifacts.audio_separate !== undefined) {
      artifacts.audio_separate.status = this.#statusNow('failed', audio.subCode);
      context.activity.add('warning', `audio_separate failed: ${audio.why}`, { botId: bot.id });
    }
    this.endpoints = new RealtimeEndpoints(context, this.#news, bot, endpoints);
    this.#files = new RecordingFiles(
      context.dirOf(bot.id, record.id),
      this.record.content,
      (part) => context.ids.uuid(`part ${record.id} ${part}`),
      (error) => this.#onError(error, hooks),
    );
    const streams = audio.supported && artifacts.audio_separate !== undefined;
    const session = this.#makeSession(meeting, artifacts, streams, hooks);
    const maxStreams = audio.supported ? audio.maxStreams : 0;
    const voice = ownVoice(bot.request, meeting.greeting);
    this.#meeting = this.#makeMeeting(session, artifacts, { streams, maxStreams, voice }, hooks);
  }

  // What is made here has functions of its own: those of the constructor, which live as long as the record, share all that any
  // of them names, and would keep the meeting and its audio.
  #makeSession(
    { timeline, drawPictures }: RecordedMeeting,
    artifacts: RecordingRecords['artifacts'],
    streams: boolean,
    hooks: RecordingHooks,
  ): Session {
    const context = this.#context;
    const { endpoints } = this;
    const { bot } = this.#state;
    const shortestFrameMs = Math.min(...context.frameMs);
    const session = new Session({
      timeline,
      endpoints: endpoints.websockets.map((endpoint) => ({
        url: context.targetOf(endpoint.url),
        resource: eventRefOf(endpoint),
        secret: bot.sdkUpload === undefined ? context.secret : undefined, // an SDK signs nothing
        events: streams ? endpoint.events : endpoint.events.filter((event) => event !== AUDIO_EVENT),
      })),
      pacer: context.pacer,
      ids: context.ids,
      recording: eventRefOf(this.record),
      audioSeparate: eventRefOf(artifacts.audio_separate ?? this.record),
      video: drawPictures && { separate: picturesRef(context, bot, this.record), picture: drawPictures },
      bot: botRefOf(bot),
      startMicros: this.record.startMicros,
      absoluteFormat: context.absoluteFormat,
      mode: modeOf(bot.request) ?? context.mode,
      frameMs: context.frameMs,
      connection: context.connection,
      faults: context.faults,
      nowSeconds: () => Math.floor(Date.now() / 1_000),
      onFrame: (participant, startSample, pcm) => {
        // Participants are spread over a frame's length, which is no lateness.
        context.realTime.note(session.timeOfSample(startSample + pcm.length) + shortestFrameMs);
        this.#meeting?.onFrame(participant, startSample, pcm);
      },
      admits: (participant) => this.meeting.admits(participant),
      onError: (error) => this.#onError(error, hooks),
      onEndpointStatus: (index, status) => endpoints.setStatus(endpoints.websockets[index]!, status),
      refusal: (index) => endpoints.refusal(endpoints.websockets[index]!),
    });
    tellConnections(session, context.activity, bot.id);
    context.onSession?.(session);
    return session;
  }

  #makeMeeting(
    session: Session,
    artifacts: RecordingRecords['artifacts'],
    { streams, ...given }: { readonly streams: boolean } & Pick<MeetingOptions, 'maxStreams' | 'voice'>,
    hooks: RecordingHooks,
  ): Meeting {
    const context = this.#context;
    const { bot } = this.#state;
    const keeper = new ContentKeeper(this.record.content, context.ids, this.record.id);
    const onChange = (): void => context.store.changed(bot.id);
    return new Meeting({
      session,
      files: this.#files!,
      artifacts: Object.fromEntries(
        Object.values(artifacts).map((artifact) => [artifact.kind, eventRefOf(artifact)]),
      ),
      audioSeparate: streams,
      ...given,
      mixedFrameMs: context.mixedFrameMs,
      keepsMix: filmKeepsMix(bot, artifacts, streams),
      sendElsewhere: (event, message) => this.endpoints.sendToWebhooks(event, message),
      onParticipantEvent: (event, participant, timestamp, data) => {
        keeper.participantEvent(event, participant, timestamp, data);
        onChange();
      },
      onTranscript: (participant, words) => {
        keeper.transcript(participant, words);
        onChange();
      },
      providerData: () => lastProviderPart(context.ids, bot, this.record),
      onChange,
      onWarning: (text) => context.activity.add('warning', text, { botId: bot.id }),
      onActivity: (text, data) => context.activity.add('participant', text, { botId: bot.id, data }),
      onAttendance: () => void (this.#started && hooks.onAttendance()),
    });
  }

  /** Whether anybody but the bot itself has been there. */
  get othersCame(): boolean {
    return this.record.content.participants.length > (isHeard(this.#state.bot.request) ? 1 : 0);
  }

  /** Throws once the recording is over. */
  get meeting(): Meeting {
    if (this.#meeting === undefined) throw new Error('the recording is over');
    return this.#meeting;
  }

  /** Seconds into the recording; its length when it is over. */
  get elapsedSeconds(): number {
    return this.#elapsedSeconds ?? this.meeting.session.elapsedSeconds;
  }

  /** Whether something of ours, not the receiver, ended it. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** The ledger, as `play --json` prints it. */
  report(): PlayReport {
    return this.#remains?.report ?? this.#reportOf(this.meeting.session);
  }

  #reportOf(session: Session): PlayReport {
    return playReport(session, { diagnoses: diagnoseSession(session, { calls: this.#calls }) });
  }

  /** The app has told the bot to leave: for diagnoses. */
  noteLeave(): void {
    this.#calls.push({ name: 'leave_call', atSeconds: this.elapsedSeconds });
  }

  totals(): Totals {
    return this.#remains?.totals ?? totalsOf(this.meeting.session.ledger);
  }

  start(): void {
    this.#news.recording();
    for (const artifact of this.#artifacts()) this.#news.artifact(artifact);
    this.endpoints.start();
    this.meeting.start();
    this.#started = true;
  }

  pause(): void {
    this.meeting.pause();
    this.#setRecordingStatus('paused');
  }

  resume(): void {
    this.meeting.resume();
    this.#setRecordingStatus('processing');
  }

  /** The recording ends now; its media is done `doneSeconds` after its last frame. */
  end(doneSeconds: number, onDone: () => void = () => {}): void {
    const { clock, calendar } = this.#context;
    this.record.completedAt = calendar.now();
    this.#elapsedSeconds = this.meeting.session.elapsedSeconds;
    this.#finish = () => {
      this.#finish = undefined;
      cancel();
      this.#tellDone();
      onDone();
      this.#done = true;
      this.#free();
    };
    let cancel = (): void => {};
    this.closed = this.meeting
      .end(() => {
        this.#complete = true;
        cancel = this.#tasks.at(clock.now() + doneSeconds * 1_000, () => this.#finish?.());
      })
      .then(() => {
        this.#connectionsClosed = true;
        this.#free();
      });
  }

  #finish: (() => void) | undefined;

  /** What is under way ends at once. Resolves when the connections have closed. */
  async abort(): Promise<void> {
    if (this.#finish === undefined && this.record.completedAt === null) this.end(0);
    this.#meeting?.session.abort();
    await this.closed;
    if (this.#complete) this.#finish?.();
    // In a stopped clock the last frames never come: what has been kept by then is kept.
    else this.#files?.close();
  }

  /** Without waiting any longer for the media to be done. */
  async finished(): Promise<void> {
    await this.closed;
    this.#finish?.();
  }

  #tellDone(): void {
    this.endpoints.done();
    for (const artifact of this.#artifacts()) {
      if (artifact.status.code !== 'processing') continue;
      const failed = this.#failure !== undefined && AUDIO_ARTIFACTS.includes(artifact.kind);
      artifact.status = this.#statusNow<ArtifactStatus>(
        failed ? 'failed' : 'done',
        failed ? this.#failure?.code : null,
      );
      this.#news.artifact(artifact);
    }
    if (this.#failure === undefined) this.#setRecordingStatus('done');
    else this.#setRecordingStatus('failed', this.#failure.code);
  }

  /** Samples, sockets and histograms go; a server plays thousands of meetings. */
  #free(): void {
    if (!this.#done || !this.#connectionsClosed || this.#meeting === undefined) return;
    const { session } = this.#meeting;
    this.#remains = { report: this.#reportOf(session), totals: totalsOf(session.ledger) };
    this.#meeting = undefined;
    this.#files = undefined;
    void packContent(this.record);
  }

  /**
   * The disk, an audio file that is gone, or a defect. Called in the middle of a frame: what follows from it comes in a turn of
   * its own.
   */
  #onError(error: unknown, hooks: RecordingHooks): void {
    if (this.#failure !== undefined) return;
    const failure = recordingFailure(error);
    this.#failure = failure;
    this.#news.warning(`the recording ends: ${failure.log}`);
    this.#tasks.at(this.#context.clock.now(), () => hooks.onFailure(failure));
  }

  #artifacts(): ArtifactRecord[] {
    return this.#state.artifacts.filter(({ recordingId }) => recordingId === this.record.id);
  }

  #setRecordingStatus(code: RecordingStatus, subCode: string | null = null): void {
    this.record.status = this.#statusNow(code, subCode);
    this.#news.recording();
  }

  #statusNow<Code extends string>(code: Code, subCode: string | null = null) {
    return { code, sub_code: subCode, updated_at: this.#context.calendar.now() };
  }
}
