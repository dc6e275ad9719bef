/**
 * What a run comes to: the account of the ledger as one plain object, and the verdict. The object is the CLI's `--json`;
 * its schema is published. Prints nothing.
 */
import { z } from 'zod';
import { publishedSchema } from '../protocol/json-schema.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { VIDEO_TYPES } from '../protocol/video-separate-png.ts';
import { redactTarget } from '../target.ts';
import { countOf, enumerated } from '../words.ts';
import {
  connectionEntry,
  connectionSchema,
  count,
  countsOf,
  droppedSchema,
  injectedOf,
  latenessOf,
  latenessSchema,
  timedEntry,
} from './account-report.ts';
import { type Diagnosis, diagnosisSchema } from './diagnosis.ts';
import { type Failures, FailureTally, failuresSchema, lostWhileDisconnected } from './failure-tally.ts';
import { type Account, AUDIO, type DropReason, ENDPOINT_EVENTS } from './ledger.ts';
import type { Session } from './session.ts';

const comparisonSchema = z.strictObject({
  ok: z.boolean(),
  compared_samples: count,
  different_samples: count,
  first_difference_s: z.number().nullable(),
  file: z.string().nullable(),
});

const videoSchema = z
  .strictObject({
    type: z.enum(VIDEO_TYPES),
    scheduled: count,
    sent: count,
    dropped: droppedSchema,
    connections: z.array(connectionSchema),
  })
  .describe('Pictures of a camera or a shared screen');

/** The `--json` output of `play`. `scheduled = sent + dropped.total`, here and in every connection. */
export const playReportSchema = z.strictObject({
  ok: z.boolean().describe('Every frame and event that fell due was sent, and nothing else went wrong'),
  verdict: z.string(),
  interrupted: z.boolean(),
  recording_id: z.string(),
  duration_s: z.number().describe('Length of the meeting'),
  scheduled: count,
  sent: count,
  injected: count.describe('Messages that faults sent beside the frames'),
  dropped: droppedSchema,
  events: z
    .strictObject({
      scheduled: count,
      sent: count,
      dropped: droppedSchema,
      connections: z.array(connectionSchema.omit({ lateness_ms: true })),
    })
    .describe('Messages of the whole endpoint: every event but separate audio'),
  lateness_ms: latenessSchema,
  video: z
    .strictObject({ scheduled: count, sent: count, dropped: droppedSchema, lateness_ms: latenessSchema })
    .nullable()
    .describe('Pictures, which no other figure counts; null when none fell due'),
  endpoints: z.array(
    z.strictObject({ id: z.string(), url: z.string(), status: z.enum(['running', 'done', 'failed']) }),
  ),
  failures: failuresSchema,
  diagnoses: z
    .array(diagnosisSchema)
    .describe("Why it went wrong, in the receiver's terms; empty when nothing did"),
  participants: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string().nullable(),
      scheduled: count,
      sent: count,
      dropped: droppedSchema,
      connections: z.array(connectionSchema),
      video: z.array(videoSchema).describe('Cameras and shared screens of which pictures fell due'),
      received: comparisonSchema
        .nullable()
        .describe('Received samples against sent ones; embedded receiver only'),
    }),
  ),
  out: z.string().nullable().describe('Folder that the embedded receiver wrote'),
  out_error: z
    .string()
    .nullable()
    .describe('Why the embedded receiver stopped writing; its files are not compared then'),
});

export type PlayReport = z.infer<typeof playReportSchema>;

/** How a participant's received audio compares with what was sent; from the embedded receiver. */
export type ReceivedComparison = z.infer<typeof comparisonSchema>;

/** JSON Schema of the report. */
export function playReportJsonSchema(): unknown {
  return publishedSchema('play-report', playReportSchema);
}

/** What went, and what was lost. */
type Delivery = Pick<PlayReport, 'scheduled' | 'sent' | 'dropped' | 'events' | 'video'>;

/** The account of a session that has ended. */
export function playReport(
  session: Session,
  extras: {
    readonly out?: string | undefined;
    readonly received?: ReadonlyMap<number, ReceivedComparison> | undefined;
    readonly receiverProblems?: number | undefined;
    /** Why the embedded receiver stopped writing. */
    readonly outError?: string | undefined;
    readonly diagnoses?: readonly Diagnosis[] | undefined;
  } = {},
): PlayReport {
  const { ledger, timeline, endpoints } = session;
  const eventAccounts = ledger.accounts.filter(({ participant }) => participant === ENDPOINT_EVENTS);
  const streamAccounts = ledger.accounts.filter(({ participant }) => participant !== ENDPOINT_EVENTS);
  const frameAccounts = streamAccounts.filter(({ medium }) => medium === AUDIO);
  const videoAccounts = streamAccounts.filter(({ medium }) => medium !== AUDIO);
  const byParticipant = groupByParticipant(frameAccounts, session);
  const videoByParticipant = groupByParticipant(videoAccounts, session);
  const participants = session.participants.map((participant, index) => {
    const accounts = byParticipant[index]!;
    return {
      id: participant.id,
      name: participant.name,
      ...countsOf(accounts),
      connections: accounts.map(timedEntry),
      video: videoEntries(videoByParticipant[index]!),
      received: extras.received?.get(participant.id) ?? null,
    };
  });
  const report = {
    interrupted: session.interruptedSeconds !== undefined,
    recording_id: session.options.recording.id,
    duration_s: timeline.durationSamples / SAMPLE_RATE,
    ...countsOf(frameAccounts),
    injected: injectedOf(streamAccounts),
    events: { ...countsOf(eventAccounts), connections: eventAccounts.map(connectionEntry) },
    lateness_ms: latenessOf(frameAccounts),
    video:
      videoAccounts.length === 0
        ? null
        : { ...countsOf(videoAccounts), lateness_ms: latenessOf(videoAccounts) },
    endpoints: endpoints.map(({ resource, url, status }) => ({
      id: resource.id,
      url: redactTarget(url),
      status,
    })),
    failures: failuresOf(session),
    diagnoses: [...(extras.diagnoses ?? [])],
    participants,
    out: extras.out ?? null,
    out_error: extras.outError ?? null,
  };
  return { ...judge(report, session, othersOf(extras.receiverProblems, report)), ...report };
}

function groupByParticipant(accounts: readonly Account[], session: Session): Account[][] {
  const groups = session.participants.map((): Account[] => []);
  for (const account of accounts) groups[account.participant]?.push(account);
  return groups;
}

function videoEntries(accounts: readonly Account[]): PlayReport['participants'][number]['video'] {
  return VIDEO_TYPES.flatMap((type) => {
    const own = accounts.filter(({ medium }) => medium.name === type);
    if (own.length === 0) return [];
    const connections = own.map(timedEntry);
    return [{ type, ...countsOf(own), connections }];
  });
}

function failuresOf({ ledger }: Session): Failures {
  const tally = new FailureTally();
  for (const { error } of ledger.connections) if (error !== null) tally.note(error, 0, 1);
  for (const { causes } of ledger.accounts)
    for (const [cause, frames] of causes) tally.note(cause, frames, 0);
  return tally.failures;
}

function judge(
  report: Omit<PlayReport, 'ok' | 'verdict'>,
  session: Session,
  receiverProblems: number,
): { ok: boolean; verdict: string } {
  const faults = endpointFaults(report, session);
  const slow = lost(report, 'slow_receiver');
  if (slow !== undefined) faults.push(`${slow} dropped because the receiver did not keep up`);
  const opened = session.ledger.connections.filter((record) => record.openedSeconds !== null).length;
  if (opened === 0 && session.ledger.connections.length > 0 && faults.length === 0 && !report.interrupted)
    faults.push(report.failures[0]?.text ?? 'no connection was opened');
  const different = report.participants.filter((participant) => participant.received?.ok === false);
  if (different.length > 0)
    faults.push(`received audio differs from sent audio for ${participantsOf(different)}`);
  if (report.out_error !== null)
    faults.push(`what arrived could not be kept and was not compared: ${report.out_error}`);
  if (receiverProblems > 0)
    faults.push(`the receiver found ${countOf(receiverProblems, 'problem')} in the messages`);

  const where = report.interrupted ? `Interrupted after ${session.interruptedSeconds!.toFixed(1)} s: ` : '';
  if (faults.length > 0)
    return { ok: false, verdict: `${where}${deliveredOf(report)} delivered: ${faults.join('; ')}.` };
  return {
    ok: true,
    verdict: `${where}${deliveredOf(report)} delivered over ${countOf(opened, 'connection')}${plannedOf(report)}${comparedOf(report)}.`,
  };
}

/** What went wrong because somebody asked for it. */
function plannedOf(report: Omit<PlayReport, 'ok' | 'verdict'>): string {
  const reconnecting = lost(report, 'reconnecting');
  const onDemand = lost(report, 'on_demand');
  const byFaults = lost(report, 'fault');
  const doubt = inDoubt(report);
  return [
    reconnecting === undefined ? '' : `, ${reconnecting} left out in the reconnects asked for`,
    onDemand === undefined ? '' : `, ${onDemand} left out in the losses asked for`,
    byFaults === undefined ? '' : `, ${byFaults} lost to the faults asked for`,
    report.injected > 0 ? `, and ${countOf(report.injected, 'message')} injected by them` : '',
    doubt === undefined
      ? ''
      : `; up to ${doubt} in doubt: a reset destroys what the receiver has not read, and it had not answered a ping`,
  ].join('');
}

/** What is known of the received audio. Nobody can say what should have come over a connection that is in doubt. */
function comparedOf({ participants, out }: Pick<PlayReport, 'participants' | 'out'>): string {
  const equal = participants.some(({ received }) => received !== null)
    ? '; received audio equals sent audio'
    : '';
  const doubtful = participants.filter(({ connections }) => doubtIn(connections) > 0);
  if (out === null || doubtful.length === 0) return equal;
  return `${equal}; not compared for ${participantsOf(doubtful)}`;
}

/** `participant 100, participant 200` */
function participantsOf(participants: readonly { readonly id: number }[]): string {
  return participants.map(({ id }) => `participant ${id}`).join(', ');
}

/** A receiver that finds fault with what a fault injected is right. */
function othersOf(problems = 0, { injected }: Pick<PlayReport, 'injected'>): number {
  return Math.max(0, problems - injected);
}

/** `90 of 90 frames and 12 of 12 events`: of what fell due, and frames when nothing did. */
function deliveredOf({ scheduled, sent, events, video }: Delivery): string {
  const parts = [
    scheduled === 0 ? [] : [`${sent} of ${scheduled} frames`],
    video === null ? [] : [`${video.sent} of ${video.scheduled} pictures`],
    events.scheduled === 0 ? [] : [`${events.sent} of ${events.scheduled} events`],
  ].flat();
  return parts.length === 0 ? '0 of 0 frames' : enumerated(parts);
}

/** `3 frames and 1 event`; undefined when nothing was lost for this reason. */
function lost({ dropped, events, video }: Delivery, reason: DropReason): string | undefined {
  return counted(dropped[reason], video?.dropped[reason] ?? 0, events.dropped[reason]);
}

/** The same for what was sent and may be destroyed. */
function inDoubt({ participants, events }: Pick<PlayReport, 'participants' | 'events'>): string | undefined {
  return counted(
    doubtIn(participants.flatMap(({ connections }) => connections)),
    doubtIn(participants.flatMap(({ video }) => video.flatMap(({ connections }) => connections))),
    doubtIn(events.connections),
  );
}

function doubtIn(connections: readonly { readonly in_doubt: number }[]): number {
  return connections.reduce((sum, { in_doubt }) => sum + in_doubt, 0);
}

/** Undefined when all of them are 0. */
function counted(frames: number, pictures: number, events: number): string | undefined {
  const parts = [
    frames === 0 ? [] : [countOf(frames, 'frame')],
    pictures === 0 ? [] : [countOf(pictures, 'picture')],
    events === 0 ? [] : [countOf(events, 'event')],
  ].flat();
  return parts.length === 0 ? undefined : enumerated(parts);
}

/** What went wrong between us and the receiver: always with its reason. */
function endpointFaults(report: Omit<PlayReport, 'ok' | 'verdict'>, session: Session): string[] {
  const { failures } = report;
  const disconnected = lost(report, 'disconnected');
  const faults: string[] = [];
  const told = new Set<string>();
  for (const { failure } of session.endpoints) {
    if (failure === undefined) continue;
    told.add(failure.text);
    faults.push(`the endpoint failed: ${failure.text}`);
  }
  const broken = failures.find(({ code }) => code === 'invalid_frames' || code === 'invalid_message');
  if (disconnected === undefined) {
    // Even where nothing was lost, a receiver whose frames are none will lose audio at another time.
    if (broken !== undefined && !told.has(broken.text)) faults.push(broken.text);
    return faults;
  }
  faults.push(lostWhileDisconnected(disconnected, failures, told));
  return faults;
}
