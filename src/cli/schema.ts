/** `recall-emulator schema`: the published documents, for editors, code generators and tests in other languages. */
import { Command } from 'commander';
import { PUBLISHED, publishedText } from '../published.ts';
import { addFlags } from './command-flags.ts';
import type { FlagValues } from './flags.ts';
import { print, printJson } from './print.ts';

export function schemaCommand(): Command {
  const command = new Command('schema')
    .description('Print a JSON Schema, or the AsyncAPI or OpenAPI document.')
    .argument('[name]', 'which one; without it, there is a list');
  return addFlags(command, ['json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator schema
  $ recall-emulator schema realtime-events > events.schema.json
  $ recall-emulator schema asyncapi > asyncapi.yaml

Exit codes:
  0  printed
  2  there is no document of that name, or wrong usage`,
    )
    .action(run);
}

function run(name: string | undefined, flags: FlagValues<'json'>): void {
  if (name !== undefined) print(publishedText(name).trimEnd());
  else if (flags.json === true) printJson(PUBLISHED);
  else for (const each of PUBLISHED) print(`${each.name.padEnd(16)} ${each.about}`);
}
