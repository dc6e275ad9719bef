/** The log of webhooks that have been delivered, or not. */
import { notFound, type Refusal } from '../bot/refusal.ts';
import { type ControlOperation, operation } from './operation.ts';

function noDelivery(): Refusal {
  return notFound('The log has no such delivery.');
}

export const webhooks: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/webhooks',
    summary: 'The delivery log',
    handle: ({ webhooks: log }) => ({ body: { totals: log.totals(), deliveries: log.deliveries() } }),
  }),
  operation({
    method: 'GET',
    path: '/webhooks/{id}',
    summary: 'One delivery',
    handle({ webhooks: log, params }) {
      const delivery = log.deliveries().find(({ id }) => id === params.id);
      if (delivery === undefined) throw noDelivery();
      return { body: { ...delivery } };
    },
  }),
  operation({
    method: 'POST',
    path: '/webhooks/{id}/redeliver',
    summary: 'Deliver it once more',
    handle({ webhooks: log, params: { id = '' } }) {
      if (!log.redeliver(id)) throw noDelivery();
      return { status: 202, body: { redelivered: id } };
    },
  }),
];
