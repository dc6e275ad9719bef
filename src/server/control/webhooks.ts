/** Webhooks that have been delivered, or not; where they go; and what goes wrong with them on purpose. */
import { z } from 'zod';
import { withOverrides } from '../../protocol/override.ts';
import { isWebhookName, webhook } from '../../protocol/webhook-builder.ts';
import { sumOfDeliveries } from '../api/workspaces.ts';
import type { Calendar } from '../bot/context.ts';
import { notFound, type Refusal, refused } from '../bot/refusal.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { WebhookEndpoint } from '../webhooks/endpoints.ts';
import { webhookFaultSchema } from '../webhooks/faults.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { onlyWorkspace } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';
import type { Scope } from './scope.ts';

/** A whole new body, or new values by path (`data.data.sub_code`). */
const redeliverSchema = z.strictObject({
  body: z.record(z.string(), z.unknown()).optional(),
  override: z.record(z.string(), z.unknown()).optional(),
});

const endpointSchema = z.strictObject({
  url: z.string(),
  events: z.array(z.string()).optional(),
  secret: z.string().optional(),
});

const sendSchema = z.strictObject({
  event: z.string().regex(/^[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60}){1,3}$/),
  /** Without it, the `data` that the published schema has, with made-up ids. */
  data: z.record(z.string(), z.unknown()).optional(),
  override: z.record(z.string(), z.unknown()).optional(),
});

export const webhooks: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/webhooks',
    summary:
      'Send any webhook to the endpoints that want it: as published, with changes, or with data of your own',
    body: sendSchema,
    handle({ scope, server, body }) {
      const log = onlyLog(scope);
      const sent = log.status('', sampleOf(body, server.calendar));
      return { status: 202, body: { sent } };
    },
  }),
  operation({
    method: 'GET',
    path: '/webhooks',
    summary: 'The delivery log',
    handle: ({ scope: { workspaces } }) => ({
      body: {
        totals: sumOfDeliveries(workspaces),
        deliveries: workspaces.flatMap(({ webhooks: log }) => log.deliveries()),
      },
    }),
  }),
  operation({
    method: 'GET',
    path: '/webhooks/{id}',
    summary: 'One delivery',
    handle: ({ scope, params }) => ({ body: { ...deliveryOf(logWith(scope, params.id), params.id) } }),
  }),
  operation({
    method: 'POST',
    path: '/webhooks/{id}/redeliver',
    summary: 'Deliver it once more; with another body, or changes of it, under an id of its own',
    body: redeliverSchema,
    handle({ scope, params, body }) {
      const log = logWith(scope, params.id);
      const delivery = deliveryOf(log, params.id);
      return { status: 202, body: { redelivered: log.redeliver(delivery.id, editedBody(delivery, body)) } };
    },
  }),
  operation({
    method: 'GET',
    path: '/webhook-endpoints',
    summary: 'Where status webhooks go, and which',
    handle: ({ scope }) => ({ body: { endpoints: onlyLog(scope).endpoints.list().map(viewOf) } }),
  }),
  operation({
    method: 'POST',
    path: '/webhook-endpoints',
    summary: 'One more endpoint, for all webhooks or for some',
    body: endpointSchema,
    handle: ({ scope, body }) => ({
      status: 201,
      body: viewOf(onlyLog(scope).endpoints.add(body, false)),
    }),
  }),
  operation({
    method: 'DELETE',
    path: '/webhook-endpoints/{id}',
    summary: 'Nothing more goes there',
    handle({ scope, params: { id = '' } }) {
      if (!onlyLog(scope).endpoints.remove(id)) throw notFound('There is no such webhook endpoint.');
      return { status: 204, body: undefined };
    },
  }),
  operation({
    method: 'GET',
    path: '/webhook-faults',
    summary: 'What goes wrong with webhooks',
    handle: ({ scope }) => ({ body: { faults: onlyLog(scope).faults.list() } }),
  }),
  operation({
    method: 'POST',
    path: '/webhook-faults',
    summary: 'Let webhooks be duplicated, swapped, delayed or lost',
    body: webhookFaultSchema,
    handle({ scope, body }) {
      const log = onlyLog(scope);
      log.faults.add(body);
      return { status: 201, body: { faults: log.faults.list() } };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/webhook-faults',
    summary: 'Nothing more goes wrong with webhooks that are still to come',
    handle({ scope }) {
      onlyLog(scope).faults.clear();
      return { status: 204, body: undefined };
    },
  }),
];

/** Throws a `Refusal` (400) for a webhook that has no published schema, and no data. */
function sampleOf(
  { event, data, override = {} }: z.infer<typeof sendSchema>,
  calendar: Calendar,
): { readonly event: string; readonly data: unknown } {
  if (data !== undefined) return withOverrides({ event, data }, override) as { event: string; data: unknown };
  if (isWebhookName(event))
    return withOverrides(webhook(event, { updatedAt: new Date(calendar.nowMs()) }), override) as never;
  throw refused(400, 'data_needed', `No schema of ${event} is published: give its data.`);
}

/** Throws a `Refusal` (409) when there are none or several. */
function onlyLog(scope: Scope): Webhooks {
  return onlyWorkspace(scope).webhooks;
}

/** The log that has a delivery. Throws a `Refusal` (404). */
function logWith({ workspaces }: Scope, id: string | undefined): Webhooks {
  const found = workspaces.find(({ webhooks: log }) => log.deliveries().some((each) => each.id === id));
  if (found === undefined) throw noDelivery();
  return found.webhooks;
}

/** Throws a `Refusal` (404). */
function deliveryOf(log: Webhooks, id: string | undefined): Delivery {
  const delivery = log.deliveries().find((each) => each.id === id);
  if (delivery === undefined) throw noDelivery();
  return delivery;
}

function noDelivery(): Refusal {
  return notFound('The log has no such delivery.');
}

/** Undefined for the body as it was. Throws a `Refusal` for both at once, and a `UsageError` for a path that leads nowhere. */
function editedBody(
  delivery: Delivery,
  { body, override }: z.infer<typeof redeliverSchema>,
): Readonly<Record<string, unknown>> | undefined {
  if (body !== undefined && override !== undefined)
    throw refused(400, 'body_and_override', 'Give a whole body, or an override of some of its fields.');
  if (override === undefined) return body;
  return withOverrides(delivery.body, override) as Readonly<Record<string, unknown>>;
}

/** Without its secret. */
function viewOf({ id, url, events, secret }: WebhookEndpoint): Readonly<Record<string, unknown>> {
  return { id, url, events: events ?? ['all'], has_own_secret: secret !== undefined };
}
