/** Tells what becomes of a recording, its media objects and its real-time endpoints: to the log and by webhook. */
import type { ResourceRef } from '../../protocol/resource.ts';
import type { StatusOfWebhook } from '../../protocol/webhook-builder.ts';
import {
  type ArtifactRecord,
  type BotRecord,
  eventRefOf,
  type RealtimeEndpointRecord,
  type RecordingRecord,
} from '../store/records.ts';
import type { BotContext } from './context.ts';
import { tellStatus } from './status-webhook.ts';

export class RecordingNews {
  readonly #context: BotContext;
  readonly #bot: BotRecord;
  readonly #record: RecordingRecord;

  constructor(context: BotContext, bot: BotRecord, record: RecordingRecord) {
    this.#context = context;
    this.#bot = bot;
    this.#record = record;
  }

  recording(): void {
    const { status } = this.#record;
    this.#log('recording', `recording ${status.code}`, { code: status.code });
    this.#tell(`recording.${status.code}`, status, {});
  }

  artifact({ kind, id, status, metadata }: ArtifactRecord): void {
    this.#log('artifact', `${kind} ${status.code}`, { kind, id, code: status.code });
    this.#tell(`${kind}.${status.code}`, status, { [kind]: eventRefOf({ id, metadata }) });
  }

  endpoint({ id, status, metadata }: RealtimeEndpointRecord): void {
    const { code } = status;
    this.#log('realtime_endpoint', `realtime_endpoint ${code}`, { id, code });
    this.#tell(`realtime_endpoint.${code}`, status, {
      realtime_endpoint: eventRefOf({ id, metadata }),
    });
  }

  warning(text: string): void {
    this.#log('warning', text, {});
  }

  #log(
    kind: 'recording' | 'artifact' | 'realtime_endpoint' | 'warning',
    text: string,
    data: Readonly<Record<string, unknown>>,
  ): void {
    this.#context.activity.add(kind, text, {
      botId: this.#bot.id,
      data: { recording_id: this.#record.id, ...data },
    });
  }

  #tell(event: string, status: StatusOfWebhook, refs: Readonly<Record<string, ResourceRef>>): void {
    tellStatus(this.#context, this.#bot, event, status, { ...refs, recording: eventRefOf(this.#record) });
  }
}
