/** `recall-emulator record`: the embedded receiver alone, for capturing real traffic. */
import { Command } from 'commander';
import { plainText } from '../plain-text.ts';
import type { ReceiverProgress } from '../receiver/receiver.ts';
import type { ReceiverStats, RecordingStats } from '../receiver/stats.ts';
import type { TallyEntry } from '../receiver/tally.ts';
import { addFlags } from './command-flags.ts';
import { EXIT, interruptSignal } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { logLine } from './log-line.ts';
import { print, printJson, tell } from './print.ts';
import { openReceivedTrace } from './trace-file.ts';

const FLAGS = [
  'port',
  'host',
  'out',
  'allowHost',
  'secret',
  'trace',
  'json',
  'quiet',
] as const satisfies FlagName[];
const DEFAULT = { port: 4_000, out: 'recall-emulator-out' };

export function recordCommand(): Command {
  const command = new Command('record').description(
    'Receive real-time events and record them: one WAV per participant, and every message as NDJSON. Nothing that exists is overwritten.',
  );
  return addFlags(command, FLAGS, { port: `${DEFAULT.port}`, out: DEFAULT.out })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator record --port 4000 --out captured
  $ recall-emulator play --capture captured/recording-ID/events.ndjson

Runs until Ctrl-C.`,
    )
    .action(run);
}

async function run(flags: FlagValues<(typeof FLAGS)[number]>): Promise<void> {
  const [{ startReceiver }, { statsToJson }] = await Promise.all([
    import('../receiver/receiver.ts'),
    import('../receiver/stats.ts'),
  ]);
  const signal = interruptSignal();
  const { port = DEFAULT.port, out = DEFAULT.out } = flags;
  const trace = flags.trace === undefined ? undefined : await openReceivedTrace(flags.trace, out);
  const receiver = await startReceiver({
    port,
    host: flags.host,
    dir: out,
    allowHosts: flags.allowHost,
    secret: flags.secret,
    onProblem: ({ code, message, hint }) => {
      const kind = OWN_PROBLEMS.has(code) ? 'problem' : 'invalid message';
      logLine(plainText(`${kind}: ${message}${hint === undefined ? '' : ` ${hint}`}`));
    },
    onEvent: (event, connection) => trace?.event(event, connection),
    onProgress: (progress) => {
      trace?.progress(progress);
      if (flags.quiet !== true) logLine(progressLine(progress));
    },
  });
  tell(`recording at ${receiver.url} into ${out}; Ctrl-C ends it`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await receiver.close();
  const isTraced = trace === undefined || trace.close();
  const stats = receiver.stats();
  const ok = stats.invalid === 0 && stats.failedRecordings === 0;
  if (flags.json === true) printJson({ ok, out, ...(statsToJson(stats) as object) });
  else for (const line of summary(stats, out)) print(line);
  process.exitCode = ok && isTraced ? EXIT.ok : EXIT.failed;
}

/** Codes of problems that are not in a message. */
const OWN_PROBLEMS = new Set(['recording_not_written', 'accept_failed', 'upgrade_refused']);

function progressLine(progress: ReceiverProgress): string {
  switch (progress.kind) {
    case 'connection_opened':
      return `connection ${progress.connection.number} opened: ${plainText(progress.connection.url, 200)}`;
    case 'connection_closed': {
      const { number, closeCode, messages } = progress.connection;
      return `connection ${number} closed (${closeCode}) after ${count(messages, 'message')}`;
    }
    case 'recording_began':
      return `recording ${progress.recording.id} began${inFolder(progress.recording)}`;
    case 'recording_quiet': {
      const { id, participants, frames } = progress.recording;
      return `recording ${id} has no connection left: ${count(participants.length, 'participant')}, ${count(frames, 'frame')} so far`;
    }
  }
}

function summary(stats: ReceiverStats, out: string): string[] {
  const { messages, connectionsTotal, invalid, failedRecordings } = stats;
  const failed =
    failedRecordings === 0 ? '' : `, ${count(failedRecordings, 'recording')} not written to its end`;
  return [
    ...stats.recordings.flatMap(recordingLines),
    `${count(messages, 'message')} in ${count(connectionsTotal, 'connection')}, ${invalid} invalid${failed}; recorded in ${out}`,
  ];
}

function recordingLines(recording: RecordingStats): string[] {
  const { id, participants, frames, failure, frameMs, gapMs } = recording;
  return [
    `recording ${id}${inFolder(recording)}: ${count(participants.length, 'participant')}, ${count(frames, 'frame')}`,
    ...(failure === null ? [] : [`  ended early: ${plainText(failure)}`]),
    ...recording.videos.map(
      ({ id: participant, type, pictures, width, height }) =>
        `  ${type} of participant ${participant}: ${count(pictures, 'picture')} of ${width}×${height}`,
    ),
    ...(frames === 0 ? [] : [`  frame length: ${histogram(frameMs)}`]),
    ...(gapMs.length === 0 ? [] : [`  between frames: ${histogram(gapMs)}`]),
  ];
}

const LISTED = 5;

/** `100 ms × 412, 40 ms × 4`: the most common first. */
function histogram(entries: readonly TallyEntry[]): string {
  const listed = entries.slice(0, LISTED).map((entry) => `${entry.ms} ms × ${entry.count}`);
  return `${listed.join(', ')}${entries.length > LISTED ? ', …' : ''}`;
}

function inFolder({ dir }: RecordingStats): string {
  return dir === null ? '' : ` in ${dir}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
