/** What a bot is told while it is in its call, and that its media be deleted after it. The answer is always the bot. */
import type { z } from 'zod';
import { botSchema } from '../../../protocol/rest/bot.ts';
import { outputAudioSchema, sendChatMessageSchema } from '../../../protocol/rest/bot-commands.ts';
import type { Workspace } from '../../bot/workspace.ts';
import type { BotRecord } from '../../store/records.ts';
import { type Operation, operation } from '../operation.ts';

interface Command<Schema extends z.ZodType> {
  readonly summary: string;
  readonly body?: Schema | undefined;
  /** Throws a `Refusal`. */
  perform(workspace: Workspace, bot: BotRecord, body: z.infer<Schema>): void | Promise<void>;
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
    perform: (workspace, bot) => workspace.commanded(bot).leave(),
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
    summary: 'Play audio into the meeting; it is accepted, and nobody hears it',
    body: outputAudioSchema,
    perform(workspace, bot, { b64_data }) {
      workspace.commanded(bot).checkInCall();
      workspace.context.activity.add('bot', `output audio, ${Math.floor((b64_data.length * 3) / 4)} bytes`, {
        botId: bot.id,
      });
    },
  }),
];
