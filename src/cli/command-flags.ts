/** From the table to a command and back: the flags it has, what they say to the library, and what the library says to them. */
import { type Command, Option } from 'commander';
import type { Flag } from './flag.ts';
import { FLAGS, type FlagName, type FlagValues, headingOf, type OptionValues } from './flags.ts';

/** In place of a preset: the command cannot do without this flag. */
export const REQUIRED = Symbol('required');

/** Adds flags in this order. `presets` says what happens without one where the command has a say. */
export function addFlags<Name extends FlagName>(
  command: Command,
  names: readonly Name[],
  presets: { readonly [Each in Name]?: string | typeof REQUIRED } = {},
): Command {
  for (const name of names) {
    const flag: Flag<unknown, string | undefined> = FLAGS[name] as never;
    const preset = presets[name] ?? flag.preset;
    const option = new Option(flag.flags, flag.help + noteOf(preset)).helpGroup(headingOf(name));
    option.makeOptionMandatory(preset === REQUIRED);
    if (flag.choices !== undefined) option.choices(flag.choices);
    else if (flag.read !== undefined) option.argParser(flag.read);
    command.addOption(option);
  }
  return command;
}

function noteOf(preset: string | typeof REQUIRED | undefined): string {
  if (preset === REQUIRED) return ' (required)';
  return preset === undefined ? '' : ` (default: ${preset})`;
}

/** What the flags say, by the library's names. */
export function optionsOf<Name extends FlagName>(
  names: readonly Name[],
  values: FlagValues<Name>,
): OptionValues<Name> {
  const options: Record<string, unknown> = {};
  for (const name of names) {
    const { option } = FLAGS[name];
    if (option !== undefined) options[option] = values[name];
  }
  return options as OptionValues<Name>;
}

/** `--retry-interval` by `retryIntervalSeconds`. */
const FLAG_OF: ReadonlyMap<string, string> = new Map(
  Object.values(FLAGS).flatMap(({ option, flags }) =>
    option === undefined ? [] : [[option, /--[\w-]+/.exec(flags)![0]] as const],
  ),
);

/** What somebody else said, in quotes; or an option in backticks, maybe with a value. */
const QUOTE_OR_OPTION = /"[^"]*"|`([a-z]\w*)(?:: ([^`]+))?`/gi;

/**
 * Texts name options as the library does, in backticks (`retryIntervalSeconds`, `connections: per-endpoint`). On the command line
 * they are flags (`--retry-interval`, `--connections per-endpoint`). What stands in quotes is not ours, and stays as it was said.
 */
export function inFlags(text: string): string {
  return text.replace(QUOTE_OR_OPTION, (whole, name: string | undefined, value: string | undefined) => {
    const flag = name === undefined ? undefined : FLAG_OF.get(name);
    if (flag === undefined) return whole;
    return value === undefined ? flag : `${flag} ${value}`;
  });
}
