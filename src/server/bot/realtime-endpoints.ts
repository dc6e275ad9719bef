/**
 * The real-time endpoints of one recording: their statuses, why a dial is refused, and what webhook endpoints are sent. The
 * WebSockets themselves are the session's.
 */
import { type Failure, failure } from '../../emulator/failure.ts';
import type { ResourceRef } from '../../protocol/resource.ts';
import { hostOf } from '../../target.ts';
import { type BotRecord, eventRefOf, type RealtimeEndpointRecord } from '../store/records.ts';
import type { BotContext } from './context.ts';
import type { RecordingNews } from './recording-news.ts';

export class RealtimeEndpoints {
  /** In the order of the session's endpoints. */
  readonly websockets: readonly RealtimeEndpointRecord[];
  /** Clock time until which dials fail, on demand of the control API. */
  refuseUntilMs = Number.NEGATIVE_INFINITY;
  readonly #webhooks: readonly RealtimeEndpointRecord[];
  readonly #context: BotContext;
  readonly #news: RecordingNews;
  readonly #bot: BotRecord;

  constructor(
    context: BotContext,
    news: RecordingNews,
    bot: BotRecord,
    records: readonly RealtimeEndpointRecord[],
  ) {
    this.#context = context;
    this.#news = news;
    this.#bot = bot;
    this.websockets = records.filter(({ type }) => type === 'websocket');
    this.#webhooks = records.filter(({ type }) => type === 'webhook');
  }

  /** The recording begins. */
  start(): void {
    for (const endpoint of [...this.websockets, ...this.#webhooks]) this.#news.endpoint(endpoint);
  }

  /** The recording is done. WebSocket endpoints are done when their last connection has closed, which the session tells. */
  done(): void {
    for (const endpoint of this.#webhooks)
      if (endpoint.status.code === 'running') this.setStatus(endpoint, 'done');
  }

  setStatus(endpoint: RealtimeEndpointRecord, code: 'running' | 'done' | 'failed'): void {
    endpoint.status = { code, sub_code: null, updated_at: this.#context.calendar.now() };
    this.#news.endpoint(endpoint);
  }

  /** Why a WebSocket endpoint is not dialled now, or undefined. */
  refusal(endpoint: RealtimeEndpointRecord): Failure | undefined {
    const url = this.#context.targetOf(endpoint.url);
    if (!this.#context.mayDial(url))
      return failure('target_not_allowed', `${hostOf(url)} is not allowed: name it with \`allowTargets\``);
    if (this.#context.clock.now() < this.refuseUntilMs)
      return failure('refused_on_demand', 'connection refused on demand');
    return undefined;
  }

  /** To every webhook endpoint that asked for the event and has not failed. */
  sendToWebhooks(event: string, message: (endpoint: ResourceRef) => unknown): void {
    // What an SDK sends is not signed.
    const signed = this.#bot.sdkUpload === undefined;
    for (const endpoint of this.#webhooks) {
      if (endpoint.status.code !== 'running' || !endpoint.events.includes(event)) continue;
      const body = message(eventRefOf(endpoint)) as { event: string; data: unknown };
      this.#context.webhooks.realtime(
        { id: endpoint.id, url: this.#context.targetOf(endpoint.url), signed },
        this.#bot.id,
        body,
        (delivered) => {
          if (!delivered && endpoint.status.code === 'running') this.setStatus(endpoint, 'failed');
        },
      );
    }
  }
}
