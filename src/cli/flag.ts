/** What a flag is, and the four kinds that there are: with a value, with text, there or not, one of a few. */

/** A flag. `Option` is the library's name of what it sets; `undefined` for what only the command line has. */
export interface Flag<Value, Name extends string | undefined> {
  /** As commander takes it: `-q, --quiet`, `--to <url>`. */
  readonly flags: string;
  /** One line. */
  readonly help: string;
  readonly option: Name;
  readonly read?: ((text: string, previous: Value | undefined) => Value) | undefined;
  readonly choices?: readonly string[] | undefined;
  /** What happens without it, as it would be typed or in words. A command may say it otherwise. */
  readonly preset?: string | undefined;
}

/** A flag with a value. */
export function valued<Value, const Name extends string | undefined>(
  option: Name,
  flags: string,
  help: string,
  reader: (text: string, previous: Value | undefined) => Value,
  preset?: string,
): Flag<Value, Name> {
  return { flags, help, option, read: reader, preset };
}

/** A flag with text as it is. */
export function text<const Name extends string | undefined>(
  option: Name,
  flags: string,
  help: string,
  preset?: string,
): Flag<string, Name> {
  return { flags, help, option, preset };
}

/** A flag that is there or not. */
export function toggle<const Name extends string | undefined>(
  option: Name,
  flags: string,
  help: string,
): Flag<boolean, Name> {
  return { flags, help, option };
}

/** A flag with one of these. */
export function choice<const Value extends string, const Name extends string>(
  option: Name,
  flags: string,
  help: string,
  choices: readonly Value[],
  preset: Value,
): Flag<Value, Name> {
  return { flags, help, option, choices, preset };
}

/** A default in seconds, as it would be typed. */
export function secondsText(value: number): string {
  return `${value}s`;
}
