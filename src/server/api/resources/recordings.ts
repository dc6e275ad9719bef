/** `recording`: what a bot has recorded. */

import { cursorSchema } from '../../../protocol/rest/lists.ts';
import { artifactSchemas, createTranscriptSchema } from '../../../protocol/rest/media.ts';
import { recordingSchema } from '../../../protocol/rest/recording.ts';
import { updateMetadataSchema } from '../../../protocol/rest/shapes.ts';
import type { RecordingRecord } from '../../store/records.ts';
import { checkIds, filtered, listByCursor } from '../lists.ts';
import { type Operation, type OperationRequest, operation } from '../operation.ts';

const PATH = '/api/v1/recording/';
const tag = 'Recording';

function recordingOf({ workspace, params }: OperationRequest): RecordingRecord {
  return workspace.recording(params.id ?? '');
}

export const recordings: readonly Operation[] = [
  operation({
    id: 'list_recordings',
    method: 'GET',
    path: PATH,
    tag,
    summary: 'List recordings, newest first',
    query: [
      'bot_id',
      'desktop_sdk_upload_id',
      'status_code',
      'created_at_after',
      'created_at_before',
      'cursor',
    ],
    choices: { status_code: ['processing', 'paused', 'done', 'failed'] },
    answers: { 200: cursorSchema(recordingSchema) },
    handle(request) {
      const { workspace, query, serializer } = request;
      checkIds(query, 'bot_id');
      checkIds(query, 'desktop_sdk_upload_id');
      const { store } = workspace.context;
      const isUploads = ({ botId }: RecordingRecord): boolean =>
        store.state(botId)?.bot.sdkUpload !== undefined;
      const items = filtered(store.recordings(), query, {
        bot_id: (recording, values) => values.includes(recording.botId) && !isUploads(recording),
        desktop_sdk_upload_id: (recording, values) =>
          values.includes(recording.botId) && isUploads(recording),
      });
      return listByCursor(request, items, (recording) => serializer.recording(recording));
    },
  }),
  operation({
    id: 'retrieve_recording',
    method: 'GET',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Retrieve a recording',
    answers: { 200: recordingSchema },
    handle: (request) => ({ status: 200, body: request.serializer.recording(recordingOf(request)) }),
  }),
  operation({
    id: 'update_recording',
    method: 'PATCH',
    path: `${PATH}{id}/`,
    tag,
    summary: "Change a recording's metadata",
    body: updateMetadataSchema,
    answers: { 200: recordingSchema },
    handle(request) {
      const recording = recordingOf(request);
      recording.metadata = request.body.metadata ?? recording.metadata;
      request.workspace.context.store.changed(recording.botId);
      return { status: 200, body: request.serializer.recording(recording) };
    },
  }),
  operation({
    id: 'delete_recording',
    method: 'DELETE',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Delete a recording and its media',
    answers: { 204: undefined },
    async handle(request) {
      await request.workspace.media.deleteRecording(recordingOf(request));
      return { status: 204 };
    },
  }),
  operation({
    id: 'create_transcript',
    method: 'POST',
    path: `${PATH}{id}/create_transcript/`,
    tag,
    summary: 'Make a transcript of a recording',
    body: createTranscriptSchema,
    answers: { 200: artifactSchemas.transcript },
    handle(request) {
      const artifact = request.workspace.media.createTranscript(recordingOf(request), request.body);
      return { status: 200, body: request.serializer.artifact(artifact) };
    },
  }),
];
