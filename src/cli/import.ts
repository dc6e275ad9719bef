/** `recall-emulator import`: a recording of Recall's as a scenario. */
import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { addFlags, REQUIRED } from './command-flags.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { printJson, printWrapped } from './print.ts';

const FLAGS = ['apiKey', 'region', 'baseUrl', 'out', 'json'] as const satisfies FlagName[];

export function importCommand(): Command {
  const command = new Command('import')
    .description("Make a scenario of a bot's last recording: participants, events, words and separate audio.")
    .argument('<bot-id>', 'whose recording');
  return addFlags(command, FLAGS, { apiKey: 'RECALL_API_KEY', out: REQUIRED })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator import 4cff97e4-… --region us-west-2 --out standup
  $ recall-emulator play standup/scenario.yaml

Exit codes:
  0  the scenario is written, and can be played
  1  Recall does not give the recording, or the disk refuses it
  2  wrong usage, or a recording that makes no scenario`,
    )
    .action(run);
}

async function run(botId: string, flags: FlagValues<(typeof FLAGS)[number]>): Promise<void> {
  const { importRecording } = await import('../import/import.ts');
  const apiKey = flags.apiKey ?? process.env.RECALL_API_KEY;
  if (apiKey === undefined || apiKey === '')
    throw new UsageError('api_key_needed', 'Recall gives recordings to those who have its key.', {
      hint: 'Give `apiKey`, or set RECALL_API_KEY.',
    });
  const baseUrl = flags.baseUrl ?? `https://${flags.region ?? 'us-west-2'}.recall.ai`;
  const done = await importRecording({ botId, apiKey, baseUrl, out: flags.out! });
  if (flags.json === true) {
    printJson({ ok: true, ...done });
    return;
  }
  const missing = done.missing.length === 0 ? '' : `; the recording has no ${done.missing.join(', ')}`;
  printWrapped(
    `${done.participants} participants, ${done.wavFiles} WAV files, ${done.seconds.toFixed(1)} s${missing}`,
  );
  printWrapped(`play it: recall-emulator play ${plainText(done.scenario)}`);
}
