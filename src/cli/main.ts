#!/usr/bin/env node
/** The command line's entry: which commands there are. What a command needs is loaded only when it is called. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './check.ts';
import { compareCommand } from './compare.ts';
import { execCommand } from './exec.ts';
import { EXIT, reportError, watchOutput } from './exit.ts';
import { generateCommand } from './generate.ts';
import { importCommand } from './import.ts';
import { inboxCommand } from './inbox.ts';
import { loadCommand } from './load.ts';
import { playCommand } from './play.ts';
import { recordCommand } from './record.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { triggerCommand } from './trigger.ts';
import { validateCommand } from './validate.ts';

const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('recall-emulator')
  .description(
    'Plays meetings at your receiver as Recall.ai streams them in real time, each participant separately.',
  )
  .version(packageJson.version);

for (const command of [
  playCommand(),
  checkCommand(),
  serveCommand(),
  execCommand(),
  triggerCommand(),
  inboxCommand(),
  loadCommand(),
  recordCommand(),
  generateCommand(),
  importCommand(),
  validateCommand(),
  compareCommand(),
  schemaCommand(),
])
  program.addCommand(command);
for (const command of [program, ...program.commands]) {
  command.exitOverride().showHelpAfterError('(--help lists what there is)');
}

watchOutput();
try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own message; exit code 0 is --help and --version.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = reportError(error);
}
