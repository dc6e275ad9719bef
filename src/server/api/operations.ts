/**
 * The operations of the REST API: for each its route, what it takes and answers, and what it does. Routing, faults and the
 * OpenAPI document are made of this table; nothing here knows of HTTP beyond a status.
 */
import { z } from 'zod';
import { BOT_STATUSES, OTHER_BOT_STATUSES } from '../../protocol/rest/bot-status.ts';
import {
  createBotSchema,
  createTranscriptSchema,
  outputAudioSchema,
  sendChatMessageSchema,
  updateBotSchema,
  updateMetadataSchema,
} from '../../protocol/rest/requests.ts';
import {
  artifactSchemas,
  botSchema,
  cursorSchema,
  pageSchema,
  realtimeEndpointSchema,
  recordingSchema,
} from '../../protocol/rest/responses.ts';
import { WorkspaceError } from '../bot/workspace.ts';
import type {
  ArtifactKind,
  ArtifactRecord,
  BotRecord,
  RealtimeEndpointRecord,
  RecordingRecord,
} from '../store/records.ts';
import { ARTIFACT_KINDS, statusOf } from '../store/records.ts';
import { byCursor, byPage, dateOf, filtered, hasMetadata } from './lists.ts';
import type { DateFilters, Operation, OperationRequest } from './operation.ts';

/** All that the vendor's filter takes, though bots of ours join fewer. */
const PLATFORMS = [
  'zoom',
  'zoom_rtms',
  'google_meet',
  'google_meet_media_api',
  'microsoft_teams',
  'microsoft_teams_live',
  'webex',
  'goto_meeting',
  'chime_sdk',
  'slack_authenticator',
  'slack_huddle_observer',
];

function notFound(): WorkspaceError {
  return new WorkspaceError(404, 'not_found', 'Not found.');
}

function botOf({ workspace, params }: OperationRequest): BotRecord {
  const bot = workspace.context.store.state(params.id ?? '')?.bot;
  if (bot === undefined) throw notFound();
  return bot;
}

/** Filters that every list by cursor has. */
const CURSOR_FILTERS = [
  'recording_id',
  'status_code',
  'created_at_after',
  'created_at_before',
  'cursor',
] as const;

function listByCursor<Item extends { readonly id: string; readonly createdAt: string }>(
  request: OperationRequest,
  items: readonly Item[],
  of: {
    recordingId(item: Item): string;
    status(item: Item): string;
    metadata(item: Item): BotRecord['request']['metadata'];
  },
  answer: (item: Item) => unknown,
): { status: 200; body: unknown } {
  const { query, url } = request;
  const range = dateRange(query, 'created_at');
  const matching = filtered(items, query, {
    recording_id: (item, values) => values.includes(of.recordingId(item)),
    status_code: (item, values) => values.includes(of.status(item)),
  }).filter((item) => within(item.createdAt, range) && hasMetadata(of.metadata(item), query));
  const page = byCursor(matching, query, url);
  return { status: 200, body: { ...page, results: page.results.map(answer) } };
}

function dateRange(query: OperationRequest['query'], field: string): DateFilters {
  return { after: dateOf(query, `${field}_after`), before: dateOf(query, `${field}_before`) };
}

function within(date: string | null | undefined, { after, before }: DateFilters): boolean {
  if (after === undefined && before === undefined) return true;
  if (date == null) return false;
  const at = Date.parse(date);
  return (after === undefined || at >= after) && (before === undefined || at <= before);
}

/** What a bot is told while it is in a call; the answer is the bot. */
function command(
  id: string,
  path: string,
  summary: string,
  run: (request: OperationRequest, bot: BotRecord) => void | Promise<void>,
  body?: z.ZodType,
): Operation {
  return {
    id,
    method: 'POST',
    path: `/api/v1/bot/{id}/${path}/`,
    tag: 'Bot',
    summary,
    body,
    answers: { 200: botSchema },
    async handle(request) {
      const bot = botOf(request);
      await run(request, bot);
      return { status: 200, body: request.serializer.bot(bot) };
    },
  };
}

const botOperations: readonly Operation[] = [
  {
    id: 'create_bot',
    method: 'POST',
    path: '/api/v1/bot/',
    tag: 'Bot',
    summary: 'Create a bot: it joins the meeting now, or at join_at',
    body: createBotSchema,
    answers: { 201: botSchema },
    async handle({ workspace, body, serializer }) {
      const bot = await workspace.createBot(body as z.infer<typeof createBotSchema>);
      return { status: 201, body: serializer.bot(bot) };
    },
  },
  {
    id: 'list_bots',
    method: 'GET',
    path: '/api/v1/bot/',
    tag: 'Bot',
    summary: 'List bots, newest first',
    query: ['join_at_after', 'join_at_before', 'meeting_url', 'platform', 'status', 'page'],
    choices: { platform: PLATFORMS, status: [...BOT_STATUSES, ...OTHER_BOT_STATUSES] },
    answers: { 200: pageSchema(botSchema) },
    handle({ workspace, query, url, serializer }) {
      const range = dateRange(query, 'join_at');
      const bots = filtered(workspace.context.store.bots(), query, {
        meeting_url: (bot, values) => values.includes(bot.request.meeting_url),
        platform: (bot, values) => values.includes(bot.meetingUrl.platform),
        status: (bot, values) => values.includes(statusOf(bot)),
      }).filter((bot) => within(bot.request.join_at, range) && hasMetadata(bot.request.metadata, query));
      const page = byPage(bots, query, url);
      return { status: 200, body: { ...page, results: page.results.map((bot) => serializer.bot(bot)) } };
    },
  },
  {
    id: 'retrieve_bot',
    method: 'GET',
    path: '/api/v1/bot/{id}/',
    tag: 'Bot',
    summary: 'Retrieve a bot',
    answers: { 200: botSchema },
    handle: (request) => ({ status: 200, body: request.serializer.bot(botOf(request)) }),
  },
  {
    id: 'update_bot',
    method: 'PATCH',
    path: '/api/v1/bot/{id}/',
    tag: 'Bot',
    summary: 'Change a scheduled bot',
    body: updateBotSchema,
    answers: { 200: botSchema },
    async handle(request) {
      const bot = botOf(request);
      await request.workspace.updateBot(bot, request.body as z.infer<typeof updateBotSchema>);
      return { status: 200, body: request.serializer.bot(bot) };
    },
  },
  {
    id: 'delete_bot',
    method: 'DELETE',
    path: '/api/v1/bot/{id}/',
    tag: 'Bot',
    summary: 'Delete a scheduled bot',
    answers: { 204: undefined },
    handle(request) {
      request.workspace.deleteBot(botOf(request));
      return { status: 204 };
    },
  },
  command('leave_call', 'leave_call', 'Leave the call', ({ workspace }, bot) =>
    workspace.command(bot).leave(),
  ),
  command('start_recording', 'start_recording', 'Start recording', ({ workspace }, bot) =>
    workspace.command(bot).startRecording(),
  ),
  command('stop_recording', 'stop_recording', 'Stop recording and stay in the call', ({ workspace }, bot) =>
    workspace.command(bot).stopRecording(),
  ),
  command('pause_recording', 'pause_recording', 'Pause the recording', ({ workspace }, bot) =>
    workspace.command(bot).pauseRecording(),
  ),
  command('resume_recording', 'resume_recording', 'Resume the recording', ({ workspace }, bot) =>
    workspace.command(bot).resumeRecording(),
  ),
  command('delete_media', 'delete_media', 'Delete what the bot recorded', ({ workspace }, bot) =>
    workspace.deleteMedia(bot),
  ),
  command(
    'send_chat_message',
    'send_chat_message',
    'Send a chat message into the meeting',
    ({ workspace, body }, bot) => {
      workspace.command(bot).checkCommand();
      const { message, to = 'everyone' } = body as z.infer<typeof sendChatMessageSchema>;
      workspace.context.activity.add('bot', `chat to ${to}: ${message.slice(0, 200)}`, {
        botId: bot.id,
        data: { message, to },
      });
    },
    sendChatMessageSchema,
  ),
  command(
    'output_audio',
    'output_audio',
    'Play audio into the meeting; it is accepted, and nobody hears it',
    ({ workspace, body }, bot) => {
      workspace.command(bot).checkCommand();
      const { b64_data } = body as z.infer<typeof outputAudioSchema>;
      workspace.context.activity.add('bot', `output audio, ${Math.floor((b64_data.length * 3) / 4)} bytes`, {
        botId: bot.id,
      });
    },
    outputAudioSchema,
  ),
];

function recordingOf({ workspace, params }: OperationRequest): RecordingRecord {
  const recording = workspace.context.store.recording(params.id ?? '');
  if (recording === undefined) throw notFound();
  return recording;
}

const recordingOperations: readonly Operation[] = [
  {
    id: 'list_recordings',
    method: 'GET',
    path: '/api/v1/recording/',
    tag: 'Recording',
    summary: 'List recordings, newest first',
    query: ['bot_id', 'status_code', 'created_at_after', 'created_at_before', 'cursor'],
    answers: { 200: cursorSchema(recordingSchema) },
    handle(request) {
      const { workspace, query, serializer } = request;
      const recordings = filtered(workspace.context.store.recordings(), query, {
        bot_id: (recording, values) => values.includes(recording.botId),
      });
      return listByCursor(
        request,
        recordings,
        {
          recordingId: ({ id }) => id,
          status: ({ status }) => status.code,
          metadata: ({ metadata }) => metadata,
        },
        (recording) => serializer.recording(recording),
      );
    },
  },
  {
    id: 'retrieve_recording',
    method: 'GET',
    path: '/api/v1/recording/{id}/',
    tag: 'Recording',
    summary: 'Retrieve a recording',
    answers: { 200: recordingSchema },
    handle: (request) => ({ status: 200, body: request.serializer.recording(recordingOf(request)) }),
  },
  {
    id: 'update_recording',
    method: 'PATCH',
    path: '/api/v1/recording/{id}/',
    tag: 'Recording',
    summary: "Change a recording's metadata",
    body: updateMetadataSchema,
    answers: { 200: recordingSchema },
    handle(request) {
      const recording = recordingOf(request);
      recording.metadata =
        (request.body as z.infer<typeof updateMetadataSchema>).metadata ?? recording.metadata;
      request.workspace.context.store.changed(recording.botId);
      return { status: 200, body: request.serializer.recording(recording) };
    },
  },
  {
    id: 'delete_recording',
    method: 'DELETE',
    path: '/api/v1/recording/{id}/',
    tag: 'Recording',
    summary: 'Delete a recording and its media',
    answers: { 204: undefined },
    async handle(request) {
      await request.workspace.deleteRecording(recordingOf(request));
      return { status: 204 };
    },
  },
  {
    id: 'create_transcript',
    method: 'POST',
    path: '/api/v1/recording/{id}/create_transcript/',
    tag: 'Recording',
    summary: 'Make a transcript of a recording',
    body: createTranscriptSchema,
    answers: { 200: artifactSchemas.transcript },
    handle(request) {
      const asked = request.body as z.infer<typeof createTranscriptSchema>;
      const artifact = request.workspace.createTranscript(recordingOf(request), asked);
      return { status: 200, body: request.serializer.artifact(artifact) };
    },
  },
];

const ARTIFACT_TITLES: Readonly<Record<ArtifactKind, string>> = {
  audio_separate: 'separate audio',
  audio_mixed: 'mixed audio',
  participant_events: 'participant events',
  transcript: 'transcript',
  meeting_metadata: 'meeting metadata',
};

function artifactOperations(kind: ArtifactKind): readonly Operation[] {
  const path = `/api/v1/${kind}/`;
  const title = ARTIFACT_TITLES[kind];
  const schema = artifactSchemas[kind];
  const artifactOf = ({ workspace, params }: OperationRequest): ArtifactRecord => {
    const artifact = workspace.context.store.artifact(params.id ?? '');
    if (artifact?.kind !== kind) throw notFound();
    return artifact;
  };
  return [
    {
      id: `list_${kind}`,
      method: 'GET',
      path,
      tag: 'Media',
      summary: `List ${title} objects, newest first`,
      query: [...CURSOR_FILTERS],
      answers: { 200: cursorSchema(schema) },
      handle: (request) =>
        listByCursor(
          request,
          request.workspace.context.store.artifacts(kind),
          {
            recordingId: ({ recordingId }) => recordingId,
            status: ({ status }) => status.code,
            metadata: ({ metadata }) => metadata,
          },
          (artifact) => request.serializer.artifact(artifact),
        ),
    },
    {
      id: `retrieve_${kind}`,
      method: 'GET',
      path: `${path}{id}/`,
      tag: 'Media',
      summary: `Retrieve a ${title} object`,
      answers: { 200: schema },
      handle: (request) => ({ status: 200, body: request.serializer.artifact(artifactOf(request)) }),
    },
    {
      id: `update_${kind}`,
      method: 'PATCH',
      path: `${path}{id}/`,
      tag: 'Media',
      summary: `Change the metadata of a ${title} object`,
      body: updateMetadataSchema,
      answers: { 200: schema },
      handle(request) {
        const artifact = artifactOf(request);
        artifact.metadata =
          (request.body as z.infer<typeof updateMetadataSchema>).metadata ?? artifact.metadata;
        const { store } = request.workspace.context;
        store.changed(store.recording(artifact.recordingId)!.botId);
        return { status: 200, body: request.serializer.artifact(artifact) };
      },
    },
    {
      id: `delete_${kind}`,
      method: 'DELETE',
      path: `${path}{id}/`,
      tag: 'Media',
      summary: `Delete a ${title} object`,
      answers: { 204: undefined },
      handle(request) {
        request.workspace.deleteArtifact(artifactOf(request));
        return { status: 204 };
      },
    },
  ];
}

const endpointOperations: readonly Operation[] = [
  {
    id: 'list_realtime_endpoint',
    method: 'GET',
    path: '/api/v1/realtime_endpoint/',
    tag: 'Real-time endpoint',
    summary: 'List real-time endpoints, newest first',
    query: [...CURSOR_FILTERS],
    answers: { 200: cursorSchema(realtimeEndpointSchema) },
    handle: (request) =>
      listByCursor(
        request,
        request.workspace.context.store.endpoints(),
        {
          recordingId: ({ recordingId }) => recordingId,
          status: ({ status }) => status.code,
          metadata: ({ metadata }) => metadata,
        },
        (endpoint: RealtimeEndpointRecord) => request.serializer.endpoint(endpoint),
      ),
  },
  {
    id: 'retrieve_realtime_endpoint',
    method: 'GET',
    path: '/api/v1/realtime_endpoint/{id}/',
    tag: 'Real-time endpoint',
    summary: 'Retrieve a real-time endpoint',
    answers: { 200: realtimeEndpointSchema },
    handle({ workspace, params, serializer }) {
      const endpoint = workspace.context.store.endpoint(params.id ?? '');
      if (endpoint === undefined) throw notFound();
      return { status: 200, body: serializer.endpoint(endpoint) };
    },
  },
];

/** Video is not emulated: there is none, and clients that look for it see that. */
const videoOperations: readonly Operation[] = ['video_mixed', 'video_separate'].flatMap(
  (kind): Operation[] => [
    {
      id: `list_${kind}`,
      method: 'GET',
      path: `/api/v1/${kind}/`,
      tag: 'Media',
      summary: 'Always empty: video is not emulated',
      query: [...CURSOR_FILTERS],
      answers: { 200: cursorSchema(z.looseObject({})) },
      handle: () => ({ status: 200, body: { next: null, previous: null, results: [] } }),
    },
  ],
);

/** All of them, in the order of the documentation. */
export const OPERATIONS: readonly Operation[] = [
  ...botOperations,
  ...recordingOperations,
  ...ARTIFACT_KINDS.flatMap(artifactOperations),
  ...videoOperations,
  ...endpointOperations,
];

export const OPERATION_IDS: readonly string[] = OPERATIONS.map(({ id }) => id);
