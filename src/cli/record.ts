/** `recall-emulator record`: the embedded receiver alone, for capturing real traffic. */
import { Command } from 'commander';
import { EXIT, interruptSignal } from './exit.ts';
import * as read from './options.ts';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly out: string;
  readonly secret?: string;
  readonly json?: boolean;
}

export function recordCommand(): Command {
  return new Command('record')
    .description('Receive and record real-time events: one WAV per participant and the capture as NDJSON.')
    .option('--port <n>', 'port to listen on; 0 takes any free one', read.port, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--out <dir>', 'where to record', 'recall-emulator-out')
    .option('--secret <whsec>', 'refuse upgrades that are not signed with this secret')
    .option('--json', 'print exactly one JSON object on stdout at the end')
    .addHelpText(
      'after',
      '\nRuns until Ctrl-C. Replay what it recorded with: recall-emulator play --capture DIR/recording-ID/events.ndjson',
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { startReceiver } = await import('../receiver/receiver.ts');
  const signal = interruptSignal();
  const receiver = await startReceiver({
    port: flags.port,
    host: flags.host,
    dir: flags.out,
    ...(flags.secret === undefined ? {} : { secret: flags.secret }),
    onProblem: (problem) => console.error(`invalid message: ${problem.message}`),
  });
  console.error(`recording at ${receiver.url} into ${flags.out}; Ctrl-C ends it`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await receiver.close();
  const stats = receiver.stats();
  const ok = stats.invalid === 0;
  if (flags.json === true) console.log(JSON.stringify({ ok, out: flags.out, ...stats }));
  else
    console.log(
      `${stats.messages} messages in ${stats.connectionsTotal} connections, ${stats.invalid} invalid; recorded in ${flags.out}`,
    );
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
}
