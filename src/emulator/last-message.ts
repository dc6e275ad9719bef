/** What a message was, told from its WebSocket frame when its connection has been lost: evidence for diagnoses. */
import { plainText } from '../plain-text.ts';
import { audioSeparateEvent } from '../protocol/audio-separate.ts';
import { videoSeparatePngEvent } from '../protocol/video-separate-png.ts';
import { type Account, ENDPOINT_EVENTS, type LastMessage } from './ledger.ts';

/** First bytes of whole messages (RFC 6455 §5.2). */
const TEXT = 0x81;
const BINARY = 0x82;
const MASK_BYTES = 4;
/** The event's name stands at the beginning. */
const MAX_PEEK = 200;

/**
 * Of a stream's frame the account is enough: its bytes may have been written over since. Null for what is no whole message, but
 * a piece of one.
 */
export function describeMessage(bytes: Buffer, account: Account | undefined): LastMessage | null {
  if (account !== undefined && account.participant !== ENDPOINT_EVENTS) {
    const isAudio = account.medium.name === 'audio';
    const { name: event } = isAudio ? audioSeparateEvent : videoSeparatePngEvent;
    return { kind: 'text', bytes: bytes.length, event };
  }
  if (bytes[0] !== TEXT && bytes[0] !== BINARY) return null;
  const event = /^\s*\{\s*"event"\s*:\s*"([^"]{0,100})"/.exec(beginningOf(bytes))?.[1] ?? '';
  return { kind: bytes[0] === TEXT ? 'text' : 'binary', bytes: bytes.length, event: plainText(event) };
}

/** Our masks are zero: the payload stands there as it is. */
function beginningOf(bytes: Buffer): string {
  const length = (bytes[1] ?? 0) & 0x7f;
  const start = 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + MASK_BYTES;
  return bytes.toString('utf8', start, start + MAX_PEEK);
}
