/** `recall-emulator init`: the files that a project begins with. */
import { Command } from 'commander';
import { addFlags } from './command-flags.ts';
import type { FlagValues } from './flags.ts';
import { print, printJson } from './print.ts';

export function initCommand(): Command {
  const command = new Command('init').description(
    'Write a meeting, a configuration and a CI workflow to begin with. Nothing that exists is overwritten.',
  );
  return addFlags(command, ['json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator init
  $ recall-emulator check        # as recall-emulator.config.yaml says

The language is that of the folder: Node (package.json), Python (pyproject.toml,
requirements.txt, setup.py) or Go (go.mod).

Exit codes:
  0  written, or already there
  1  the disk refuses a file
  2  wrong usage`,
    )
    .action(run);
}

async function run(flags: FlagValues<'json'>): Promise<void> {
  const { writeStarter } = await import('../starter.ts');
  const { language, files } = writeStarter('.');
  if (flags.json === true) {
    printJson({ language, files });
    return;
  }
  print(`for ${language}:`);
  for (const { path, written } of files) print(`${written ? 'wrote' : 'kept '} ${path}`);
  print('Change recall-emulator.config.yaml to how your receiver starts and where it writes. Then:');
  print('  recall-emulator play     a meeting, without your receiver');
  print('  recall-emulator check    whether your receiver is right');
}
