/** The AsyncAPI document of all messages that an app gets: real-time events by WebSocket or webhook, and the dashboard's webhooks. */
import type { EventTransport } from './event.ts';
import { EVENT_PARTS, REALTIME_EVENTS } from './events.ts';
import { DocumentSchemas } from './json-schema.ts';
import { HEADER_NAMES } from './signing.ts';
import { WEBHOOK_FAMILIES } from './webhook-families.ts';

interface Channel {
  readonly title: string;
  readonly description: string;
  readonly messages: readonly string[];
  readonly bindings: Readonly<Record<string, unknown>>;
  /** What the operation on it carries. */
  readonly operation: Readonly<Record<string, unknown>>;
}

const carriedBy = (transport: EventTransport): readonly string[] =>
  REALTIME_EVENTS.filter(({ transports }) => transports.includes(transport)).map(({ name }) => name);

const { id, timestamp, signature } = HEADER_NAMES.standard;
const SIGNED = `With a secret, each request has \`${id}\`, \`${timestamp}\` and \`${signature}\` of the Standard Webhooks scheme.`;
const POST = { bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } } };

const CHANNELS: Readonly<Record<string, Channel>> = {
  realtime_websocket: {
    title: 'A real-time endpoint of type websocket',
    description: `Each message is one JSON text frame. ${SIGNED} Of a WebSocket, that is its upgrade.`,
    messages: carriedBy('websocket'),
    bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
    operation: {},
  },
  realtime_webhook: {
    title: 'A real-time endpoint of type webhook',
    description: `Each message is the JSON body of a POST, which wants an answer of 2xx. ${SIGNED}`,
    messages: carriedBy('webhook'),
    bindings: {},
    operation: POST,
  },
  dashboard_webhook: {
    title: "The dashboard's webhook endpoints",
    description: `Each message is the JSON body of a POST, which wants an answer of 2xx. ${SIGNED}`,
    messages: Object.keys(WEBHOOK_FAMILIES),
    bindings: {},
    operation: POST,
  },
};

/** AsyncAPI 3.1. `version`: of this package. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  const schemas = new DocumentSchemas('draft-7', EVENT_PARTS);
  const payloads = [
    ...REALTIME_EVENTS.map(({ name, schema }) => [name, schema] as const),
    ...Object.entries(WEBHOOK_FAMILIES),
  ];
  const messages = Object.fromEntries(
    payloads.map(([name, schema]) => [
      name,
      { name, contentType: 'application/json', payload: schemas.of(schema, 'input') },
    ]),
  );
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'recall-emulator',
      version,
      description:
        'What recall-emulator sends to your app, as Recall.ai does. Unknown fields and events may come: Recall adds some. Not affiliated with Recall.ai.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(Object.entries(CHANNELS).map(([name, each]) => [name, channelOf(each)])),
    operations: Object.fromEntries(
      Object.entries(CHANNELS).map(([name, { operation }]) => [
        `send_${name}`,
        { action: 'send', channel: { $ref: `#/channels/${name}` }, ...operation },
      ]),
    ),
    components: { messages, schemas: schemas.components },
  };
}

function channelOf({ title, description, messages, bindings }: Channel): unknown {
  return {
    // Whoever makes the bot, or the endpoint, says where it is.
    address: null,
    title,
    description,
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    ...(Object.keys(bindings).length > 0 && { bindings }),
  };
}
