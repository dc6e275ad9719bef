/** `recall-emulator.config.*`: what a project always says to the command line, in a file. Reads it; what it means to commands is theirs. */
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { InvalidInputError, type Problem, UsageError } from './errors.ts';
import { refusalOf } from './files.ts';
import { plainText } from './plain-text.ts';
import { readYaml } from './scenario/yaml.ts';

const settingSchema = z.union(
  [z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))],
  { error: 'It is not a text, a number, true or false, or a list of them.' },
);
const configSchema = z.record(z.string(), z.record(z.string(), settingSchema));

export type Setting = z.infer<typeof settingSchema>;

/** By command; `common` is for every command that has the flag. Keys are names of flags, such as `retry-interval`. */
export type Config = Readonly<Record<string, Readonly<Record<string, Setting>>>>;

const invalid = (problems: readonly Problem[]): InvalidInputError =>
  new InvalidInputError('invalid_config', problems);

/**
 * YAML, JSON, or a module with a default export. Throws a `UsageError` (`config_unreadable`) and an `InvalidInputError`
 * (`invalid_yaml`, `invalid_config`).
 */
export async function readConfig(file: string): Promise<Config> {
  const isText = ['.yaml', '.yml', '.json'].includes(extname(file));
  const source = isText
    ? readYaml(readText(file), file, invalid)
    : { value: await importModule(file), locate: undefined };
  const result = configSchema.safeParse(source.value ?? {});
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(({ path, message }) => {
      const keys = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
      return {
        code: 'invalid_config',
        message: plainText(message),
        hint: 'Write commands, and below each its flags: `check:`, then `quick: true`.',
        location: source.locate?.(keys) ?? { file, path: keys.join('.') },
      };
    }),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, refusalOf(error) ?? (error as Error).message);
  }
}

async function importModule(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw unreadable(file, 'this version of Node reads no TypeScript', 'Take Node 22.18, or name it .mjs.');
    throw unreadable(file, message);
  }
}

function unreadable(file: string, why: string, hint = 'Mend it, or take it away.'): UsageError {
  return new UsageError('config_unreadable', `${plainText(file)} cannot be used: ${plainText(why)}.`, {
    hint,
  });
}
