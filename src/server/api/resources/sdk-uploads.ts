/**
 * `sdk_upload`: made, listed and retrieved, and nothing else ("Create Desktop SDK Upload", 2026). The guide of 2025-06 writes
 * `sdk-upload`: both are served.
 */
import { cursorSchema } from '../../../protocol/rest/lists.ts';
import {
  createSdkUploadSchema,
  SDK_UPLOAD_CODES,
  sdkUploadSchema,
} from '../../../protocol/rest/sdk-upload.ts';
import { byCursor, dateRange, filtered, hasMetadata, within } from '../lists.ts';
import { type Operation, operation } from '../operation.ts';

const PATH = '/api/v1/sdk_upload/';
const OLD_PATH = '/api/v1/sdk-upload/';
const tag = 'Desktop SDK';

export const sdkUploads: readonly Operation[] = [
  operation({
    id: 'create_sdk_upload',
    method: 'POST',
    path: PATH,
    olderPath: OLD_PATH,
    tag,
    summary: 'Create an upload: a desktop app records with its token',
    body: createSdkUploadSchema,
    answers: { 201: sdkUploadSchema },
    async handle({ workspace, body, serializer }) {
      return { status: 201, body: serializer.sdkUpload(await workspace.createSdkUpload(body)) };
    },
  }),
  operation({
    id: 'list_sdk_uploads',
    method: 'GET',
    path: PATH,
    olderPath: OLD_PATH,
    tag,
    summary: 'List uploads, newest first',
    query: ['status_code', 'created_at_after', 'created_at_before', 'cursor'],
    choices: { status_code: SDK_UPLOAD_CODES },
    answers: { 200: cursorSchema(sdkUploadSchema) },
    handle({ workspace, query, url, serializer }) {
      const range = dateRange(query, 'created_at');
      const matching = filtered(workspace.uploads.records(), query, {
        status_code: ({ sdkUpload }, values) => values.includes(sdkUpload!.status.code),
      }).filter(({ createdAt, request }) => within(createdAt, range) && hasMetadata(request.metadata, query));
      const page = byCursor(matching, query, url);
      return {
        status: 200,
        body: { ...page, results: page.results.map((upload) => serializer.sdkUpload(upload)) },
      };
    },
  }),
  operation({
    id: 'retrieve_sdk_upload',
    method: 'GET',
    path: `${PATH}{id}/`,
    olderPath: `${OLD_PATH}{id}/`,
    tag,
    summary: 'Retrieve an upload',
    answers: { 200: sdkUploadSchema },
    handle: ({ workspace, params, serializer }) => ({
      status: 200,
      body: serializer.sdkUpload(workspace.uploads.record(params.id ?? '')),
    }),
  }),
];
