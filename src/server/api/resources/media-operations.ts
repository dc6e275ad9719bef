/** The operations that all kinds of media objects have. */

import { cursorSchema } from '../../../protocol/rest/lists.ts';
import { updateMetadataSchema } from '../../../protocol/rest/shapes.ts';
import type { ArtifactRecord } from '../../store/records.ts';
import { CURSOR_FILTERS, listByCursor } from '../lists.ts';
import type { MediaResource } from '../media-resource.ts';
import { type Operation, type OperationRequest, operation } from '../operation.ts';

export function mediaOperations({ kind, title, schema }: MediaResource): readonly Operation[] {
  const path = `/api/v1/${kind}/`;
  const tag = 'Media';
  const artifactOf = ({ workspace, params }: OperationRequest): ArtifactRecord =>
    workspace.artifact(kind, params.id ?? '');
  return [
    operation({
      id: `list_${kind}`,
      method: 'GET',
      path,
      tag,
      summary: `List ${title} objects, newest first`,
      query: CURSOR_FILTERS,
      choices: { status_code: ['processing', 'done', 'failed'] },
      answers: { 200: cursorSchema(schema) },
      handle: (request) =>
        listByCursor(request, request.workspace.context.store.artifacts(kind), (artifact) =>
          request.serializer.artifact(artifact),
        ),
    }),
    operation({
      id: `retrieve_${kind}`,
      method: 'GET',
      path: `${path}{id}/`,
      tag,
      summary: `Retrieve a ${title} object`,
      answers: { 200: schema },
      handle: (request) => ({ status: 200, body: request.serializer.artifact(artifactOf(request)) }),
    }),
    operation({
      id: `update_${kind}`,
      method: 'PATCH',
      path: `${path}{id}/`,
      tag,
      summary: `Change the metadata of a ${title} object`,
      body: updateMetadataSchema,
      answers: { 200: schema },
      handle(request) {
        const artifact = artifactOf(request);
        artifact.metadata = request.body.metadata ?? artifact.metadata;
        const { store } = request.workspace.context;
        store.changed(store.recording(artifact.recordingId)!.botId);
        return { status: 200, body: request.serializer.artifact(artifact) };
      },
    }),
    operation({
      id: `delete_${kind}`,
      method: 'DELETE',
      path: `${path}{id}/`,
      tag,
      summary: `Delete a ${title} object`,
      answers: { 204: undefined },
      handle(request) {
        request.workspace.media.deleteArtifact(artifactOf(request));
        return { status: 204 };
      },
    }),
  ];
}
