/** What `--help` prints: groups of flags, examples that can be typed, and lines that fit a terminal of 80 columns. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { widthOf } from '../../src/cli/layout.ts';
import { runCli } from '../support/cli.ts';

const commands = COMMANDS.map((make) => make());

/** All of it, examples included, as in a terminal of 80 columns. */
function helpOf(command: (typeof commands)[number]): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 80,
  });
  command.outputHelp();
  return text;
}

describe.each(commands.map((command) => [command.name(), command] as const))('%s --help', (name, command) => {
  const help = helpOf(command);

  it('fits 80 columns', () => {
    expect(help.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  });

  it('has its flags in groups', () => {
    const shown = command.options.filter(({ hidden }) => !hidden);
    expect(shown.filter(({ helpGroupHeading }) => helpGroupHeading === undefined)).toEqual([]);
    for (const { helpGroupHeading } of shown) expect(help).toContain(`\n${helpGroupHeading}\n`);
  });

  it('has examples, with commands and flags that there are', () => {
    const examples = [...help.matchAll(/^ {2}\$ recall-emulator ((?:[^\n\\]|\\\n)+)/gm)].map(
      ([, line]) => line!.split(/ -- | # /)[0]!,
    );
    expect(examples.length, help).toBeGreaterThan(0);
    for (const example of examples) {
      const called = commands.find((each) => each.name() === example.split(' ')[0]);
      expect(called, example).toBeDefined();
      for (const [flag] of example.matchAll(/--[\w-]+/g))
        expect(called!.options.map(({ long }) => long)).toContain(flag);
    }
    expect(examples.some((example) => example.split(' ')[0] === name)).toBe(true);
  });
});

describe('completion', () => {
  const complete = async (...args: string[]): Promise<string[]> =>
    (await runCli('complete', '--', ...args)).stdout.split('\n').map((line) => line.split('\t')[0]!);

  it('knows the commands, their flags, and the values that a flag may have', async () => {
    expect(await complete('')).toEqual(expect.arrayContaining(['play', 'check', 'schema']));
    expect(await complete('load', '--fi')).toContain('--find-limit');
    expect(await complete('play', '--connections', '')).toContain('per-endpoint');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { code, stdout } = await runCli('completion', shell);
    expect(code).toBe(0);
    expect(stdout).toContain('recall-emulator complete -- ');
  });

  it('says which shells it knows', async () => {
    const { code, stderr } = await runCli('completion', 'tcsh');
    expect(code).toBe(2);
    expect(stderr).toContain('zsh, bash, fish');
  });
});

describe('truth', () => {
  it('prints RTTM that compare finds right, and JSON', async () => {
    const { stdout, code } = await runCli('truth', 'standup');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^SPEAKER meeting 1 [\d.]+ [\d.]+ <NA> <NA> \d+ <NA> <NA>$/);
    const json = await runCli('truth', 'standup', '--json');
    expect(JSON.parse(json.stdout).participants).toHaveLength(3);
  });
});
