/** `recall-emulator record`: the embedded receiver alone, for capturing real traffic. */
import { Command } from 'commander';
import { plainText } from '../plain-text.ts';
import type { ReceiverProgress } from '../receiver/receiver.ts';
import type { ReceiverStats, RecordingStats } from '../receiver/stats.ts';
import type { TallyEntry } from '../receiver/tally.ts';
import { EXIT, interruptSignal } from './exit.ts';
import { logLine } from './log-line.ts';
import * as read from './options.ts';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly out: string;
  readonly allowHost?: string[];
  readonly secret?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function recordCommand(): Command {
  return new Command('record')
    .description(
      'Receive real-time events and record them: one WAV per participant, and every message as NDJSON.',
    )
    .option('--port <n>', 'port to listen on; 0 takes any free one', read.port, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--out <dir>', 'where to record; existing files are never overwritten', 'recall-emulator-out')
    .option(
      '--allow-host <name>',
      "a host name by which senders may call this receiver, such as your tunnel's; may be repeated",
      read.list,
    )
    .option('--secret <whsec>', 'refuse upgrades that are not signed with this secret')
    .option('--json', 'print exactly one JSON object on stdout at the end')
    .option('-q, --quiet', 'print the address, problems and the summary only')
    .addHelpText(
      'after',
      '\nRuns until Ctrl-C. To replay what it recorded:\n  $ recall-emulator play --capture DIR/recording-ID/events.ndjson',
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const [{ startReceiver }, { statsToJson }] = await Promise.all([
    import('../receiver/receiver.ts'),
    import('../receiver/stats.ts'),
  ]);
  const signal = interruptSignal();
  const receiver = await startReceiver({
    port: flags.port,
    host: flags.host,
    dir: flags.out,
    allowHosts: flags.allowHost,
    secret: flags.secret,
    onProblem: ({ code, message, hint }) => {
      const kind = OWN_PROBLEMS.has(code) ? 'problem' : 'invalid message';
      logLine(plainText(`${kind}: ${message}${hint === undefined ? '' : ` ${hint}`}`));
    },
    onProgress: flags.quiet === true ? undefined : (progress) => logLine(progressLine(progress)),
  });
  console.error(`recording at ${receiver.url} into ${flags.out}; Ctrl-C ends it`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await receiver.close();
  const stats = receiver.stats();
  const ok = stats.invalid === 0 && stats.failedRecordings === 0;
  if (flags.json === true)
    console.log(JSON.stringify({ ok, out: flags.out, ...(statsToJson(stats) as object) }));
  else for (const line of summary(stats, flags.out)) console.log(line);
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
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
