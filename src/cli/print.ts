/** Where the lines of a command go. In sentences, the library's options become flags; in data, they keep their names. */
import { plainJson } from '../plain-text.ts';
import { inFlags } from './command-flags.ts';
import { columnsOf, wrap } from './layout.ts';

/** On stdout: what the user came for, as it is. For lines that have been laid out; objects are for `printJson`, sentences are for `printWrapped`. */
export function print(text: string): void {
  console.log(text);
}

/**
 * An object for programs on stdout, on one line. Names in it are as they are given, and yet safe in a terminal. `without`: the
 * name of fields that no program asked for.
 */
export function printJson(value: unknown, without?: string): void {
  print(plainJson(value, without));
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
