/** The OpenAPI document of what we serve, made of the same table and schemas that serve it. */
import { z } from 'zod';
import { downloadSchemas } from '../../protocol/rest/downloads.ts';
import { errorSchema, validationErrorSchema } from '../../protocol/rest/errors.ts';
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

/** OpenAPI 3.1, whose schemas are JSON Schema. `control`: the operations of the control API. */
export function openApiDocument(
  version: string,
  control: readonly OtherOperation[],
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  const add = (path: string, method: string, operation: unknown): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const operation of OPERATIONS) add(operation.path, operation.method, described(operation));
  for (const operation of control) add(operation.path, operation.method, otherDescribed(operation));
  for (const [name, schema] of Object.entries(downloadSchemas))
    add(`${DOWNLOADS_PATH}/{recording_id}/${name}.json`, 'GET', downloadDescribed(name, schema));
  return {
    openapi: '3.1.0',
    info: {
      title: 'recall-emulator',
      version,
      description: "A local mock of Recall.ai's REST API, and the emulator's own control API.",
    },
    paths,
    components: {
      securitySchemes: {
        tokenAuth: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Token KEY' },
      },
    },
  };
}

function described({ id, tag, summary, path, query = [], choices, body, answers }: Operation): unknown {
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
    ...requestBodyOf(body),
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

function otherDescribed({ summary, path, body, query, deprecated }: OtherOperation): unknown {
  return {
    tags: ['Control'],
    summary,
    ...(deprecated === true ? { deprecated } : {}),
    parameters: [
      ...parametersOf(path),
      ...Object.keys(query?.shape ?? {}).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    ],
    ...requestBodyOf(body),
    responses: { '2XX': responseOf('Done', undefined) },
  };
}

function downloadDescribed(name: string, schema: z.ZodType): unknown {
  return {
    tags: ['Downloads'],
    summary: `Behind a download URL: ${name.replace(/\/.*/, '').replaceAll('_', ' ')}`,
    parameters: parametersOf(`{recording_id}/${name}`),
    responses: { 200: responseOf('Done', schema) },
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

function requestBodyOf(schema: z.ZodType | undefined): object {
  return schema === undefined ? {} : { requestBody: { required: true, content: contentOf(schema, 'input') } };
}

function responseOf(description: string, schema: z.ZodType | undefined): unknown {
  return schema === undefined ? { description } : { description, content: contentOf(schema, 'output') };
}

function contentOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return { 'application/json': { schema: rest } };
}
