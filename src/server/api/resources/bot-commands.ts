/** What a bot is told while it is in its call, and that its media be deleted after it. The answer is always the bot. */
import { z } from 'zod';
import { botSchema } from '../../../protocol/rest/bot.ts';
import { outputAudioSchema, sendChatMessageSchema } from '../../../protocol/rest/bot-commands.ts';
import { relativeSeconds } from '../../../protocol/timestamp.ts';
import { isHeard, readOutput } from '../../bot/bot-voice.ts';
import { requestPermission } from '../../bot/recording-permission.ts';
import type { Workspace } from '../../bot/workspace.ts';
import type { BotRecord } from '../../store/records.ts';
import { type Operation, operation } from '../operation.ts';

interface Command<Schema extends z.ZodType> {
  readonly summary: string;
  readonly body?: Schema | undefined;
  /** Throws a `Refusal`. */
  perform(workspace: Workspace, bot: BotRecord, body: z.infer<Schema>): void | Promise<void>;
}

/** What a bot may show and nobody here looks at. */
const NOT_SHOWN = ['output_video', 'output_screenshare', 'output_media'] as const;

/** For the log, which the control API has. */
function tell(
  { context }: Workspace,
  bot: BotRecord,
  text: string,
  data: Readonly<Record<string, unknown>>,
): void {
  context.activity.add('bot', text, { botId: bot.id, data });
}

/** Ends an output. */
function stop(
  name: string,
  summary: string,
  perform: (workspace: Workspace, bot: BotRecord) => void = () => {},
): Operation {
  return operation({
    id: `stop_${name}`,
    method: 'DELETE',
    path: `/api/v1/bot/{id}/${name}/`,
    tag: 'Bot',
    summary,
    answers: { 204: undefined },
    handle({ workspace, params }) {
      const bot = workspace.record(params.id ?? '');
      workspace.commanded(bot).checkInCall();
      perform(workspace, bot);
      tell(workspace, bot, `${name} ends`, { output: name });
      return { status: 204 };
    },
  });
}

function command<Schema extends z.ZodType>(
  name: string,
  { summary, body, perform }: Command<Schema>,
): Operation {
  return operation({
    id: name,
    method: 'POST',
    path: `/api/v1/bot/{id}/${name}/`,
    tag: 'Bot',
    summary,
    body,
    answers: { 200: botSchema },
    async handle(request) {
      const bot = request.workspace.record(request.params.id ?? '');
      await perform(request.workspace, bot, request.body);
      return { status: 200, body: request.serializer.bot(bot) };
    },
  });
}

export const botCommands: readonly Operation[] = [
  command('leave_call', {
    summary: 'Leave the call',
    perform: (workspace, bot) => workspace.leaveCall(bot),
  }),
  command('start_recording', {
    summary: 'Start recording',
    perform: (workspace, bot) => workspace.commanded(bot).startRecording(),
  }),
  command('stop_recording', {
    summary: 'Stop recording and stay in the call',
    perform: (workspace, bot) => workspace.commanded(bot).stopRecording(),
  }),
  command('pause_recording', {
    summary: 'Pause the recording',
    perform: (workspace, bot) => workspace.commanded(bot).pauseRecording(),
  }),
  command('resume_recording', {
    summary: 'Resume the recording',
    perform: (workspace, bot) => workspace.commanded(bot).resumeRecording(),
  }),
  command('request_recording_permission', {
    summary: 'Ask the host of a Zoom meeting whether the bot may record',
    perform: (workspace, bot) => requestPermission(workspace.commanded(bot)),
  }),
  command('delete_media', {
    summary: 'Delete what the bot recorded',
    perform: (workspace, bot) => workspace.media.deleteAll(bot),
  }),
  command('send_chat_message', {
    summary: 'Send a chat message into the meeting',
    body: sendChatMessageSchema,
    perform(workspace, bot, { message, to = 'everyone' }) {
      workspace.commanded(bot).checkInCall();
      workspace.context.activity.add('bot', `chat to ${to}: ${message.slice(0, 200)}`, {
        botId: bot.id,
        data: { message, to },
      });
    },
  }),
  command('output_audio', {
    summary: 'Play an MP3 into the meeting',
    body: outputAudioSchema,
    async perform(workspace, bot, { b64_data }) {
      workspace.commanded(bot).checkInCall();
      const { outputs } = workspace.context;
      const recorded = isHeard(bot.request);
      const source = recorded || outputs.isHeard(bot.id) ? await readOutput(b64_data) : undefined;
      if (!recorded) outputs.say(bot.id, source);
      const said =
        recorded && source !== undefined && workspace.commanded(bot).meeting?.own?.say(source) === true;
      const bytes = Math.floor((b64_data.length * 3) / 4);
      const what = said ? `${relativeSeconds(source.samples)} s of it are recorded` : 'it is not recorded';
      tell(workspace, bot, `output audio, ${bytes} bytes: ${what}`, {
        output: 'audio',
        bytes,
        recorded: said,
      });
    },
  }),
  stop('output_audio', 'Stop the audio that is being played', (workspace, bot) => {
    workspace.commanded(bot).meeting?.own?.stop();
    workspace.context.outputs.say(bot.id, undefined);
  }),
  ...NOT_SHOWN.flatMap((output) => [
    command(output, {
      summary: 'Accepted and told; not emulated',
      body: z.looseObject({}),
      perform(workspace, bot) {
        workspace.commanded(bot).checkInCall();
        tell(workspace, bot, `${output} begins`, { output });
        workspace.context.activity.warnOnce(`accepted, not emulated: ${output}`);
      },
    }),
    stop(output, 'Accepted and told; not emulated'),
  ]),
];
