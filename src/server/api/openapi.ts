/** The OpenAPI document of what we serve, made of the same table and schemas that serve it. */
import { z } from 'zod';
import { downloadSchemas } from '../../protocol/rest/downloads.ts';
import { errorSchema, validationErrorSchema } from '../../protocol/rest/errors.ts';
import { DOWNLOADS_PATH } from './downloads.ts';
import { OPERATIONS } from './resources/index.ts';

/** What another part of the server serves beside the API. */
export interface OtherOperation {
  readonly method: string;
  /** From the root of the server on. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType | undefined;
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
  for (const operation of OPERATIONS) {
    add(operation.path, operation.method, {
      operationId: operation.id,
      tags: [operation.tag],
      summary: operation.summary,
      parameters: [
        ...parametersOf(operation.path),
        ...(operation.query ?? []).map((name) => ({
          name,
          in: 'query',
          schema: { type: 'string', ...(operation.choices?.[name] && { enum: operation.choices[name] }) },
        })),
      ],
      ...(operation.body === undefined ? {} : { requestBody: bodyOf(operation.body) }),
      responses: {
        ...Object.fromEntries(
          Object.entries(operation.answers).map(([status, schema]) => [
            status,
            schema === undefined
              ? { description: 'Done' }
              : { description: 'Done', content: contentOf(schema, 'output') },
          ]),
        ),
        ...(operation.body === undefined
          ? {}
          : { 400: { description: 'Not valid', content: contentOf(validationErrorSchema, 'output') } }),
        401: { description: 'No API key', content: contentOf(errorSchema, 'output') },
      },
      security: [{ tokenAuth: [] }],
    });
  }
  for (const { method, path, summary, body, deprecated } of control) {
    add(path, method, {
      tags: ['Control'],
      summary,
      ...(deprecated === true ? { deprecated } : {}),
      parameters: parametersOf(path),
      ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
      responses: { '2XX': { description: 'Done' } },
    });
  }
  for (const [name, schema] of Object.entries(downloadSchemas)) {
    paths[`${DOWNLOADS_PATH}/{recording_id}/${name}.json`] = {
      get: {
        tags: ['Downloads'],
        summary: `Behind a download URL: ${name.replaceAll('_', ' ')}`,
        parameters: parametersOf('{recording_id}'),
        responses: { 200: { description: 'Done', content: contentOf(schema, 'output') } },
      },
    };
  }
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

function parametersOf(path: string): unknown[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function bodyOf(schema: z.ZodType): unknown {
  return { required: true, content: contentOf(schema, 'input') };
}

function contentOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  });
  return { 'application/json': { schema: rest } };
}
