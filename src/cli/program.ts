/** Which commands there are. What a command needs is loaded only when it is called. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageFile } from '../package-files.ts';
import { COMMANDS } from './commands.ts';
import { addCompletion, completionCommand, isCompletion } from './completion.ts';
import { withConfig } from './config-args.ts';
import { EXIT, reportError, watchOutput } from './exit.ts';

const packageJson = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string;
};

/** Runs the command that `process.argv` names, to its end; what goes wrong is printed, and sets the exit code. */
export async function runProgram(): Promise<void> {
  watchOutput();
  try {
    const args = process.argv.slice(2);
    const program = await programOf(args);
    await program.parseAsync(await withConfig(args), { from: 'user' });
  } catch (error) {
    // Commander has printed its own message; exit code 0 is --help and --version.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else process.exitCode = reportError(error);
  }
}

async function programOf(args: readonly string[]): Promise<Command> {
  const program = new Command('recall-emulator')
    .description(
      'Plays meetings at your receiver as Recall.ai streams them in real time, each participant separately.',
    )
    .version(packageJson.version)
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator play --to ws://127.0.0.1:4000/audio/
  $ recall-emulator check ws://127.0.0.1:4000/audio/ --quick
  $ recall-emulator exec --speed max -- npm test
  $ recall-emulator help check`,
    );

  for (const make of COMMANDS) program.addCommand(make());
  if (isCompletion(args)) await addCompletion(program);
  else program.addCommand(completionCommand());
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError('(--help lists what there is)');
  }
  return program;
}
