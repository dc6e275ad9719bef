/** One WebSocket message as the receiver takes it. Pure: counts nothing, keeps nothing. */
import type { RawData } from 'ws';
import type { Problem } from '../errors.ts';
import { parseJson } from '../json.ts';
import { type RealtimeEvent, readRealtimeEvent } from '../protocol/events.ts';

/** `json` is the message as it came; `value` the same, parsed. */
export type Message =
  | { readonly kind: 'event'; readonly event: RealtimeEvent; readonly json: Uint8Array }
  /** An event of a name we do not know. */
  | { readonly kind: 'unknown'; readonly value: unknown; readonly json: Uint8Array }
  /** The first thing that is wrong with it. */
  | { readonly kind: 'invalid'; readonly problem: Problem };

/** Never throws, whatever was sent. */
export function readMessage(data: RawData, isBinary: boolean): Message {
  if (isBinary) {
    return {
      kind: 'invalid',
      problem: { code: 'binary_message', message: 'Messages are text; this one was binary.' },
    };
  }
  const json = data as Buffer;
  const parsed = parseJson(json.toString('utf8'));
  if (!parsed.ok) return { kind: 'invalid', problem: parsed.problem };
  const result = readRealtimeEvent(parsed.value);
  if (result.kind === 'event') return { kind: 'event', event: result.event, json };
  if (result.kind === 'unknown') return { kind: 'unknown', value: parsed.value, json };
  const [problem = { code: 'invalid_event', message: 'It is not valid.' }] = result.problems;
  return { kind: 'invalid', problem };
}
