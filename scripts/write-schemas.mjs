// Writes schemas/*.json from the code that checks them. A test fails when they are not current.
import { writeFileSync } from 'node:fs';
import { loadReportJsonSchema, playReportJsonSchema, scenarioJsonSchema } from '../dist/index.js';
import { realtimeEventJsonSchema } from '../dist/protocol/index.js';

const schemas = {
  'scenario.schema.json': scenarioJsonSchema(),
  'play-report.schema.json': playReportJsonSchema(),
  'load-report.schema.json': loadReportJsonSchema(),
  'realtime-events.schema.json': realtimeEventJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
