/** `recall-emulator completion`: what a shell needs to complete commands, flags and their values. */
import { Argument, Command } from 'commander';

const COMPLETION = 'completion';
/** What the printed script calls when somebody presses Tab. */
const REQUEST = 'complete';

/** Whether the command line wants a script, or a script wants to know what fits. */
export function isCompletion([name]: readonly string[]): boolean {
  return name === COMPLETION || name === REQUEST;
}

/** For the help: what it does is added when it is called. */
export function completionCommand(): Command {
  return new Command(COMPLETION)
    .description('Print a script that completes commands and flags in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['zsh', 'bash', 'fish', 'powershell']));
}

/** Gives the program the commands that do it, in place of the one for the help. */
export async function addCompletion(program: Command): Promise<void> {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  tab(program, { completionCommandName: COMPLETION });
}
