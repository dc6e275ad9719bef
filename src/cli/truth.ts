/** `recall-emulator truth`: who really spoke when in a meeting, to score what a diarizer says. */
import { Command } from 'commander';
import { addFlags } from './command-flags.ts';
import type { FlagValues } from './flags.ts';
import { print, printJson } from './print.ts';

/** The recording's name in RTTM, where nobody has given it one. */
const RECORDING = 'meeting';

export function truthCommand(): Command {
  const command = new Command('truth')
    .description('Print who speaks when in a meeting, as RTTM or JSON.')
    .argument('<scenario>', 'scenario file (YAML, JSON), capture (.ndjson, .jsonl) or built-in name');
  return addFlags(command, ['json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator truth standup > standup.rttm
  $ recall-emulator truth meeting.yaml --json
  $ recall-emulator compare mine.rttm standup      # scores your own RTTM (DER)

RTTM has one SPEAKER line for each utterance; the speaker is the participant's
id. JSON has the streams and mutes, too.

Exit codes:
  0  printed
  2  a file cannot be used, or wrong usage`,
    )
    .action(run);
}

async function run(scenario: string, flags: FlagValues<'json'>): Promise<void> {
  const [{ openMeeting }, { toRttm, toTruth }] = await Promise.all([
    import('../scenario/open.ts'),
    import('../scenario/truth.ts'),
  ]);
  const { timeline } = await openMeeting(scenario);
  if (flags.json === true) printJson(toTruth(timeline));
  else print(toRttm(timeline, RECORDING).trimEnd());
}
