/** `recall-emulator trigger`: one event at an app, as Recall would send it, or wrong on purpose. */
import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { redactTarget } from '../target.ts';
import type { TriggerReport } from '../trigger/trigger.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import { EXIT } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { print, printJson, printWrapped } from './print.ts';

const TRIGGER = [
  'override',
  'secret',
  'badSignature',
  'stale',
  'duplicate',
  'legacy',
  'insecure',
] as const satisfies FlagName[];
const OUTPUT = ['to', 'print', 'list', 'json'] as const satisfies FlagName[];

type Flags = FlagValues<(typeof TRIGGER)[number] | (typeof OUTPUT)[number]>;

export function triggerCommand(): Command {
  const command = new Command('trigger')
    .description('Send one webhook or one real-time event to your app.')
    .argument('[event]', 'its name, such as bot.done or audio_separate_raw.data');
  return addFlags(command, ['to', ...TRIGGER, 'print', 'list', 'json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator trigger bot.done --to http://127.0.0.1:4000/ --json
  $ recall-emulator trigger bot.call_ended --to http://127.0.0.1:4000/hooks \\
      --override data.data.sub_code=bot_kicked_from_call
  $ recall-emulator trigger audio_separate_raw.data --to ws://127.0.0.1:4000/
  $ recall-emulator trigger transcript.data --print

Exit codes:
  0  it was taken: an answer of 2xx, or a WebSocket that was closed in order
  1  it was not
  2  wrong usage`,
    )
    .action(run);
}

async function run(event: string | undefined, flags: Flags): Promise<void> {
  const [{ trigger, triggerMessage }, { TRIGGER_EVENTS }] = await Promise.all([
    import('../trigger/trigger.ts'),
    import('../trigger/sample-events.ts'),
  ]);
  if (flags.list === true) {
    if (flags.json === true) printJson(TRIGGER_EVENTS);
    else
      for (const { name, transports } of TRIGGER_EVENTS) print(`${name.padEnd(40)} ${transports.join(', ')}`);
    return;
  }
  if (event === undefined) {
    throw new UsageError('no_events', 'There is no event to send.', {
      hint: 'Name one, such as bot.done; --list has all of them.',
    });
  }
  const options = optionsOf(TRIGGER, flags);
  if (flags.print === true) {
    printJson(await triggerMessage(event, options));
    return;
  }
  if (flags.to === undefined) {
    throw new UsageError('invalid_url', `There is no URL to send ${event} to.`, {
      hint: 'Give --to, or look at the message with --print.',
    });
  }
  const report = await trigger(event, { ...options, to: flags.to });
  if (flags.json === true) printJson(report);
  else for (const line of linesOf(report, flags.to)) printWrapped(line);
  process.exitCode = report.ok ? EXIT.ok : EXIT.failed;
}

function linesOf({ event, id, results }: TriggerReport, to: string): string[] {
  const signed = id === null ? 'unsigned' : id;
  return results.map(({ status, error }) => {
    const what = `${event} (${signed}) to ${redactTarget(to)}`;
    if (error !== null) return `✘ ${what}: ${error}`;
    return `✔ ${what}: ${status === null ? 'read, and closed in order' : `HTTP ${status}`}`;
  });
}
