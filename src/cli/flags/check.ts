/** Flags of `check`. */
import { CHECK_DEFAULTS } from '../../check/options.ts';
import { choice, secondsText, text, toggle, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const CHECK_FLAGS = {
  wait: valued(
    'waitSeconds',
    '--wait <time>',
    'how long the receiver may take until it listens',
    read.seconds,
    secondsText(CHECK_DEFAULTS.waitSeconds),
  ),
  restart: choice(
    'restart',
    '--restart <when>',
    'when the command after -- is started anew',
    ['each', 'needed', 'never'],
    CHECK_DEFAULTS.restart,
  ),
  files: valued(
    'files',
    '--files <pattern>',
    "where the receiver writes audio, such as 'out/{recording_id}/{id}.wav'; repeatable",
    read.list,
  ),
  filesWait: valued(
    'filesWaitSeconds',
    '--files-wait <time>',
    'how long to wait for the files of the first case',
    read.seconds,
    secondsText(CHECK_DEFAULTS.filesWaitSeconds),
  ),
  mix: text(
    'mix',
    '--mix <pattern>',
    "where the receiver writes the mix of all participants, such as 'out/{recording_id}.wav'",
  ),
  rttm: text(
    'rttm',
    '--rttm <pattern>',
    "where the receiver writes who spoke when, such as 'out/{recording_id}.rttm'",
  ),
  tap: toggle(
    'tap',
    '--tap',
    'an HTTP endpoint to which the receiver posts what it hands on; it finds its URL in RECALL_EMULATOR_TAP',
  ),
  tapPort: valued('tapPort', '--tap-port <n>', 'the same on this port', read.port, 'any free one'),
  probe: text(
    'probe',
    '--probe <url>',
    'where the receiver tells its state, as JSON or text: what changes is shown in reports',
  ),
  probeCommand: text('probeCommand', '--probe-command <command>', 'prints it instead'),
  setup: text(
    'setup',
    '--setup <command>',
    "runs before each case; may print JSON with that case's url, headers and bot_metadata",
  ),
  create: text(
    'create',
    '--create <command>',
    "lets your app make its bot at a mock of Recall's API, at RECALL_API_BASE_URL: each case is what this bot plays",
  ),
  cases: valued('cases', '--cases <ids>', "only these, such as 'mute.*,names.equal'", read.names),
  skip: valued('skip', '--skip <ids>', "all but these, such as 'load.*'", read.names),
  known: text(
    'known',
    '--known <file>',
    'failures that are expected, a list of cases (YAML): they fail no run; told when fixed',
  ),
  watch: toggle(undefined, '--watch', 'again whenever the receiver has been started anew, until Ctrl-C'),
  markdown: text(undefined, '--markdown <file>', 'write the summary as Markdown'),
  list: toggle(
    undefined,
    '--list',
    'print what there is (check: the cases that would be played; trigger: all events), and end',
  ),
  quick: toggle(undefined, '--quick', 'only the cases that matter most: at most 20 s'),
  full: toggle(undefined, '--full', 'every case there is, the long ones too'),
} as const;
