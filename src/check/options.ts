/** The options of `check`, and their defaults. */
import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { Session } from '../emulator/session.ts';
import { UsageError } from '../errors.ts';
import { checkRange, type Range } from '../range.ts';
import { checkHeaders, readTarget } from '../target.ts';
import type { KnownFailure } from './known.ts';
import { filledUrl } from './place.ts';
import type { CaseResult } from './report.ts';
import type { PlannedCase } from './run.ts';

export interface CheckOptions {
  /**
   * `ws://` or `wss://` URL of the receiver, dialled exactly as it is. `{n}` in it stands for the number of the meeting, and
   * `{bot_id}` for its bot's id. With `create` it only says where to wait for the app.
   */
  readonly url?: string | undefined;
  /** Starts the receiver, and is ended when all is over: program and arguments. */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** How long the receiver may take until it listens; default 30. */
  readonly waitSeconds?: number | undefined;
  /** When `command` is started anew: before each case, when it has died or writes only at its end (default), or never. */
  readonly restart?: 'each' | 'needed' | 'never' | undefined;
  /** Where it writes audio: `out/recording-{recording_id}/participant-{id}.wav`. */
  readonly files?: readonly string[] | undefined;
  /** Where it writes the mix of all participants: `out/{recording_id}.wav`. */
  readonly mix?: string | undefined;
  /** Where it writes who spoke when, as RTTM: `out/{recording_id}.rttm`. */
  readonly rttm?: string | undefined;
  /** An HTTP endpoint of ours, to which the receiver posts what it hands on: for receivers that keep no files. */
  readonly tap?: boolean | undefined;
  /** The port of the tap, which there is then; any free one when left out. */
  readonly tapPort?: number | undefined;
  /** `http://` or `https://` URL where the receiver tells its state, as JSON or text; what changes is shown in reports. */
  readonly probe?: string | undefined;
  /** Shell command that prints it instead. */
  readonly probeCommand?: string | undefined;
  /** How long to wait for files of the first case, in wall seconds; default 5. */
  readonly filesWaitSeconds?: number | undefined;
  /** Which connections: `both` (default), or one of the topologies. */
  readonly connections?: ConnectionMode | 'both' | undefined;
  /** Ids of cases to run, with `*`: `mute.*`. Default all of the suite. */
  readonly cases?: readonly string[] | undefined;
  /** Ids of cases to leave out. */
  readonly skip?: readonly string[] | undefined;
  /** How many cases: at most 20 s, at most 120 s (default), or all. */
  readonly suite?: 'quick' | 'default' | 'full' | undefined;
  /** Failures that are expected, as a list or a file that has one (YAML or JSON): they fail no run. */
  readonly known?: string | readonly KnownFailure[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `whsec_…`: upgrades are signed. */
  readonly secret?: string | undefined;
  readonly insecure?: boolean | undefined;
  /** Skip what the receiver writes and is no WebSocket frame, to see what else there is. */
  readonly tolerateInvalidFrames?: boolean | undefined;
  /** `bot.metadata` of every message. */
  readonly botMetadata?: Readonly<Record<string, string>> | undefined;
  /** Ids, names and voices derive from it; another one every time when left out. */
  readonly seed?: number | undefined;
  /** The report carries what was kept in cases in which something is wrong, as audio to listen to; default false. */
  readonly keepAudio?: boolean | undefined;
  /** Ends it early; what has been played is reported. */
  readonly signal?: AbortSignal | undefined;
  /** Shell command that runs before each case, and may print JSON: the `url`, `headers` and `bot_metadata` of that case. */
  readonly setup?: string | undefined;
  /**
   * Shell command that lets an app make its bot at our mock of Recall's API, whose base URL is in `RECALL_API_BASE_URL`; then each
   * case is the meeting that this bot plays.
   */
  readonly create?: string | undefined;
  /** With `create`: where status webhooks of the app's bots go. */
  readonly webhookUrls?: readonly string[] | undefined;
  /** With `create`: dials another URL in place of those that begin so. */
  readonly mapTargets?: Readonly<Record<string, string>> | undefined;
  /** Called before the first case. */
  readonly onPlan?: ((planned: readonly PlannedCase[]) => void) | undefined;
  readonly onStart?: ((planned: PlannedCase, index: number) => void) | undefined;
  readonly onSession?: ((planned: PlannedCase, session: Session) => void) | undefined;
  readonly onResult?: ((result: CaseResult) => void) | undefined;
  /** The base URL of the tap, which `command` finds in `RECALL_EMULATOR_TAP`. */
  readonly onTap?: ((url: string) => void) | undefined;
  /** Lines that `command` prints. */
  readonly onOutput?: ((stream: 'stdout' | 'stderr', line: string) => void) | undefined;
}

export const CHECK_DEFAULTS = {
  waitSeconds: 30,
  restart: 'needed',
  filesWaitSeconds: 5,
  connections: 'both',
  suite: 'default',
} as const satisfies Partial<CheckOptions>;

const PORT: Range = { min: 0, max: 65_535, whole: true };
const WAIT: Range = { min: 0, max: 600, unit: 's' };

/** Finds out now what would fail later. Throws a `UsageError` that names the option. */
export function checkOptions(options: CheckOptions): void {
  const { url, create, setup } = options;
  if (url !== undefined) filledUrl(url);
  else if (create === undefined) {
    throw new UsageError('no_url', 'Nobody says where the receiver is.', {
      hint: 'Give its WebSocket URL, or with `create` a command that lets your app make a bot.',
    });
  }
  if (create !== undefined && setup !== undefined) {
    throw new UsageError(
      'setup_and_create',
      '`setup` is for meetings at a URL: with `create` the app says where.',
      {
        hint: 'Let the command of `create` do both.',
      },
    );
  }
  checkHeaders(options.headers ?? {});
  for (const name of ['waitSeconds', 'filesWaitSeconds'] as const) {
    const value = options[name];
    if (value !== undefined) checkRange('invalid_option', name, value, WAIT);
  }
  if (options.probe !== undefined) readTarget(options.probe, 'webhook');
  if (options.tapPort !== undefined) checkRange('invalid_option', 'tapPort', options.tapPort, PORT);
  if (options.restart === 'each' && options.command === undefined) {
    throw new UsageError('no_command', '`restart` needs a command to start the receiver with.', {
      hint: 'Give the command after --.',
    });
  }
}
