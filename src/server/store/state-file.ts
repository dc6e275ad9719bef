/** What a bot's file in the data folder has to look like before anything is done with it. Unknown fields pass. */
import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { plainText } from '../../plain-text.ts';
import { BOT_STATUSES } from '../../protocol/rest/bot-status.ts';
import { SDK_UPLOAD_CODES } from '../../protocol/rest/sdk-upload.ts';
import { ARTIFACT_KINDS, type BotState } from './records.ts';

const date = z.iso.datetime();
const metadata = z.record(z.string(), z.string().nullable());
/** Ids and file names become paths. */
const id = z.uuid();
const file = z.string().regex(/^[\w-]+\.raw$/);
const samples = z.number().min(0);
const status = z.looseObject({ code: z.string(), sub_code: z.string().nullable(), updated_at: date });
const timestamp = z.looseObject({ absolute: z.string(), relative: z.number() });
const participant = z.looseObject({ id: z.int(), name: z.string().nullable() });
const word = z.looseObject({ text: z.string() });

const content = z.looseObject({
  participants: z.array(participant),
  participantEvents: z.array(z.looseObject({ action: z.string(), participant, timestamp })),
  speakerTimeline: z.array(z.looseObject({ participant, start_timestamp: timestamp })),
  transcript: z.array(z.looseObject({ participant, words: z.array(word) })),
  audioParts: z.array(z.looseObject({ id, participant, startSample: samples, samples, file })),
  mixedSamples: samples,
  title: z.string().nullable(),
});

const stateSchema = z.looseObject({
  bot: z.looseObject({
    id,
    createdAt: date,
    workspace: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    meetingUrl: z.looseObject({ platform: z.string() }),
    request: z.looseObject({ meeting_url: z.string() }),
    statusChanges: z.array(
      z.looseObject({
        code: z.enum(BOT_STATUSES),
        message: z.string(),
        created_at: date,
        sub_code: z.string(),
      }),
    ),
    recordingIds: z.array(id),
    scenario: z.string(),
    sdkUpload: z
      .looseObject({ uploadToken: z.string(), status: status.extend({ code: z.enum(SDK_UPLOAD_CODES) }) })
      .optional(),
  }),
  recordings: z.array(
    z.looseObject({
      id,
      botId: id,
      createdAt: date,
      startedAt: date,
      startMicros: z.number(),
      completedAt: date.nullable(),
      expiresAt: date.nullable(),
      status,
      metadata,
      realtimeEndpointIds: z.array(id),
      artifactIds: z.partialRecord(z.enum(ARTIFACT_KINDS), id),
      content,
    }),
  ),
  artifacts: z.array(
    z.looseObject({ id, kind: z.enum(ARTIFACT_KINDS), recordingId: id, createdAt: date, status, metadata }),
  ),
  realtimeEndpoints: z.array(
    z.looseObject({
      id,
      recordingId: id,
      createdAt: date,
      type: z.string(),
      url: z.string(),
      events: z.array(z.string()),
      metadata,
      status,
    }),
  ),
});

/** The state in a file, or what is wrong with it in half a sentence. `botId` is the name of its folder. */
export function readState(text: string, botId: string): BotState | { readonly problem: string } {
  const parsed = parseJson(text);
  if (!parsed.ok) return { problem: plainText(`cannot be read (${parsed.problem.message})`) };
  return checkState(parsed.value, botId);
}

/** The same of what has been parsed; any bot when `botId` is left out. */
export function checkState(value: unknown, botId?: string): BotState | { readonly problem: string } {
  const result = stateSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return {
      problem: plainText(`has another shape: ${issue?.path.map(String).join('.')}: ${issue?.message}`),
    };
  }
  const state = result.data as unknown as BotState;
  if (botId !== undefined && state.bot.id !== botId) return { problem: 'is that of another bot' };
  const known = new Set(state.recordings.map((recording) => recording.id));
  const strays = [...state.artifacts, ...state.realtimeEndpoints].some(
    ({ recordingId }) => !known.has(recordingId),
  );
  if (strays || state.recordings.some((recording) => recording.botId !== state.bot.id))
    return { problem: 'names recordings that it does not have' };
  return state;
}
