import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { playReportJsonSchema, scenarioJsonSchema } from '../src/index.ts';
import { realtimeEventJsonSchema } from '../src/protocol/index.ts';

it.each([
  ['scenario', scenarioJsonSchema()],
  ['play-report', playReportJsonSchema()],
  ['realtime-events', realtimeEventJsonSchema()],
])('the published %s schema is the one in use (else: node scripts/write-schemas.mjs)', (name, schema) => {
  expect(JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
});
