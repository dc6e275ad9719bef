/** What the control API takes: the bodies of its operations, and the table of all of them for the OpenAPI document. */
import { z } from 'zod';

/** Longest time that may be skipped at once: a week, in seconds. */
const MAX_SECONDS = 604_800;
const MAX_SPEECH_SECONDS = 600;
const MAX_TEXT = 10_000;
const MAX_NAME = 1_000;

const name = z.string().max(MAX_NAME).nullable().optional();

export const bodies = {
  join: z.strictObject({
    id: z.int().min(0),
    name,
    is_host: z.boolean().nullable().optional(),
    platform: name,
    email: name,
    extra_data: z.record(z.string(), z.unknown()).nullable().optional(),
  }),
  speak: z
    .strictObject({
      duration: z.number().positive().max(MAX_SPEECH_SECONDS).optional(),
      audio: z.string().min(1).max(MAX_NAME).optional(),
      text: z.string().max(MAX_TEXT).optional(),
    })
    .refine(({ duration, audio }) => (duration === undefined) !== (audio === undefined), {
      error: 'Give either duration (seconds of generated speech) or audio (a file).',
      path: ['duration'],
    }),
  drop: z.strictObject({ participant_id: z.int().optional() }),
  refuse: z.strictObject({ seconds: z.number().min(0).max(MAX_SECONDS) }),
  advance: z.strictObject({ seconds: z.number().positive().max(MAX_SECONDS) }),
  fault: z.strictObject({
    operation: z.string(),
    status: z.int().min(400).max(599),
    times: z.int().min(1).max(1_000_000).optional(),
  }),
};

/** The control API's operations, for the OpenAPI document. */
export const CONTROL_OPERATIONS: readonly {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
}[] = [
  { method: 'GET', path: '/', summary: 'What there is here' },
  { method: 'GET', path: '/sessions', summary: 'All bots that this process has played or plays' },
  { method: 'GET', path: '/sessions/{bot_id}', summary: "A bot's participants, connections and ledger" },
  { method: 'POST', path: '/sessions/{bot_id}/participants', summary: 'Somebody joins', body: bodies.join },
  { method: 'POST', path: '/sessions/{bot_id}/participants/{id}/mute', summary: 'Close their microphone' },
  { method: 'POST', path: '/sessions/{bot_id}/participants/{id}/unmute', summary: 'Open their microphone' },
  {
    method: 'POST',
    path: '/sessions/{bot_id}/participants/{id}/speak',
    summary: 'Say something into their open microphone',
    body: bodies.speak,
  },
  { method: 'POST', path: '/sessions/{bot_id}/participants/{id}/leave', summary: 'They leave the meeting' },
  {
    method: 'POST',
    path: '/sessions/{bot_id}/drop',
    summary: "Lose a participant's connections, or all, as a broken network does",
    body: bodies.drop,
  },
  {
    method: 'POST',
    path: '/sessions/{bot_id}/refuse',
    summary: 'Let every dial fail for so many seconds',
    body: bodies.refuse,
  },
  {
    method: 'POST',
    path: '/advance',
    summary: 'Skip time: what falls due in between happens now',
    body: bodies.advance,
  },
  { method: 'GET', path: '/webhooks', summary: 'The delivery log' },
  { method: 'GET', path: '/webhooks/{id}', summary: 'One delivery' },
  { method: 'POST', path: '/webhooks/{id}/redeliver', summary: 'Deliver it once more' },
  { method: 'GET', path: '/faults', summary: 'Faults that are still to come' },
  { method: 'POST', path: '/faults', summary: 'Answer the next requests with an error', body: bodies.fault },
  { method: 'DELETE', path: '/faults', summary: 'No more faults' },
  { method: 'GET', path: '/events', summary: 'Everything that happens, as server-sent events' },
];
