/** `realtime_endpoint`: where a recording's events go. */
import { cursorSchema } from '../../../protocol/rest/lists.ts';
import { realtimeEndpointSchema } from '../../../protocol/rest/realtime-endpoint.ts';
import { CURSOR_FILTERS, listByCursor } from '../lists.ts';
import { type Operation, operation } from '../operation.ts';

const PATH = '/api/v1/realtime_endpoint/';
const tag = 'Real-time endpoint';

export const realtimeEndpoints: readonly Operation[] = [
  operation({
    id: 'list_realtime_endpoint',
    method: 'GET',
    path: PATH,
    tag,
    summary: 'List real-time endpoints, newest first',
    query: CURSOR_FILTERS,
    answers: { 200: cursorSchema(realtimeEndpointSchema) },
    handle: (request) =>
      listByCursor(request, request.workspace.context.store.endpoints(), (endpoint) =>
        request.serializer.endpoint(endpoint),
      ),
  }),
  operation({
    id: 'retrieve_realtime_endpoint',
    method: 'GET',
    path: `${PATH}{id}/`,
    tag,
    summary: 'Retrieve a real-time endpoint',
    answers: { 200: realtimeEndpointSchema },
    handle: ({ workspace, params, serializer }) => ({
      status: 200,
      body: serializer.endpoint(workspace.endpoint(params.id ?? '')),
    }),
  }),
];
