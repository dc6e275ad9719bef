/** One WebSocket message as the receiver takes it. Pure: counts nothing, keeps nothing. */
import type { RawData } from 'ws';
import type { Problem } from '../errors.ts';
import { parseJson } from '../json.ts';
import { type RealtimeEvent, readRealtimeEvent } from '../protocol/events.ts';

/** `text` is the message as it came; `value` the same, parsed. */
export type Message =
  | { readonly kind: 'event'; readonly event: RealtimeEvent; readonly text: string }
  /** An event of a name we do not know. */
  | { readonly kind: 'unknown'; readonly value: unknown; readonly text: string }
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
  const text = (data as Buffer).toString('utf8');
  const json = parseJson(text);
  if (!json.ok) return { kind: 'invalid', problem: json.problem };
  const result = readRealtimeEvent(json.value);
  if (result.kind === 'event') return { kind: 'event', event: result.event, text };
  if (result.kind === 'unknown') return { kind: 'unknown', value: json.value, text };
  const [problem = { code: 'invalid_event', message: 'It is not valid.' }] = result.problems;
  return { kind: 'invalid', problem };
}
