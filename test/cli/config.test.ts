/** `recall-emulator.config.*` and `init`, as a user meets them: in a folder of their own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type CliResult, startShell, withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';

/** Runs the command line in a folder that has these files. */
function inFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (run: (command: string) => Promise<CliResult>, dir: string) => Promise<T>,
): Promise<T> {
  const cli = `${process.execPath} ${resolve('dist/command/main.js')}`;
  return withFolder((dir) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    return use((command) => startShell(`cd '${dir}' && ${cli} ${command}`).ended, dir);
  });
}

const MEETING = `duration: 1
participants: [{ id: 1, name: Ada }]
timeline: [{ at: 0, participant: 1, action: unmute }]
`;

it('takes flags and operands from the file, and what is typed wins', () =>
  withReceiver([], (receiver) =>
    inFolder(
      {
        'meeting.yaml': MEETING,
        'recall-emulator.config.yaml': `
common: { connections: per-endpoint, frame-ms: 50 }
play: { scenario: meeting.yaml, to: '${receiver.url}/', speed: max, quiet: true, header: ['a: 1', 'b: 2'] }
check: { quick: true }
`,
      },
      async (run) => {
        const first = await run('play --json');
        const report = JSON.parse(first.stdout);
        expect([first.code, report.sent]).toEqual([0, 20]);
        expect(first.stderr).toContain('reads recall-emulator.config.yaml');
        expect(receiver.upgrades[0]!.headers).toMatchObject({ a: '1', b: '2' });

        const second = await run("play --json --frame-ms 100 --header 'c: 3'");
        expect(JSON.parse(second.stdout).sent).toBe(10);
        expect(receiver.upgrades.at(-1)!.headers).toMatchObject({ c: '3' });
        expect(receiver.upgrades.at(-1)!.headers).not.toHaveProperty('a');

        expect((await run('play nonsense.yaml')).stderr).toContain('nonsense.yaml');
        expect((await run('play --help')).stderr).toBe('');
      },
    ),
  ));

it('takes a module', () =>
  inFolder(
    {
      'recall-emulator.config.mjs': `export default { generate: { out: 'made', duration: '2s', participants: 2 } };`,
    },
    async (run) => {
      const { code, stdout } = await run('generate --json');
      expect([code, JSON.parse(stdout).scenario]).toEqual([0, expect.stringContaining('made')]);
    },
  ));

it.each([
  [
    'yaml',
    'play: { nonsense: 1 }',
    'has "nonsense" for play, which is no flag of it. See recall-emulator play --help.',
  ],
  ['yaml', 'plya: {}', 'has "plya", which is no command.'],
  ['yaml', 'common: { nonsense: 1 }', 'No command has it.'],
  ['yaml', 'play:\n  header: { a: 1 }', 'recall-emulator.config.yaml:2'],
  ['yaml', 'play: [', 'Not valid YAML'],
  ['yaml', 'play: { speed: quick }', "'--speed <n|max>' argument 'quick' is invalid"],
  ['mjs', 'throw new Error("mine")', 'cannot be used: mine.'],
])('says what is wrong with a file that cannot be used: %s %s', (ending, text, told) =>
  inFolder({ [`recall-emulator.config.${ending}`]: text }, async (run) => {
    const { code, stderr } = await run('play');
    expect(stderr).toContain(told);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  }),
);

it.each([
  ['Python', { 'requirements.txt': '' }, 'command: [python3, receiver.py]', 'setup-python'],
  ['Go', { 'go.mod': '' }, 'command: [go, run, .]', 'setup-go'],
  ['Node', { 'package.json': '{}' }, 'command: [npm, start]', 'npm ci'],
])(
  'init writes what a project in %s begins with, which works, and overwrites nothing',
  (language, files, start, step) =>
    inFolder(files, async (run, dir) => {
      const { code, stdout } = await run('init --json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        language,
        files: ['meeting.yaml', 'recall-emulator.config.yaml', '.github/workflows/receiver.yml'].map(
          (path) => ({
            path,
            written: true,
          }),
        ),
      });
      expect(readFileSync(join(dir, 'recall-emulator.config.yaml'), 'utf8')).toContain(start);
      expect(readFileSync(join(dir, '.github/workflows/receiver.yml'), 'utf8')).toContain(step);
      expect((await run('validate meeting.yaml')).stdout).toContain('✔');
      const played = await run('play --speed max --json');
      expect([played.code, JSON.parse(played.stdout).ok]).toEqual([0, true]);
      const listed = await run('check --list');
      expect(listed.code, listed.stderr).toBe(0);
      const again = await run('init');
      expect(again.stdout).toContain('kept  meeting.yaml');
      expect((await run('init --json')).stdout).not.toContain('true');
    }),
);
