import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  historyJsonSchema,
  loadReportJsonSchema,
  playReportJsonSchema,
  scenarioJsonSchema,
} from '../src/index.ts';
import { realtimeEventJsonSchema } from '../src/protocol/index.ts';

it.each([
  ['scenario', scenarioJsonSchema()],
  ['play-report', playReportJsonSchema()],
  ['load-report', loadReportJsonSchema()],
  ['realtime-events', realtimeEventJsonSchema()],
  ['history', historyJsonSchema()],
])('the published %s schema is the one in use (else: node scripts/write-schemas.mjs)', (name, schema) => {
  expect(readFileSync(`schemas/${name}.schema.json`, 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`);
});

it('writing the schemas leaves no difference', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/write-schemas.mjs', '--check'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
