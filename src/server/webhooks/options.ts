/** What a server is told of webhooks: where they go, and what goes wrong with them. */
import { parseWebhookUrl, type WebhookEndpointOptions, WebhookEndpoints } from './endpoints.ts';
import { readWebhookFault, type WebhookFaultFields, WebhookFaults } from './faults.ts';

export type WebhookUrls = readonly (string | WebhookEndpointOptions)[];
export type WebhookFaultOptions = readonly (string | WebhookFaultFields)[];

interface WebhookOptions {
  readonly webhookUrls?: WebhookUrls | undefined;
  readonly webhookFaults?: WebhookFaultOptions | undefined;
}

/** Throws a `UsageError` for what cannot be: before anything is made that has to be taken down again. */
export function checkWebhookOptions(options: WebhookOptions): void {
  addWebhookOptions({ endpoints: new WebhookEndpoints(), faults: new WebhookFaults() }, options);
}

/** Throws a `UsageError`. */
export function addWebhookOptions(
  {
    endpoints,
    faults,
  }: {
    readonly endpoints: WebhookEndpoints;
    readonly faults: WebhookFaults;
  },
  { webhookUrls = [], webhookFaults = [] }: WebhookOptions,
): void {
  for (const given of webhookUrls)
    endpoints.add(typeof given === 'string' ? parseWebhookUrl(given) : given, true);
  for (const given of webhookFaults) faults.add(readWebhookFault(given));
}
