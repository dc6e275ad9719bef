import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addFlags, inFlags, optionsOf, REQUIRED } from '../../src/cli/command-flags.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CHECK_FLAGS } from '../../src/cli/flags/check.ts';
import { IMPORT_FLAGS } from '../../src/cli/flags/import.ts';
import { INBOX_FLAGS } from '../../src/cli/flags/inbox.ts';
import { LOAD_FLAGS } from '../../src/cli/flags/load.ts';
import { MEETING_FLAGS } from '../../src/cli/flags/meeting.ts';
import { OUTPUT_FLAGS } from '../../src/cli/flags/output.ts';
import { SENDING_FLAGS } from '../../src/cli/flags/sending.ts';
import { SERVER_FLAGS } from '../../src/cli/flags/server.ts';
import { TRIGGER_FLAGS } from '../../src/cli/flags/trigger.ts';
import { FLAGS, type FlagName } from '../../src/cli/flags.ts';
import { runCli } from '../support/cli.ts';

const commands = COMMANDS.map((make) => make());

/** The words of a flag, without what happens when it is missing: that may differ from command to command. */
const wordsOf = (description: string): string => description.replace(/ \((default: .*|required)\)$/, '');

describe('the table of flags', () => {
  it('has every flag of every command, with the same words everywhere', () => {
    const table = new Map(Object.values(FLAGS).map(({ flags, help }) => [flags, help]));
    for (const command of commands) {
      // Old names that still work are not shown.
      for (const { flags, description } of command.options.filter(({ hidden }) => !hidden))
        expect([command.name(), flags, wordsOf(description)]).toEqual([
          command.name(),
          flags,
          table.get(flags),
        ]);
    }
  });

  it('has each flag in one group only', () => {
    const groups = [
      MEETING_FLAGS,
      SENDING_FLAGS,
      LOAD_FLAGS,
      SERVER_FLAGS,
      CHECK_FLAGS,
      TRIGGER_FLAGS,
      INBOX_FLAGS,
      IMPORT_FLAGS,
      OUTPUT_FLAGS,
    ];
    expect(groups.flatMap((group) => Object.keys(group)).sort()).toEqual(Object.keys(FLAGS).sort());
  });

  it('has one flag only for each option, so that a text about it becomes that flag', () => {
    const options = Object.values(FLAGS).flatMap(({ option }) => (option === undefined ? [] : [option]));
    expect(new Set(options).size).toBe(options.length);
  });

  it('has none that no command takes', () => {
    const taken = new Set(commands.flatMap(({ options }) => options.map(({ flags }) => flags)));
    expect(
      Object.values(FLAGS)
        .map(({ flags }) => flags)
        .filter((flags) => !taken.has(flags)),
    ).toEqual([]);
  });

  it('names each flag as commander does', () => {
    for (const name of Object.keys(FLAGS) as FlagName[]) {
      const [option] = addFlags(new Command(), [name]).options;
      expect(option!.attributeName()).toBe(name);
    }
  });

  it('leaves the values of what was not given to the library', () => {
    for (const command of commands)
      for (const { defaultValue } of command.options) expect(defaultValue).toBeUndefined();
  });

  it('tells defaults with their units', () => {
    const help = (name: FlagName): string => addFlags(new Command(), [name]).options[0]!.description;
    expect(help('retryInterval')).toMatch(/\(default: 3s\)$/);
    expect(help('frameMs')).toMatch(/\(default: 100 ms\)$/);
    expect(help('maxBacklog')).toMatch(/\(default: 1M\)$/);
  });

  it('says what a command cannot do without', () => {
    const command = addFlags(new Command(), ['out'], { out: REQUIRED }).exitOverride();
    command.configureOutput({ writeErr: () => {} });
    expect(command.options[0]!.description).toMatch(/\(required\)$/);
    expect(() => command.parse([], { from: 'user' })).toThrow(/--out/);
  });

  it('hands values over by the names of the library, and keeps its own to itself', () => {
    expect(optionsOf(['retryInterval', 'header', 'json'], { retryInterval: 5, json: true })).toEqual({
      retryIntervalSeconds: 5,
      headers: undefined,
    });
  });
});

describe('texts on the command line', () => {
  it.each([
    ['`retryIntervalSeconds` is -1, `x` is not ours.', '--retry-interval is -1, `x` is not ours.'],
    ['name it with `allowHosts: me.example`.', 'name it with --allow-host me.example.'],
    ['`x: 1`, `headers` or `secret: whsec_…`', '`x: 1`, --header or --secret whsec_…'],
    ['closed with "no `secret`": see `secret`', 'closed with "no `secret`": see --secret'],
    // Not the end of a quote.
    ['5" and `insecure`', '5" and --insecure'],
  ])('name flags where the library names options: %s', (text, shown) => {
    expect(inFlags(text)).toBe(shown);
    expect(inFlags(shown)).toBe(shown);
  });

  it.each([
    [['play', '--retry-attempts', '-1'], 'error: --retry-attempts is -1. It goes from 0 to 1000000.'],
    [['play', '--handshake-timeout', '0'], 'error: --handshake-timeout is 0. It goes from 0.001 to 86400 s.'],
    [
      ['load', 'ws://127.0.0.1:1', '--ping-every', '0'],
      'error: --ping-every is 0. It goes from 0.01 to 86400 s.',
    ],
    [
      ['load', 'ws://127.0.0.1:1', '--find-limit', '--bots', '8', '--max-bots', '4'],
      'error: The search begins at 8 bots and ends at 4. Give a --max-bots that is not below --bots.',
    ],
    [
      ['serve', '--host', '0.0.0.0'],
      'error: On 0.0.0.0 others can reach the emulator. Give --api-key and name the hosts it may dial with --allow-target, or stay on 127.0.0.1.',
    ],
    [
      ['serve', '--generate-participants', '0'],
      'error: --generate-participants is 0. It goes from 1 to 1000.',
    ],
    [['play', 'scenario.ndjson'], 'To replay it, give play --capture.'],
  ])('as in %j', async (args, told) => {
    const { code, stderr } = await runCli(...args);
    expect(stderr).toContain(told);
    expect(stderr).not.toContain('`');
    expect(code).toBe(2);
  });

  it('are for people: validate prints flags, and its JSON has options, as all JSON', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'flags-'));
    const file = join(dir, 'messages.json');
    writeFileSync(file, '{"event":"audio_separate_raw.data"}\n{}\n');
    const [printed, json] = await Promise.all([runCli('validate', file), runCli('validate', file, '--json')]);
    rmSync(dir, { recursive: true });
    expect([printed.code, json.code]).toEqual([2, 2]);
    expect(printed.stdout).toContain('To replay it, give play --capture.');
    expect(JSON.parse(json.stdout).files[0].problems[0].hint).toBe('To replay it, give play `capture`.');
  });
});
