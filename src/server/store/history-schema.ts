/**
 * A history: bots and SDK uploads that have been, or are still to come, before a server starts. People write it, in YAML. What their
 * recordings hold is a scenario that is played when it is read.
 */
import { z } from 'zod';
import { publishedSchema } from '../../protocol/json-schema.ts';
import { createBotSchema } from '../../protocol/rest/bot-requests.ts';
import { createSdkUploadSchema } from '../../protocol/rest/sdk-upload.ts';
import { parseDuration } from '../../scenario/duration.ts';

const MAX_ENTRIES = 1_000;
const MAX_TEXT = 1_000;
const AGO = /^(.+) ago$/;

/** **Our choice** where an entry does not say: a day ago, and a meeting of Zoom. */
const DEFAULT_CREATED = '24h ago';
const DEFAULT_MEETING_URL = 'https://zoom.us/j/1234567890';

const created = z
  .string()
  .refine((text) => createdMs(text, 0) !== undefined, {
    error: 'a time is expected, such as 2030-01-02T10:00:00Z or 2h ago',
  })
  .default(DEFAULT_CREATED)
  .describe(
    'When the app asked for it: a time (2030-01-02T10:00:00Z), or how long before the start of the server (2h ago, 90m ago); default a day ago',
  );

const common = {
  id: z
    .uuid()
    .optional()
    .describe('As answers have it; otherwise one that stays the same while the entry does'),
  api_key: z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .optional()
    .describe('Whose it is; otherwise it goes to the first key that comes'),
  created,
  scenario: z
    .string()
    .min(1)
    .max(MAX_TEXT)
    .optional()
    .describe(
      'What was recorded: a file, relative to this one, or a built-in scenario; otherwise what a new bot would play',
    ),
};

const botSchema = z.strictObject({
  ...common,
  request: z
    .preprocess(
      (value) => (isObject(value) ? { meeting_url: DEFAULT_MEETING_URL, ...value } : value),
      createBotSchema,
    )
    .default({ meeting_url: DEFAULT_MEETING_URL })
    .describe(
      'What the app asked for: the body of POST /api/v1/bot/. With a join_at to come it is a scheduled bot',
    ),
});

const uploadSchema = z.strictObject({
  ...common,
  request: createSdkUploadSchema
    .default({})
    .describe('What the app asked for: the body of POST /api/v1/sdk_upload/'),
  status: z
    .enum(['complete', 'failed', 'pending'])
    .default('complete')
    .describe('A pending one can still be recorded for'),
});

export const historySchema = z
  .strictObject({
    bots: z.array(botSchema).max(MAX_ENTRIES).default([]),
    sdk_uploads: z.array(uploadSchema).max(MAX_ENTRIES).default([]),
  })
  .describe('Bots and SDK uploads that are there when recall-emulator starts to serve');

export type History = z.infer<typeof historySchema>;
export type PastBot = History['bots'][number];
export type PastUpload = History['sdk_uploads'][number];

/** What whoever reads a history knows of it. */
export interface HistoryReading {
  /** Where a scenario is that an entry names. */
  scenarioFile(name: string): string;
  /** Why an entry cannot be made, in a sentence. */
  onProblem(problem: { readonly path: readonly (string | number)[]; readonly message: string }): never;
}

/** JSON Schema (2020-12); published as `schemas/history.schema.json`. What the API refuses is refused here, too. */
export function historyJsonSchema(): unknown {
  return publishedSchema('history', historySchema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'default') delete jsonSchema.default;
      // Of a request: here it has a default.
      if (jsonSchema.required?.includes('meeting_url')) delete jsonSchema.required;
    },
  });
}

/** Milliseconds since the epoch of when an entry was made; undefined for a text that says no time. */
export function createdMs(text: string, nowMs: number): number | undefined {
  const ago = AGO.exec(text.trim())?.[1];
  if (ago !== undefined) {
    const seconds = parseDuration(ago);
    return seconds === undefined ? undefined : nowMs - seconds * 1_000;
  }
  const isDate = z.iso.datetime({ offset: true }).safeParse(text).success;
  return isDate ? Date.parse(text) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
