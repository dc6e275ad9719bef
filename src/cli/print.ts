/** Where the lines of a command go. */
import { columnsOf, wrap } from './layout.ts';

/** On stdout: what the user came for. */
export function print(text: string): void {
  console.log(text);
}

/** The same for a line that may be long: it fits the terminal. In a pipe it stays whole, for whoever searches it. */
export function printWrapped(text: string): void {
  const { stdout } = process;
  for (const line of stdout.isTTY ? wrap(text, columnsOf(stdout)) : [text]) print(line);
}

/** On stderr: progress, warnings and errors. */
export function tell(text: string): void {
  console.error(text);
}
