/** The documents in `schemas/`, for programs and editors: which there are, and their text. What writes them is scripts/write-schemas.mjs. */
import { readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';
import { packageFile } from './package-files.ts';
import { plainText } from './plain-text.ts';

interface PublishedDocument {
  readonly name: string;
  readonly file: string;
  /** One line. */
  readonly about: string;
}

const schema = (name: string, about: string): PublishedDocument => ({
  name,
  file: `${name}.schema.json`,
  about,
});

export const PUBLISHED: readonly PublishedDocument[] = [
  schema('scenario', 'a meeting as you write it, in YAML or JSON'),
  schema('realtime-events', 'every real-time event, by WebSocket or webhook'),
  schema('webhooks', "every webhook of the dashboard's endpoints"),
  schema('history', 'the bots and recordings that a mock begins with'),
  schema('play-report', 'what `play` prints as JSON'),
  schema('check-report', 'what `check` prints as JSON'),
  schema('load-report', 'what `load` prints as JSON'),
  { name: 'asyncapi', file: 'asyncapi.yaml', about: 'all of these messages as AsyncAPI 3.1' },
  { name: 'openapi', file: 'openapi.json', about: 'the mock API and its control API as OpenAPI 3.1' },
];

/** The text of a document. Throws a `UsageError` (`unknown_schema`). */
export function publishedText(name: string): string {
  const found = PUBLISHED.find((each) => each.name === name);
  if (found === undefined) {
    throw new UsageError('unknown_schema', `There is no schema "${plainText(name, 100)}".`, {
      hint: `There are ${PUBLISHED.map((each) => each.name).join(', ')}.`,
    });
  }
  return readFileSync(packageFile(`schemas/${found.file}`), 'utf8');
}
