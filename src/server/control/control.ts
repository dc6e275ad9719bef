/**
 * The control API under `/_emulator/`: what a test or a person does to a running meeting, and what there is to see of it.
 * It is the emulator's own; Recall has nothing like it.
 */
import { Hono, type HonoRequest } from 'hono';
import type { z } from 'zod';
import { openAudioFile } from '../../audio/file.ts';
import type { AudioSource } from '../../audio/source.ts';
import { speechSource, voiceFor } from '../../audio/speech.ts';
import { EmulatorError, UsageError } from '../../errors.ts';
import { apiKeyOf, equalSecrets, isOwnOrigin } from '../../guard.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import { validationErrors } from '../../protocol/rest/validation-errors.ts';
import { OPERATION_IDS } from '../api/operations.ts';
import type { Bot } from '../bot/bot.ts';
import type { ClientFiles } from '../bot/client-files.ts';
import { checkFault, type Faults } from '../bot/faults.ts';
import { CommandError, type Meeting } from '../bot/meeting.ts';
import type { Workspace } from '../bot/workspace.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { eventStream } from './event-stream.ts';
import { bodies, CONTROL_OPERATIONS } from './operations.ts';
import { participantDetail, sessionDetail, sessionSummary } from './views.ts';

export const CONTROL_PATH = '/_emulator';

export interface ControlOptions {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly apiKey: string | undefined;
  /** Names under which pages of ours may be, beside the one that was asked for. */
  readonly allowedHosts: readonly string[];
  /** What clients may have played. */
  readonly files: ClientFiles;
  readonly version: string;
}

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
    if (!isOwnOrigin(context.req.header('origin'), ownOrigin(context.req), options.allowedHosts))
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
    const meeting = recordingOf(context.req.param('bot'));
    meeting.join({ id, name, is_host, platform, extra_data, ...(email === undefined ? {} : { email }) });
    return context.json(participantDetail(meeting, meeting.indexOf(id)), 201);
  });
  for (const action of ['mute', 'unmute', 'leave'] as const) {
    app.post(`/sessions/:bot/participants/:id/${action}`, (context) => {
      const meeting = recordingOf(context.req.param('bot'));
      const index = meeting.indexOf(numberOf(context.req.param('id')));
      meeting[action](index);
      return context.json(participantDetail(meeting, index));
    });
  }
  app.post('/sessions/:bot/participants/:id/speak', async (context) => {
    const asked = await read(context.req, bodies.speak);
    const meeting = recordingOf(context.req.param('bot'));
    const index = meeting.indexOf(numberOf(context.req.param('id')));
    const { startSample, endSample } = meeting.speak(
      index,
      await sourceOf(asked, index, options.files),
      asked.text,
    );
    return context.json({
      ...participantDetail(meeting, index),
      start_s: startSample / SAMPLE_RATE,
      end_s: endSample / SAMPLE_RATE,
    });
  });

  app.post('/sessions/:bot/drop', async (context) => {
    const { participant_id } = await read(context.req, bodies.drop);
    const meeting = recordingOf(context.req.param('bot'));
    const dropped = meeting.session.drop(
      participant_id === undefined ? undefined : meeting.indexOf(participant_id),
    );
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

  app.get('/events', (context) => eventStream(activity, context.req.header('last-event-id')));

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

  function runOf(botId: string): Bot {
    const run = workspace.run(botId);
    if (run === undefined) throw new Refused(404, { detail: 'There is no such bot in this process.' });
    return run;
  }

  function recordingOf(botId: string): Meeting {
    const bot = runOf(botId);
    if (bot.meeting === undefined)
      throw new Refused(409, {
        code: 'not_recording',
        detail: `The bot is ${bot.status}: it does not record.`,
      });
    return bot.meeting;
  }
}

async function sourceOf(
  { duration, audio }: z.infer<typeof bodies.speak>,
  index: number,
  files: ClientFiles,
): Promise<AudioSource> {
  if (audio !== undefined) return files.use(audio, 'audio', (path) => openAudioFile(path));
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

/** As browsers name it in `Origin`: scheme, host and port of what was asked for. */
function ownOrigin(request: HonoRequest): string {
  const { protocol, host } = new URL(request.url);
  return `${protocol}//${request.header('host') ?? host}`;
}

function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
