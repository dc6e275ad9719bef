/**
 * The control API under `/_emulator/`: what a test or a person does to a running meeting, and what there is to see of it.
 * It is the emulator's own; Recall has nothing like it.
 */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { openAudioFile } from '../audio/file.ts';
import type { AudioSource } from '../audio/source.ts';
import { speechSource, voiceFor } from '../audio/speech.ts';
import { EmulatorError, UsageError } from '../errors.ts';
import { apiKeyOf, equalSecrets, isOurOrigin } from '../guard.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Activity } from './activity.ts';
import type { BotRun } from './bot-run.ts';
import { checkFault, type Faults } from './faults.ts';
import { OPERATION_IDS } from './operations.ts';
import { CommandError, type RecordingRun } from './recording-run.ts';
import { statusOf } from './records.ts';
import { droppedOf } from './totals.ts';
import { validationErrors } from './validation-errors.ts';
import type { Webhooks } from './webhooks.ts';
import type { Workspace } from './workspace.ts';

export const CONTROL_PATH = '/_emulator';

export interface ControlOptions {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly apiKey: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly version: string;
}

/** Longest time that may be skipped at once: a week, in seconds. */
const MAX_SECONDS = 604_800;
const MAX_SPEECH_SECONDS = 600;

const bodies = {
  join: z.strictObject({
    id: z.int().min(0),
    name: z.string().nullable().optional(),
    is_host: z.boolean().optional(),
    platform: z.string().nullable().optional(),
    email: z.string().nullable().optional(),
    extra_data: z.record(z.string(), z.unknown()).optional(),
  }),
  speak: z
    .strictObject({
      duration: z.number().positive().max(MAX_SPEECH_SECONDS).optional(),
      audio: z.string().min(1).optional(),
      text: z.string().optional(),
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

class Refused extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409;
  readonly body: unknown;

  constructor(status: Refused['status'], body: unknown) {
    super('refused');
    this.status = status;
    this.body = body;
  }
}

export function createControl(options: ControlOptions): Hono {
  const { workspace, faults, webhooks } = options;
  const { activity, clock, pacer } = workspace.context;
  const app = new Hono();

  app.use('*', async (context, next) => {
    if (!isOurOrigin(context.req.header('origin'), options.allowedHosts))
      throw new Refused(403, { detail: 'Pages of other origins may not use the control API.' });
    const key = apiKeyOf(context.req.header('authorization'));
    if (options.apiKey !== undefined && (key === undefined || !equalSecrets(key, options.apiKey)))
      throw new Refused(401, { detail: 'The control API needs the API key, too.' });
    await next();
  });

  app.get('/', (context) =>
    context.json({
      name: 'recall-emulator',
      version: options.version,
      operations: CONTROL_OPERATIONS.map(
        ({ method, path, summary }) => `${method} ${CONTROL_PATH}${path}: ${summary}`,
      ),
    }),
  );

  app.get('/sessions', (context) => context.json({ sessions: workspace.runs().map(sessionSummary) }));
  app.get('/sessions/:bot', (context) => context.json(sessionDetail(runOf(context.req.param('bot')))));

  app.post('/sessions/:bot/participants', async (context) => {
    const {
      id,
      name = null,
      is_host = false,
      platform = 'desktop',
      extra_data = {},
      email,
    } = await read(context.req, bodies.join);
    const run = recordingOf(context.req.param('bot'));
    run.join({ id, name, is_host, platform, extra_data, ...(email === undefined ? {} : { email }) });
    return context.json(participantDetail(run, run.indexOf(id)), 201);
  });
  for (const action of ['mute', 'unmute', 'leave'] as const) {
    app.post(`/sessions/:bot/participants/:id/${action}`, (context) => {
      const run = recordingOf(context.req.param('bot'));
      const index = run.indexOf(numberOf(context.req.param('id')));
      run[action](index);
      return context.json(participantDetail(run, index));
    });
  }
  app.post('/sessions/:bot/participants/:id/speak', async (context) => {
    const asked = await read(context.req, bodies.speak);
    const run = recordingOf(context.req.param('bot'));
    const index = run.indexOf(numberOf(context.req.param('id')));
    const { startSample, endSample } = run.speak(index, await sourceOf(asked, index), asked.text);
    return context.json({
      ...participantDetail(run, index),
      start_s: startSample / SAMPLE_RATE,
      end_s: endSample / SAMPLE_RATE,
    });
  });

  app.post('/sessions/:bot/drop', async (context) => {
    const { participant_id } = await read(context.req, bodies.drop);
    const run = recordingOf(context.req.param('bot'));
    const dropped = run.session.drop(participant_id === undefined ? undefined : run.indexOf(participant_id));
    return context.json({ dropped });
  });
  app.post('/sessions/:bot/refuse', async (context) => {
    const { seconds } = await read(context.req, bodies.refuse);
    const recording = runOf(context.req.param('bot')).recordings().at(-1);
    if (recording === undefined) throw new Refused(409, { detail: 'The bot has no recording yet.' });
    recording.refuse = { untilMs: clock.now() + seconds * 1_000 };
    return context.json({ refused_for_s: seconds });
  });

  app.post('/advance', async (context) => {
    const { seconds } = await read(context.req, bodies.advance);
    const done = new Promise<void>((resolve) => pacer.at(clock.now() + seconds * 1_000, resolve));
    clock.advance(seconds * 1_000);
    await done;
    return context.json({ advanced_s: seconds, now: workspace.context.calendar.now() });
  });

  app.get('/webhooks', (context) =>
    context.json({ totals: webhooks.totals(), deliveries: webhooks.deliveries() }),
  );
  app.get('/webhooks/:id', (context) => {
    const delivery = webhooks.deliveries().find(({ id }) => id === context.req.param('id'));
    if (delivery === undefined) throw new Refused(404, { detail: 'The log has no such delivery.' });
    return context.json(delivery);
  });
  app.post('/webhooks/:id/redeliver', (context) => {
    if (!webhooks.redeliver(context.req.param('id')))
      throw new Refused(404, { detail: 'The log has no such delivery.' });
    return context.json({ redelivered: context.req.param('id') }, 202);
  });

  app.get('/faults', (context) => context.json({ faults: faults.list() }));
  app.post('/faults', async (context) => {
    const { operation, status, times = 1 } = await read(context.req, bodies.fault);
    faults.add(checkFault({ operation, status, remaining: times }, OPERATION_IDS));
    return context.json({ faults: faults.list() }, 201);
  });
  app.delete('/faults', (context) => {
    faults.clear();
    return context.body(null, 204);
  });

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const send = (each: Activity): void => {
        void stream.writeSSE({ event: each.kind, id: String(each.number), data: JSON.stringify(each) });
      };
      const after = Number(context.req.header('last-event-id') ?? 0);
      for (const each of activity.recent()) if (each.number > after) send(each);
      activity.events.on('activity', send);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      activity.events.off('activity', send);
    }),
  );

  app.notFound((context) => context.json({ detail: 'Not found.' }, 404));
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json(error.body, error.status);
    if (error instanceof CommandError)
      return context.json(
        { code: error.code, detail: error.message },
        error.code === 'unknown_participant' ? 404 : 409,
      );
    if (error instanceof UsageError || error instanceof EmulatorError)
      return context.json({ code: error.code, detail: `${error.message} ${error.hint ?? ''}`.trim() }, 400);
    activity.add('warning', `defect: ${error.stack ?? error.message}`);
    return context.json({ detail: 'Internal error of recall-emulator; its log has more.' }, 500);
  });
  return app;

  function runOf(botId: string): BotRun {
    const run = workspace.run(botId);
    if (run === undefined) throw new Refused(404, { detail: 'There is no such bot in this process.' });
    return run;
  }

  function recordingOf(botId: string): RecordingRun {
    const bot = runOf(botId);
    if (bot.run === undefined)
      throw new Refused(409, {
        code: 'not_recording',
        detail: `The bot is ${bot.status}: it does not record.`,
      });
    return bot.run;
  }

  function sessionSummary(run: BotRun): Record<string, unknown> {
    const totals = run.totals();
    return {
      bot_id: run.bot.id,
      status: statusOf(run.bot),
      scenario: run.bot.scenario,
      recording: run.run !== undefined && !run.run.paused,
      elapsed_s: run.recordings().at(-1)?.elapsedSeconds ?? 0,
      scheduled: totals.scheduled,
      sent: totals.sent,
      dropped: droppedOf(totals),
      events_sent: totals.eventsSent,
    };
  }

  function sessionDetail(run: BotRun): Record<string, unknown> {
    return {
      ...sessionSummary(run),
      participants:
        run.run === undefined
          ? []
          : run.run.session.participants.map((_, index) => participantDetail(run.run!, index)),
      /** The ledger of each recording, as `play --json` prints it. */
      reports: run.recordings().map((recording) => recording.report()),
    };
  }

  function participantDetail(run: RecordingRun, index: number): Record<string, unknown> {
    const { participant, state, level, scheduled, sent, dropped } = run.session.status()[index]!;
    return {
      id: participant.id,
      name: participant.name,
      present: run.isPresent(index),
      unmuted: run.isUnmuted(index),
      connection: state,
      level,
      scheduled,
      sent,
      dropped,
    };
  }
}

async function sourceOf(
  { duration, audio }: z.infer<typeof bodies.speak>,
  index: number,
): Promise<AudioSource> {
  if (audio !== undefined) return openAudioFile(audio);
  const samples = Math.round((duration ?? 0) * SAMPLE_RATE);
  return speechSource({ seed: index + samples, samples, voice: voiceFor(1, index) });
}

async function read<Schema extends z.ZodType>(
  request: { text(): Promise<string> },
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await request.text();
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new Refused(400, { detail: `The body is not JSON: ${(error as Error).message}` });
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new Refused(400, validationErrors(result.error, value));
  return result.data;
}

function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
