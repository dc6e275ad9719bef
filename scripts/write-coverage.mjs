// Writes docs/coverage.md: what of Recall's API is served, by the names in recall-names.json and the tables that the server is made of.
// With --check it writes nothing and exits with 1 when the page is not current; a test does so.
import { readFileSync, writeFileSync } from 'node:fs';
import { eventEntry, REALTIME_EVENTS } from '../dist/protocol/events.js';
import { createBotSchema, notEmulated } from '../dist/protocol/rest/bot-requests.js';
import { transcriptProviderEvent } from '../dist/protocol/transcript.js';
import { NAMED_WEBHOOKS } from '../dist/protocol/webhook-builder.js';
import { OPERATIONS } from '../dist/server/api/resources/index.js';
import { SENT_WEBHOOKS } from '../dist/server/bot/sent-webhooks.js';

const FILE = new URL('../docs/coverage.md', import.meta.url);
const names = JSON.parse(readFileSync(new URL('recall-names.json', import.meta.url), 'utf8'));

const served = new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`));
const read = new Set(REALTIME_EVENTS.map(({ name }) => name));
const sent = new Set(SENT_WEBHOOKS);

const ofOperation = (name) => (served.has(name) ? 'served' : 'missing');
const ofWebhook = (name) =>
  sent.has(name) ? 'served' : NAMED_WEBHOOKS.includes(name) ? 'accepted' : 'missing';
const ofEvent = (name) =>
  read.has(name) || name === transcriptProviderEvent.name
    ? 'served'
    : eventEntry(name) === undefined
      ? 'missing'
      : 'accepted';

/** The schema inside what may be left out or null. */
function innerOf(schema) {
  let inner = schema;
  while (typeof inner?.unwrap === 'function') inner = inner.unwrap();
  return inner;
}

/** A field that the schema names, and that is not told as not emulated, does what it says. All others pass. */
function ofField(path) {
  const keys = path.split('.');
  const [top, child] = keys;
  const known = Object.hasOwn(createBotSchema.shape, top);
  const shape = innerOf(createBotSchema.shape[top])?.shape ?? {};
  if (!known || (child !== undefined && !Object.hasOwn(shape, child))) return 'accepted';
  // An empty list is a value of every field, and harmless where a list is meant.
  const told = notEmulated(keys.reduceRight((value, key) => ({ [key]: value }), []));
  return told.includes(top) || told.includes(path) ? 'accepted' : 'served';
}

function section(title, all, stateOf) {
  const states = all.map((name) => [name, stateOf(name)]);
  const count = (state) => states.filter(([, each]) => each === state).length;
  const counts = ['served', 'accepted', 'missing'].map((state) => `${count(state)} ${state}`).join(', ');
  const rows = states.map(([name, state]) => `| \`${name}\` | ${state} |`);
  return [`## ${title}\n`, `${counts}.\n`, '| name | |', '| --- | --- |', ...rows].join('\n');
}

const own = [...served].filter((name) => !names.operations.includes(name));
const current = `${[
  "# What of Recall's API there is\n",
  `Written by \`scripts/write-coverage.mjs\` from the tables that the server is made of. ${names.source}\n`,
  '- **served**: it does what Recall does, as far as [behaviour.md](behaviour.md) says.',
  '- **accepted**: it passes and is echoed, and changes nothing; the log says so once. Of a webhook: no schema of it is published; `POST /_emulator/webhooks` sends it with data of your own.',
  '- **missing**: an operation is answered with 501 and says so; an event or a webhook is never sent.\n',
  section('Operations', names.operations, ofOperation),
  `\nServed beside them, from the API reference and from apps:\n\n${own.map((name) => `- \`${name}\``).join('\n')}\n`,
  section('Real-time events', names.realtime_events, ofEvent),
  `\n${section('Webhooks', names.webhooks, ofWebhook)}`,
  `\n${section('Fields of a new bot', names.create_bot, ofField)}`,
].join('\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(FILE, current);
else if (readFileSync(FILE, 'utf8') !== current) {
  console.error('docs/coverage.md is not current: run node scripts/write-coverage.mjs');
  process.exitCode = 1;
}
