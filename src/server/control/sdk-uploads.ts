/** What a desktop app does with the token of an SDK upload. */
import { z } from 'zod';
import { notFound } from '../bot/refusal.ts';
import type { SdkUpload } from '../bot/sdk-upload.ts';
import { recordingSummary } from './bot-views.ts';
import { type ControlOperation, type ControlRequest, operation } from './operation.ts';

function uploadOf({ scope, params: { id = '' } }: ControlRequest): SdkUpload {
  for (const { workspace } of scope.workspaces) {
    const upload = workspace.uploads.find(id);
    if (upload !== undefined) return upload;
  }
  throw notFound('There is no such SDK upload: give its id or its upload_token.');
}

function viewOf(upload: SdkUpload): Readonly<Record<string, unknown>> {
  const { id, sdkUpload, recordingIds } = upload.record;
  return {
    sdk_upload_id: id,
    ...recordingSummary(upload),
    status: sdkUpload!.status.code,
    recording_id: recordingIds[0] ?? null,
  };
}

const DEEDS = {
  start: 'Somebody records with the upload’s token: its meeting is played',
  pause: 'They pause the recording',
  resume: 'They go on with it',
  stop: 'They stop before the meeting is over: the recording is uploaded',
} as const;

export const sdkUploads: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/sdk_uploads',
    summary: 'The SDK uploads that something can be recorded for, or has been',
    handle: ({ scope }) => ({
      body: { sdk_uploads: scope.workspaces.flatMap(({ workspace }) => workspace.uploads.all().map(viewOf)) },
    }),
  }),
  ...(Object.keys(DEEDS) as (keyof typeof DEEDS)[]).map((deed) =>
    operation({
      method: 'POST',
      path: `/sdk_uploads/{id}/${deed}`,
      summary: DEEDS[deed],
      handle(request) {
        const upload = uploadOf(request);
        upload[deed]();
        return { body: viewOf(upload) };
      },
    }),
  ),
  operation({
    method: 'POST',
    path: '/sdk_uploads/{id}/fail',
    summary: 'The upload comes to nothing',
    body: z.strictObject({
      sub_code: z
        .string()
        .regex(/^[a-z0-9_]{1,100}$/)
        .optional(),
    }),
    handle(request) {
      const upload = uploadOf(request);
      upload.fail(request.body.sub_code ?? null);
      return { body: viewOf(upload) };
    },
  }),
];
