/** Plays one meeting of a case at a receiver: as a session, or step by step where the case changes what goes over the wire. */
import { diagnoseSession } from '../diagnose/diagnose.ts';
import { type Account, AUDIO, ENDPOINT_EVENTS } from '../emulator/ledger.ts';
import type { TargetOptions } from '../emulator/options.ts';
import { scriptOf, scriptResources } from '../emulator/script.ts';
import { playScript } from '../emulator/script-player.ts';
import type { Session } from '../emulator/session.ts';
import { play } from '../play.ts';
import { audioSeparateEvent } from '../protocol/audio-separate.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { compileScenario } from '../scenario/compile.ts';
import type { Timeline } from '../scenario/timeline.ts';
import { type Range, sentOf } from './oracle/sent.ts';
import { withCaseVoices } from './oracle/voice.ts';
import { PingWatch } from './ping-watch.ts';
import { filledUrl, type Place } from './place.ts';
import { ScriptLog } from './script-log.ts';
import type { CaseMeeting, CaseSetting, PlayedMeeting } from './seen.ts';

/** One meeting of one case. */
export interface MeetingContext {
  readonly caseId: string;
  readonly meeting: CaseMeeting;
  readonly setting: CaseSetting;
  /** Ids, voices and names derive from it. */
  readonly seed: number;
  /** 1 is real time. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Before anything is sent of it. */
  readonly onBegin: (recordingId: string) => void;
  readonly onSession: (session: Session) => void;
}

/** A way of playing: at a URL, or by way of an app that makes its bots at our mock of Recall's API. */
export interface Player {
  play(context: MeetingContext): Promise<PlayedMeeting>;
  /** Why it cannot play this, as the end of a sentence; undefined when it can. */
  cannot?(meeting: CaseMeeting): string | undefined;
}

/** How long a case waits for what would be retried for a minute and a half: enough to see a refusal that lasts. */
export const RETRIES = { retryAttempts: 2, retryIntervalSeconds: 1 } as const;
/** Meeting seconds. */
const DOUBT_MARGIN_SECONDS = 1;
/** Wall seconds. */
export const TIMEOUTS = { handshakeTimeoutSeconds: 5, closeTimeoutSeconds: 2 } as const;
/** Wall seconds, too, however fast the meeting goes: a busy machine takes its time for an upgrade. */
export const CONNECT_GRACE_SECONDS = 5;

/** `placeOf`: where meetings are played at the moment. */
export function directPlayer(placeOf: () => Place): Player {
  let number = 0;
  return {
    async play(context) {
      const { url, ...place } = placeOf();
      const botId = scriptResources(context.seed).bot.id;
      const there = { ...place, url: filledUrl(url, { botId, number: ++number }) };
      const timeline = await caseTimeline(context);
      return context.meeting.script === undefined
        ? playSession(timeline, context, there)
        : playSteps(timeline, context, there);
    },
  };
}

/** The meeting of a case, with voices that tell whose they are and where they stand. */
export async function caseTimeline({ meeting, seed }: MeetingContext): Promise<Timeline> {
  return withCaseVoices(await compileScenario(meeting.scenario, { seed }));
}

/** What arrived, by a session's ledger. `leftEarly`: what had not fallen due was not sent either. */
export function sentBy(session: Session, leftEarly = false): PlayedMeeting['sent'] {
  const missing = new Map<number, Range[]>();
  const until = leftEarly ? session.scheduledUntil() : undefined;
  for (const { id } of until === undefined ? [] : session.timeline.participants)
    missing.set(id, [{ start: until!.get(id) ?? 0, end: session.timeline.durationSamples }]);
  for (const account of session.ledger.accounts) {
    if (account.participant === ENDPOINT_EVENTS || account.medium !== AUDIO) continue;
    const { id } = session.timeline.participants[account.participant]!;
    const ranges = account.missing.map(({ startSample, endSample }) => ({
      start: startSample,
      end: endSample,
    }));
    missing.set(id, [...(missing.get(id) ?? []), ...ranges, ...doubtfulOf(account, session.timeline)]);
  }
  return sentOf(session.timeline, missing);
}

/** A reset may have destroyed what was sent before it: nobody can be blamed for not having it. */
function doubtfulOf({ connection, sent }: Account, { durationSamples }: Timeline): Range[] {
  const { sentInDoubt, openedSeconds, closedSeconds } = connection;
  if (!sentInDoubt || sent === 0) return [];
  // Audio may have waited for the connection.
  const start = Math.max(0, Math.floor(((openedSeconds ?? 0) - DOUBT_MARGIN_SECONDS) * SAMPLE_RATE));
  const end = closedSeconds === null ? durationSamples : Math.ceil(closedSeconds * SAMPLE_RATE);
  return [{ start, end: Math.min(end, durationSamples) }];
}

function targetOf({ meeting }: MeetingContext, place: Place): TargetOptions & { url: string } {
  const { credentials = {} } = meeting;
  return {
    url: credentials.url?.(place.url) ?? place.url,
    headers: { ...place.headers, ...credentials.headers?.() },
    secret: 'secret' in credentials ? credentials.secret : place.secret,
    insecure: place.insecure,
    tolerateInvalidFrames: place.tolerateInvalidFrames,
    ...TIMEOUTS,
  };
}

/** Where a late pong is the receiver's doing: in real time, and over connections that are whole. */
export function isPinged({ pings, faults, speed: own }: CaseMeeting, speed: number): boolean {
  return pings === true || (speed === 1 && faults === undefined && own === undefined);
}

async function playSession(
  timeline: Timeline,
  context: MeetingContext,
  place: Place,
): Promise<PlayedMeeting> {
  const { meeting, setting, seed, speed, signal, onBegin, onSession } = context;
  const { url, ...target } = targetOf(context, place);
  const watch = isPinged(meeting, speed) ? new PingWatch(speed) : undefined;
  let session: Session | undefined;
  const beganMs = performance.now();
  const report = await play({
    ...target,
    ...RETRIES,
    connectGraceSeconds: CONNECT_GRACE_SECONDS * speed,
    ...meeting.send,
    to: url,
    scenario: timeline,
    seed,
    speed: meeting.speed ?? speed,
    signal,
    probe: watch?.probe,
    connections: setting.connections,
    faults: meeting.faults,
    events: [audioSeparateEvent.name, ...(meeting.events ?? [])],
    botMetadata: { ...place.botMetadata, ...meeting.botMetadata },
    endpointMetadata: meeting.endpointMetadata,
    onSession: (made) => {
      session = made;
      onBegin(made.options.recording.id);
      onSession(made);
    },
  }).finally(() => watch?.end());
  const tookSeconds = (performance.now() - beganMs) / 1_000;
  const pings = watch?.seen;
  return {
    plan: meeting,
    timeline,
    recordingId: report.recording_id,
    botId: session!.options.bot?.id ?? '',
    speed: meeting.speed === undefined ? speed : report.duration_s / tookSeconds,
    startedMs: session!.startMicros / 1_000,
    session,
    report,
    script: undefined,
    sent: sentBy(session!),
    pings,
    // Faster than life a pong tells how fast the receiver is, and not what blocks it.
    diagnoses: diagnoseSession(session!, speed === 1 && pings !== undefined ? { pings } : {}),
  };
}

async function playSteps(timeline: Timeline, context: MeetingContext, place: Place): Promise<PlayedMeeting> {
  const { meeting, setting, seed, speed, signal, onBegin } = context;
  const { frameMs, absoluteFormat } = meeting.send ?? {};
  const resources = scriptResources(seed);
  const steps = scriptOf(timeline, {
    mode: setting.connections,
    frameMs: typeof frameMs === 'number' ? [frameMs] : frameMs,
    absoluteFormat,
    seed,
    startTime: new Date(),
    botMetadata: { ...place.botMetadata, ...meeting.botMetadata },
  });
  const startedMs = Date.now();
  onBegin(resources.recording.id);
  const scriptLog = new ScriptLog();
  const script = await playScript(scriptLog.noted(meeting.script!(steps)), {
    ...targetOf(context, place),
    speed,
    signal,
  });
  return {
    plan: meeting,
    timeline,
    recordingId: resources.recording.id,
    botId: resources.bot.id,
    speed,
    startedMs,
    session: undefined,
    report: undefined,
    script,
    scriptLog,
    sent: sentOf(timeline),
    diagnoses: [],
  };
}
