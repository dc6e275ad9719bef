/** What has been asked of the API and what became of webhooks since the last look: a line each, without bodies. */

import { firstReason } from '../../api/reason.ts';
import { type AskedRequests, askedIn, type LoggedRequest } from '../../api/request-log.ts';
import type { Delivery } from '../../webhooks/delivery.ts';
import type { Scope, SharedByAll } from '../scope.ts';
import type { DeliveryNews, RequestNews } from './batch.ts';

/** Of one batch. Older ones are not shown. */
const MAX_LINES = 500;
/** Of a delivery's attempts the last are told. */
const MAX_ATTEMPTS = 5;

export class WireLook {
  readonly #scope: () => Scope;
  readonly #server: SharedByAll;
  #lastRequest = 0;
  /** By the id of the delivery: what was told of it. */
  readonly #told = new Map<string, string>();

  constructor(scope: () => Scope, server: SharedByAll) {
    this.#scope = scope;
    this.#server = server;
  }

  news(): { requests?: RequestNews[]; deliveries?: DeliveryNews[] } {
    const requests = this.#newRequests();
    const deliveries = this.#newDeliveries();
    return { ...(requests.length > 0 && { requests }), ...(deliveries.length > 0 && { deliveries }) };
  }

  #newRequests(): RequestNews[] {
    const { workspaces, isWhole } = this.#scope();
    const logs = workspaces.map(({ requests }) => requests);
    const { requests }: AskedRequests = askedIn(
      isWhole ? [...logs, this.#server.requests] : logs,
      this.#lastRequest,
    );
    this.#lastRequest = requests.at(-1)?.number ?? this.#lastRequest;
    return requests.slice(-MAX_LINES).map(requestNews);
  }

  #newDeliveries(): DeliveryNews[] {
    const news: DeliveryNews[] = [];
    for (const { webhooks } of this.#scope().workspaces) {
      for (const delivery of webhooks.deliveries()) {
        const now = `${delivery.state} ${delivery.attempts.length} ${delivery.attempts.at(-1)?.at}`;
        if (this.#told.get(delivery.id) === now) continue;
        this.#told.set(delivery.id, now);
        news.push(deliveryNews(delivery));
      }
    }
    return news.slice(-MAX_LINES);
  }
}

function requestNews(request: LoggedRequest): RequestNews {
  const { number, at, method, path, operation, status, duration_ms, answer } = request;
  return {
    number,
    at,
    method,
    path,
    operation,
    status,
    duration_ms,
    bot_id: botIdOf(request),
    reason: status < 400 ? '' : firstReason(answer),
  };
}

function botIdOf({ path, operation, answer }: LoggedRequest): string | null {
  const inPath = /\/bot\/([\da-f-]{36})/.exec(path)?.[1];
  if (inPath !== undefined) return inPath;
  const { id } = (answer ?? {}) as { readonly id?: unknown };
  return operation === 'create_bot' && typeof id === 'string' ? id : null;
}

function deliveryNews({ id, event, url, bot_id, created_at, state, attempts }: Delivery): DeliveryNews {
  return {
    id,
    event,
    url,
    bot_id,
    at: created_at,
    state,
    attempts: attempts.slice(-MAX_ATTEMPTS).map(({ at, status, error }) => ({ at, status, error })),
  };
}
