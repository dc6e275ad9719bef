/** The OpenAPI document of what we serve, made of the same table and schemas that serve it. */
import type { z } from 'zod';
import { DocumentSchemas, type JsonSchema } from '../../protocol/json-schema.ts';
import { botSchema } from '../../protocol/rest/bot.ts';
import { createBotSchema, updateBotSchema } from '../../protocol/rest/bot-requests.ts';
import { calendarEventSchema, calendarSchema } from '../../protocol/rest/calendar.ts';
import { downloadSchemas } from '../../protocol/rest/downloads.ts';
import { errorSchema, validationErrorSchema } from '../../protocol/rest/errors.ts';
import { artifactSchemas } from '../../protocol/rest/media.ts';
import { realtimeEndpointSchema } from '../../protocol/rest/realtime-endpoint.ts';
import { recordingSchema } from '../../protocol/rest/recording.ts';
import { WEBHOOK_FAMILIES } from '../../protocol/webhook-families.ts';
import { DOWNLOADS_PATH } from './downloads.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './resources/index.ts';

/** What another part of the server serves beside the API. */
export interface OtherOperation {
  readonly method: string;
  /** From the root of the server on. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType | undefined;
  readonly query?: z.ZodObject | undefined;
  readonly deprecated?: boolean | undefined;
}

/** What stands under a name in the document: generated clients have a type of that name. Requests and answers share none. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Bot: botSchema,
  CreateBot: createBotSchema,
  UpdateBot: updateBotSchema,
  Recording: recordingSchema,
  RealtimeEndpoint: realtimeEndpointSchema,
  Calendar: calendarSchema,
  CalendarEvent: calendarEventSchema,
  Error: errorSchema,
  ValidationError: validationErrorSchema,
  ...Object.fromEntries(Object.entries(artifactSchemas).map(([kind, schema]) => [pascalCase(kind), schema])),
};

/** `AudioSeparate` of `audio_separate`. */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** OpenAPI 3.1, whose schemas are JSON Schema. `control`: the operations of the control API. */
export function openApiDocument(
  version: string,
  control: readonly OtherOperation[],
): Record<string, unknown> {
  const schemas = new DocumentSchemas('draft-2020-12', NAMED);
  const paths: Record<string, Record<string, unknown>> = {};
  const add = (path: string, method: string, operation: unknown): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const operation of OPERATIONS) add(operation.path, operation.method, described(operation, schemas));
  for (const operation of control) add(operation.path, operation.method, otherDescribed(operation, schemas));
  for (const [name, schema] of Object.entries(downloadSchemas)) {
    add(`${DOWNLOADS_PATH}/{recording_id}/${name}.json`, 'GET', downloadDescribed(name, schema, schemas));
  }
  const webhooks = Object.entries(WEBHOOK_FAMILIES).map(
    ([name, schema]) => [name, webhookDescribed(schema, schemas)] as const,
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'recall-emulator',
      version,
      description: "A local mock of Recall.ai's REST API, and the emulator's own control API.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Where `serve` listens without options.
    servers: [{ url: 'http://127.0.0.1:8787' }],
    paths,
    webhooks: Object.fromEntries(webhooks),
    components: {
      securitySchemes: {
        tokenAuth: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Token KEY' },
      },
      schemas: schemas.components,
    },
  };
}

function described(operation: Operation, schemas: DocumentSchemas): unknown {
  const { id, tag, summary, path, query = [], choices, body, answers } = operation;
  const responseOf = (description: string, schema: z.ZodType | undefined): unknown =>
    responseWith(schemas, description, schema);
  return {
    operationId: id,
    tags: [tag],
    summary,
    parameters: [
      ...parametersOf(path),
      ...query.map((name) => ({
        name,
        in: 'query',
        schema: { type: 'string', ...(choices?.[name] && { enum: choices[name] }) },
      })),
    ],
    ...requestBodyWith(schemas, body),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [status, responseOf('Done', schema)]),
      ),
      ...(body === undefined ? {} : { 400: responseOf('Not valid', validationErrorSchema) }),
      401: responseOf('No API key', errorSchema),
    },
    security: [{ tokenAuth: [] }],
  };
}

function otherDescribed(operation: OtherOperation, schemas: DocumentSchemas): unknown {
  const { summary, path, body, query, deprecated } = operation;
  return {
    tags: ['Control'],
    summary,
    ...(deprecated === true ? { deprecated } : {}),
    parameters: [
      ...parametersOf(path),
      ...Object.keys(query?.shape ?? {}).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    ],
    ...requestBodyWith(schemas, body),
    responses: { '2XX': { description: 'Done' } },
  };
}

function downloadDescribed(name: string, schema: z.ZodType, schemas: DocumentSchemas): unknown {
  return {
    tags: ['Downloads'],
    summary: `Behind a download URL: ${name.replace(/\/.*/, '').replaceAll('_', ' ')}`,
    parameters: parametersOf(`{recording_id}/${name}`),
    responses: { 200: responseWith(schemas, 'Done', schema) },
  };
}

function webhookDescribed(schema: z.ZodType, schemas: DocumentSchemas): unknown {
  return {
    post: {
      tags: ['Webhooks'],
      summary: "To the dashboard's webhook endpoints",
      ...requestBodyWith(schemas, schema),
      responses: { '2XX': { description: 'It was taken; any other answer is sent again' } },
    },
  };
}

function parametersOf(path: string): unknown[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function requestBodyWith(schemas: DocumentSchemas, schema: z.ZodType | undefined): object {
  return schema === undefined
    ? {}
    : { requestBody: { required: true, content: jsonContent(schemas.of(schema, 'input')) } };
}

function responseWith(schemas: DocumentSchemas, description: string, schema: z.ZodType | undefined): unknown {
  return schema === undefined
    ? { description }
    : { description, content: jsonContent(schemas.of(schema, 'output')) };
}

function jsonContent(schema: JsonSchema): unknown {
  return { 'application/json': { schema } };
}
