import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ABSOLUTE_FORMATS } from '../../src/protocol/index.ts';
import { runCli, withFolder } from '../support/cli.ts';

it.each([
  ['micros-offset', '2026-01-01T10:00:00.500000+00:00'],
  ['z-micros', '2026-01-01T10:00:00.500000Z'],
  ['z-millis', '2026-01-01T10:00:00.500Z'],
])('play --absolute-format %s writes %s', (format, absolute) =>
  withFolder(async (dir) => {
    const { code } = await runCli(
      ...['play', 'fixtures/rapid-toggle.yaml', '--speed', 'max', '--out', dir],
      ...['--start-time', '2026-01-01T10:00:00.000Z', '--absolute-format', format],
    );
    expect(code).toBe(0);
    const recording = readdirSync(dir).find((name) => name.startsWith('recording-')) ?? '';
    const [first = ''] = readFileSync(join(dir, recording, 'events.ndjson'), 'utf8').split('\n');
    expect(first).toContain(`"absolute":"${absolute}"`);
  }),
);

it.each(['play', 'serve'])('%s offers every way of writing absolute times', async (command) => {
  const { stdout } = await runCli(command, '--help');
  for (const format of ABSOLUTE_FORMATS) expect(stdout).toContain(`"${format}"`);
});
