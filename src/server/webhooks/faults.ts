/**
 * What goes wrong with webhooks on purpose, as it does in the field: at-least-once delivery sends some twice, nothing promises
 * an order, some come late and some never.
 */
import { z } from 'zod';
import { checkedFault, pairsOf } from '../../emulator/faults/text.ts';
import { UsageError } from '../../errors.ts';
import { REALTIME_EVENT_NAMES } from '../../protocol/events.ts';
import { WEBHOOK_NAMES } from '../../protocol/webhook-builder.ts';
import { parseDuration } from '../../scenario/duration.ts';
import { checkPattern, wants } from './endpoints.ts';

/**
 * `duplicated`: sent once more after it has arrived, under the same id. `swapped`: sent after the next one to the same endpoint.
 * `delayed`: sent later, and at a real-time endpoint all that follow, too. `lost`: never sent.
 */
const WEBHOOK_FAULTS = ['duplicated', 'swapped', 'delayed', 'lost'] as const;
type WebhookFaultName = (typeof WEBHOOK_FAULTS)[number];

const MAX_DELAY_SECONDS = 86_400;

const delaySchema = z.union([z.number(), z.string()]).transform((value, context) => {
  const seconds = parseDuration(value);
  if (seconds !== undefined && seconds >= 0 && seconds <= MAX_DELAY_SECONDS) return seconds * 1_000;
  context.addIssue({ code: 'custom', message: 'Give a time up to 24h, such as 10s.' });
  return z.NEVER;
});

/** As the control API takes it. */
export const webhookFaultSchema = z
  .strictObject({
    fault: z.enum(WEBHOOK_FAULTS),
    /** Names and families; all when left out. */
    events: z.array(z.string().max(200)).min(1).max(100).optional(),
    /** How many webhooks it strikes; all that come when left out. */
    times: z.int().min(1).max(1_000_000).optional(),
    /** How long one that is `delayed` is held up. */
    by: delaySchema.optional(),
  })
  .refine(({ fault, by }) => (fault === 'delayed') === (by !== undefined), {
    path: ['by'],
    message: 'Give `by` with delayed, and with nothing else.',
  });
export type WebhookFaultFields = z.input<typeof webhookFaultSchema>;

interface WebhookFault {
  readonly fault: WebhookFaultName;
  readonly events: readonly string[] | undefined;
  readonly delayMs: number;
  /** How many more it strikes; undefined for all. */
  remaining: number | undefined;
}

const MAX_FAULTS = 100;

/** Those of one workspace, in the order in which they were asked for: the first that fits strikes. */
export class WebhookFaults {
  readonly #faults: WebhookFault[] = [];

  /** Throws a `UsageError` (`unknown_event`, `too_many_faults`). */
  add({ fault, events, times, by = 0 }: z.output<typeof webhookFaultSchema>): void {
    if (this.#faults.length >= MAX_FAULTS) {
      throw new UsageError('too_many_faults', `${MAX_FAULTS} faults of webhooks wait already.`, {
        hint: 'Delete them, or let them strike first.',
      });
    }
    for (const pattern of events ?? []) checkPattern(pattern, STRUCK);
    this.#faults.push({ fault, events, delayMs: by, remaining: times });
  }

  list(): readonly Readonly<Record<string, unknown>>[] {
    return this.#faults.map(({ fault, events, delayMs, remaining }) => ({
      fault,
      ...(events !== undefined && { events }),
      ...(fault === 'delayed' && { by: delayMs / 1_000 }),
      ...(remaining !== undefined && { times: remaining }),
    }));
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** What strikes a webhook of this event, if anything does; a fault with `times` has one less. */
  strike(event: string, canSwap: boolean): Pick<WebhookFault, 'fault' | 'delayMs'> | undefined {
    const index = this.#faults.findIndex(
      ({ fault, events }) => (canSwap || fault !== 'swapped') && wants(events, event),
    );
    const struck = this.#faults[index];
    if (struck?.remaining !== undefined && --struck.remaining === 0) this.#faults.splice(index, 1);
    return struck;
  }
}

const STRUCK = [...WEBHOOK_NAMES, ...REALTIME_EVENT_NAMES];

/** `delayed=10s,event=bot.done,times=1`; `event` may be repeated. */
function fieldsOf(text: string): Record<string, unknown> {
  const [[fault, by], ...others] = pairsOf(text);
  const fields: Record<string, unknown> & { events: string[] } = { fault, by, events: [] };
  for (const [key, value] of others) {
    if (key === 'event') fields.events.push(value ?? '');
    else if (key === 'times') fields.times = Number(value);
    else fields[key] = value ?? '';
  }
  const { events, ...rest } = fields;
  return events.length === 0 ? rest : fields;
}

/** As an option has it: text or fields. Throws a `UsageError` (`invalid_webhook_fault`). */
export function readWebhookFault(given: string | WebhookFaultFields): z.output<typeof webhookFaultSchema> {
  return checkedFault(
    webhookFaultSchema,
    typeof given === 'string' ? fieldsOf(given) : given,
    (what) =>
      new UsageError('invalid_webhook_fault', `This fault of webhooks cannot be: ${what}`, {
        hint: `Write NAME[=TIME][,event=NAME…][,times=N] with one of ${WEBHOOK_FAULTS.join(', ')}, such as delayed=10s,event=bot.done.`,
      }),
  );
}
