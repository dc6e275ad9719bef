/** Where the lines of a command go. In sentences, the library's options become flags; in data, they keep their names. */
import { inFlags } from './command-flags.ts';
import { columnsOf, wrap } from './layout.ts';

/** On stdout: what the user came for, as it is. For JSON and for lines that have been laid out; sentences are for `printWrapped`. */
export function print(text: string): void {
  console.log(text);
}

/** A sentence on stdout. It fits the terminal; in a pipe it stays whole, for whoever searches it. */
export function printWrapped(text: string): void {
  const { stdout } = process;
  for (const line of stdout.isTTY ? wrap(text, columnsOf(stdout)) : [inFlags(text)]) print(line);
}

/** A sentence on stderr: progress, warnings and errors. */
export function tell(text: string): void {
  console.error(inFlags(text));
}
