// Writes schemas/*.json from the code that checks them. With --check it writes nothing, names those that are not current and
// exits with 1; a test does so.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  checkReportJsonSchema,
  historyJsonSchema,
  loadReportJsonSchema,
  playReportJsonSchema,
  scenarioJsonSchema,
} from '../dist/index.js';
import { realtimeEventJsonSchema } from '../dist/protocol/index.js';

const schemas = {
  'scenario.schema.json': scenarioJsonSchema(),
  'history.schema.json': historyJsonSchema(),
  'play-report.schema.json': playReportJsonSchema(),
  'check-report.schema.json': checkReportJsonSchema(),
  'load-report.schema.json': loadReportJsonSchema(),
  'realtime-events.schema.json': realtimeEventJsonSchema(),
};
const check = process.argv.includes('--check');
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../schemas/${name}`, import.meta.url);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`schemas/${name} is not current: run node scripts/write-schemas.mjs`);
    process.exitCode = 1;
  }
}
