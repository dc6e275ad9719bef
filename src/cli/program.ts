/** Which commands there are. What a command needs is loaded only when it is called. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageFile } from '../package-files.ts';
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
import { serveCommand } from './serve.ts';
import { traceCommand } from './trace.ts';
import { triggerCommand } from './trigger.ts';
import { validateCommand } from './validate.ts';

const packageJson = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string;
};

/** Runs the command that `process.argv` names, to its end; what goes wrong is printed, and sets the exit code. */
export async function runProgram(): Promise<void> {
  watchOutput();
  try {
    await programOf().parseAsync();
  } catch (error) {
    // Commander has printed its own message; exit code 0 is --help and --version.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = reportError(error);
  }
}

function programOf(): Command {
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
    traceCommand(),
  ])
    program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError('(--help lists what there is)');
  }
  return program;
}
