/** What a path of the control API names. All of these throw a `Refusal`. */
import type { KeyedWorkspace } from '../api/workspaces.ts';
import type { Bot } from '../bot/bot.ts';
import type { BotContext } from '../bot/context.ts';
import type { Meeting } from '../bot/meeting.ts';
import { notFound, refused } from '../bot/refusal.ts';
import type { SdkUpload } from '../bot/sdk-upload.ts';
import type { ControlRequest } from './operation.ts';
import type { Scope } from './scope.ts';

export function botOf(request: ControlRequest): Bot {
  return withBot(request).bot;
}

/** What a bot shares with the others of its workspace. */
export function contextOf(request: ControlRequest): BotContext {
  return withBot(request).context;
}

function withBot({ scope, params }: ControlRequest): { readonly bot: Bot; readonly context: BotContext } {
  for (const { workspace } of scope.workspaces) {
    const bot = workspace.bot(params.bot_id ?? '');
    if (bot !== undefined) return { bot, context: workspace.context };
  }
  throw notFound(`There is no such bot ${scope.isWhole ? 'in this process' : 'of this API key'}.`);
}

/** The workspace that has the bot, also one that an earlier process has played. */
export function workspaceWithBot({ scope, params: { bot_id = '' } }: ControlRequest): KeyedWorkspace {
  const found = scope.workspaces.find(({ workspace }) => workspace.context.store.state(bot_id) !== undefined);
  if (found === undefined) throw notFound(`There is no such bot${scope.isWhole ? '' : ' of this API key'}.`);
  return found;
}

/** The workspace of the key. Without one, the only one there is. */
export function onlyWorkspace({ workspaces }: Scope): KeyedWorkspace {
  const [first, second] = workspaces;
  if (first !== undefined && second === undefined) return first;
  throw refused(
    409,
    'which_workspace',
    `There are ${workspaces.length} workspaces: give the API key of one.`,
  );
}

/** People do in a meeting that an SDK records what they do in one that a bot does. */
function uploadNamed({ scope, params: { bot_id = '' } }: ControlRequest): SdkUpload | undefined {
  for (const { workspace } of scope.workspaces) {
    const upload = workspace.uploads.find(bot_id);
    if (upload !== undefined) return upload;
  }
  return undefined;
}

/** The meeting that is being recorded. */
export function meetingOf(request: ControlRequest): Meeting {
  const recorder = uploadNamed(request) ?? botOf(request);
  if (recorder.meeting === undefined) {
    const { status, record } = recorder;
    const what = record.sdkUpload === undefined ? 'bot' : 'SDK upload';
    throw refused(409, 'not_recording', `The ${what} is ${status}: it does not record.`);
  }
  return recorder.meeting;
}

/** The index of the participant whose id is in the path. */
export function participantOf(meeting: Meeting, { params: { id = '' } }: ControlRequest): number {
  return meeting.indexOf(/^\d{1,15}$/.test(id) ? Number(id) : -1);
}
