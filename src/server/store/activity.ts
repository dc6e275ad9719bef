/**
 * Everything that happens, told as it happens: the log, server-sent events and `--json` all come from here. What came from
 * outside (names, chat texts, errors) is cleaned here, once for all of them.
 */
import { EventEmitter } from 'node:events';
import { plainText } from '../../plain-text.ts';

export type ActivityKind =
  | 'log'
  | 'warning'
  | 'bot'
  | 'recording'
  | 'artifact'
  | 'realtime_endpoint'
  | 'connection'
  | 'webhook'
  | 'participant'
  | 'request';

export interface Activity {
  /** 1, 2, 3… */
  readonly number: number;
  readonly at: string;
  readonly kind: ActivityKind;
  /** One line for people. */
  readonly text: string;
  readonly bot_id?: string | undefined;
  /** What a program wants to know. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** How many are kept for who comes late. */
const KEPT = 1_000;

/** Of one text. A defect's stack fits. */
const MAX_CHARACTERS = 2_000;

export class ActivityLog {
  readonly events = new EventEmitter<{ activity: [Activity] }>();
  readonly #now: () => string;
  readonly #whole: ActivityLog | undefined;
  readonly #kept: Activity[] = [];
  readonly #said = new Set<string>();
  #count = 0;

  /** `whole`: the log of which this is a part, which is told the same. */
  constructor(now: () => string, whole?: ActivityLog) {
    this.#now = now;
    this.#whole = whole;
    this.events.setMaxListeners(0);
  }

  add(
    kind: ActivityKind,
    text: string,
    more: { readonly botId?: string | undefined; readonly data?: Activity['data'] } = {},
  ): void {
    const activity: Activity = {
      number: ++this.#count,
      at: this.#now(),
      kind,
      text: plainText(text, MAX_CHARACTERS),
      ...(more.botId === undefined ? {} : { bot_id: more.botId }),
      ...(more.data === undefined ? {} : { data: plainData(more.data) }),
    };
    this.#kept.push(activity);
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.events.emit('activity', activity);
    this.#whole?.add(kind, text, more);
  }

  /** A warning that is worth saying once. */
  warnOnce(text: string): void {
    const said = plainText(text, MAX_CHARACTERS);
    if (this.#said.has(said)) return;
    if (this.#said.size >= KEPT) this.#said.clear();
    this.#said.add(said);
    this.add('warning', said);
  }

  /** The last ones, oldest first. */
  recent(): readonly Activity[] {
    return this.#kept;
  }
}

/** JSON escapes some control characters, not all that a terminal obeys. */
function plainData(data: NonNullable<Activity['data']>): Activity['data'] {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'string' ? plainText(value, MAX_CHARACTERS) : value,
    ]),
  );
}
