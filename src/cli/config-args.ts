/**
 * What `recall-emulator.config.*` says becomes flags and operands, as if they had been typed: the same readers, the same errors. What is
 * typed wins.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config, Setting } from '../config.ts';
import { UsageError } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { COMMANDS } from './commands.ts';
import { tell } from './print.ts';

const FILES = ['yaml', 'yml', 'json', 'ts', 'mjs', 'js'].map((ending) => `recall-emulator.config.${ending}`);
const COMMON = 'common';
const HELP = ['-h', '--help'];

/** The command line with what the file in the working directory adds. Throws what `readConfig` does, and `invalid_config`. */
export async function withConfig(args: readonly string[]): Promise<readonly string[]> {
  const file = FILES.find((each) => existsSync(each));
  if (file === undefined) return args;
  const [name, ...typed] = args;
  const make = COMMANDS.find((each) => each().name() === name);
  if (make === undefined || typed.some((each) => HELP.includes(each))) return args;
  const { readConfig } = await import('../config.ts');
  const config = await readConfig(file);
  checkNames(file, config);
  const command = make();
  const split = typed.indexOf('--');
  const head = split < 0 ? typed : typed.slice(0, split);
  const tail = split < 0 ? [] : typed.slice(split);
  const { isTyped, operands } = typedOf(make(), head);
  const settings = { ...ofCommon(config[COMMON], command), ...config[command.name()] };
  const flags: string[] = [];
  const own: Record<string, readonly string[]> = {};
  for (const [key, setting] of Object.entries(settings)) {
    if (command.registeredArguments.some((each) => each.name() === key)) own[key] = wordsOf(setting);
    else if (!isTyped(key)) flags.push(...flagsOf(key, setting));
  }
  const added = operandsOf(command, own, operands.length, tail);
  if (!typed.some((each) => each === '-q' || each === '--quiet')) tell(`reads ${file}`);
  return [command.name(), ...flags, ...head, ...added];
}

/** Throws a `UsageError` for a command or a flag that there is not. */
function checkNames(file: string, config: Config): void {
  const commands = COMMANDS.map((make) => make());
  for (const [name, settings] of Object.entries(config)) {
    const meant = name === COMMON ? commands : commands.filter((each) => each.name() === name);
    if (meant.length === 0)
      throw unknown(
        `${file} has "${plainText(name)}", which is no command.`,
        `There are ${COMMON}, ${commands.map((each) => each.name()).join(', ')}.`,
      );
    for (const key of Object.keys(settings)) {
      const isOperand = name !== COMMON && meant[0]!.registeredArguments.some((each) => each.name() === key);
      if (isOperand || meant.some((each) => each.options.some(({ long }) => long === `--${key}`))) continue;
      throw unknown(
        `${file} has "${plainText(key)}" for ${name}, which is no flag of it.`,
        name === COMMON ? 'No command has it.' : `See recall-emulator ${name} --help.`,
      );
    }
  }
}

function unknown(what: string, hint: string): UsageError {
  return new UsageError('invalid_config', what, { hint });
}

function ofCommon(common: Config[string] = {}, command: Command): Config[string] {
  const has = (key: string): boolean => command.options.some(({ long }) => long === `--${key}`);
  return Object.fromEntries(Object.entries(common).filter(([key]) => has(key)));
}

/** What was typed. Of a command line that is wrong nothing is known, and the parser says why. */
function typedOf(
  command: Command,
  head: readonly string[],
): { readonly isTyped: (key: string) => boolean; readonly operands: readonly string[] } {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  let operands: readonly string[] = [];
  try {
    ({ operands } = command.parseOptions([...head]));
  } catch {}
  return {
    operands,
    isTyped: (key) => {
      const option = command.options.find(({ long }) => long === `--${key}`)!;
      return command.getOptionValueSource(option.attributeName()) !== undefined;
    },
  };
}

function flagsOf(key: string, setting: Setting): readonly string[] {
  if (setting === false) return [];
  if (setting === true) return [`--${key}`];
  return [setting].flat().map((value) => `--${key}=${value}`);
}

function wordsOf(setting: Setting): readonly string[] {
  return Array.isArray(setting) ? setting.map(String) : String(setting).split(' ');
}

/** Operands that were not typed; what is typed after `--` stays there. */
function operandsOf(
  command: Command,
  own: Readonly<Record<string, readonly string[]>>,
  typedCount: number,
  tail: readonly string[],
): readonly string[] {
  const missing = command.registeredArguments.slice(typedCount);
  const single = missing.filter(({ variadic }) => !variadic).flatMap((each) => own[each.name()] ?? []);
  const rest = missing.filter(({ variadic }) => variadic).flatMap((each) => own[each.name()] ?? []);
  if (tail.length > 0) return [...single, ...tail];
  return rest.length === 0 ? single : [...single, '--', ...rest];
}
