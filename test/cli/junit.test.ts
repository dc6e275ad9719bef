import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli, withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';

it('validate --junit has a test per file, with its problems', () =>
  withFolder(async (dir) => {
    const bad = join(dir, 'bad.yaml');
    const file = join(dir, 'report.xml');
    writeFileSync(bad, 'participants: []\nnonsense: "<1>"\n');
    const { code } = await runCli('validate', 'standup', bad, '--junit', file);
    expect(code).toBe(2);
    const xml = readFileSync(file, 'utf8');
    expect(xml).toContain('<testsuites name="recall-emulator validate" tests="2" failures="1"');
    expect(xml).toContain('<testcase name="standup" classname="recall-emulator.validate" time="0.000"/>');
    expect(xml).toMatch(/<failure message="[^"]+" type="\w+">[^<]*nonsense/);
  }));

it('load --junit has a test per threshold', () =>
  withFolder((dir) =>
    withReceiver([], async ({ url }) => {
      const file = join(dir, 'report.xml');
      const { code } = await runCli(
        ...['load', `${url}/`, '--bots', '1', '--duration', '1s', '--quiet', '--junit', file],
        ...['--thresholds', 'dropped<1,messages_per_s>100000'],
      );
      expect(code).toBe(1);
      const xml = readFileSync(file, 'utf8');
      expect(xml).toContain('<testsuites name="recall-emulator load" tests="3" failures="2"');
      expect(xml).toMatch(/<testcase name="dropped[^"]*" [^>]*\/>/);
      expect(xml).toMatch(/<testcase name="messages_per_s[^"]*" [^>]*>\n {6}<failure message="/);
    }),
  ));
