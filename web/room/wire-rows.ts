/** Requests, webhooks and messages of a bot as the rows of one list, in the order of time. */
import type { DeliveryNews, MessageNews, RequestNews } from '../../src/server/control/live/batch.ts';
import type { MeetingState } from './meeting-state.ts';
import { bytesText } from './words.ts';

export type WireRow = {
  readonly key: string;
  /** Wall milliseconds. */
  readonly at: number;
  readonly tone: 'ok' | 'bad' | 'waiting' | 'plain';
  /** The status or the direction, in a word. */
  readonly mark: string;
  readonly text: string;
  /** More of it. */
  readonly note: string;
} & (
  | { readonly kind: 'request'; readonly of: RequestNews }
  | { readonly kind: 'webhook'; readonly of: DeliveryNews }
  | { readonly kind: 'message'; readonly of: MessageNews }
);

export const KINDS = ['request', 'webhook', 'message'] as const;
export type WireKind = (typeof KINDS)[number];

export interface WireFilter {
  readonly text: string;
  readonly kinds: readonly WireKind[];
}

interface Told {
  readonly requests: readonly RequestNews[];
  readonly deliveries: Iterable<DeliveryNews>;
  readonly messages: readonly MessageNews[];
  readonly state: MeetingState | undefined;
}

/** Requests that are about no bot are everybody's. */
export function rowsOfWire(told: Told, botId: string, { text, kinds }: WireFilter): WireRow[] {
  const rows: WireRow[] = [];
  if (kinds.includes('request')) {
    for (const request of told.requests)
      if (request.bot_id === null || request.bot_id === botId) rows.push(kept(request, requestRow));
  }
  if (kinds.includes('webhook')) {
    for (const delivery of told.deliveries)
      if (delivery.bot_id === botId) rows.push(kept(delivery, deliveryRow));
  }
  const { state } = told;
  if (kinds.includes('message') && state !== undefined)
    for (const message of told.messages) rows.push(kept(message, (of) => messageRow(of, state)));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    words.length === 0 ? rows : rows.filter((row) => words.every((word) => textOf(row).includes(word)));
  return found.sort((a, b) => a.at - b.at);
}

/** Rows are made once: there are thousands of them, ten times a second. */
const made = new WeakMap<object, WireRow>();

function kept<T extends object>(of: T, make: (of: T) => WireRow): WireRow {
  let row = made.get(of);
  if (row === undefined) {
    row = make(of);
    made.set(of, row);
  }
  return row;
}

function textOf({ kind, mark, text, note }: WireRow): string {
  return `${kind} ${mark} ${text} ${note}`.toLowerCase();
}

function requestRow(of: RequestNews): WireRow {
  return {
    kind: 'request',
    of,
    key: `r${of.number}`,
    at: Date.parse(of.at),
    tone: of.status < 400 ? 'ok' : 'bad',
    mark: String(of.status),
    text: `${of.method} ${of.path}`,
    note: of.reason === '' ? `${of.duration_ms} ms` : of.reason,
  };
}

function deliveryRow(of: DeliveryNews): WireRow {
  const last = of.attempts.at(-1);
  const times = of.attempts.length > 1 ? `, ${of.attempts.length} attempts` : '';
  return {
    kind: 'webhook',
    of,
    key: `w${of.id}`,
    at: Date.parse(of.at),
    tone: of.state === 'delivered' ? 'ok' : of.state === 'pending' ? 'waiting' : 'bad',
    mark: last?.status == null ? of.state : String(last.status),
    text: of.event,
    note: `${of.url}${times}${last?.error == null ? '' : `: ${last.error}`}`,
  };
}

function messageRow(of: MessageNews, state: MeetingState): WireRow {
  const person = state.people.find(({ id }) => id === of.participant);
  const who = of.participant === null ? '' : (person?.name ?? String(of.participant));
  const when = of.relative_s === null ? '' : ` at ${of.relative_s.toFixed(2)} s`;
  return {
    kind: 'message',
    of,
    key: `m${of.number}`,
    at: state.startedAt + of.at_s * 1_000,
    tone: of.injected ? 'bad' : 'plain',
    mark: `#${of.connection}`,
    text: of.event === '' ? 'piece of a message' : of.event,
    note: `${who}${when} ${bytesText(of.bytes)}${of.injected ? ', made by a fault' : ''}`.trim(),
  };
}
