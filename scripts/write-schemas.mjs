// Writes schemas/ from the code that checks what they describe. With --check it writes nothing, names those that are not current and
// exits with 1; a test does so.
import { readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  checkReportJsonSchema,
  historyJsonSchema,
  loadReportJsonSchema,
  playReportJsonSchema,
  scenarioJsonSchema,
  serverOpenApi,
} from '../dist/index.js';
import { asyncApiDocument, realtimeEventJsonSchema, webhookJsonSchema } from '../dist/protocol/index.js';
import { PUBLISHED } from '../dist/published.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const documents = {
  scenario: scenarioJsonSchema(),
  history: historyJsonSchema(),
  'play-report': playReportJsonSchema(),
  'check-report': checkReportJsonSchema(),
  'load-report': loadReportJsonSchema(),
  'realtime-events': realtimeEventJsonSchema(),
  webhooks: webhookJsonSchema(),
  asyncapi: asyncApiDocument(version),
  openapi: await serverOpenApi(),
};
const textOf = (file, document) =>
  file.endsWith('.yaml')
    ? stringify(document, { aliasDuplicateObjects: false })
    : `${JSON.stringify(document, null, 2)}\n`;
const check = process.argv.includes('--check');
for (const { name, file: base } of PUBLISHED) {
  const file = new URL(`../schemas/${base}`, import.meta.url);
  const text = textOf(base, documents[name]);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`schemas/${base} is not current: run node scripts/write-schemas.mjs`);
    process.exitCode = 1;
  }
}
