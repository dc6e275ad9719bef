/**
 * Finds the WebSocket frames among bytes that should be nothing else: for receivers that write something of their own into the
 * raw socket. What is a frame goes on whole, everything else is left out and told. Knows the rules of RFC 6455 for frames that
 * a server sends; does not decode payloads.
 */

const FIN = 0x80;
const RESERVED_BITS = 0x70;
const MASK_BIT = 0x80;
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** A receiver has no business sending us more than this in one frame; a header that says so is none. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
const EMPTY_CLOSE = Buffer.from([FIN | OPCODE.close, 0]);

/** Of a receiver that writes nothing but rubbish, this much is enough to see. */
const MAX_TOLD = 3;

interface Header {
  readonly opcode: number;
  readonly fin: boolean;
  /** Bytes before the payload. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

export class FrameFilter {
  readonly #onStray: (bytes: Buffer, isFirst: boolean) => void;
  #buffered: Buffer = Buffer.alloc(0);
  /** A message has begun whose last fragment has not come. */
  #inMessage = false;
  #closed = false;
  #hasFrames = false;
  #told = 0;

  /** `onStray` is told of the first few runs of bytes that are no frame; `isFirst` while there has been no frame before them. */
  constructor(onStray: (bytes: Buffer, isFirst: boolean) => void) {
    this.#onStray = onStray;
  }

  /** Takes what came; returns the frames that are complete by now. Nothing follows a close frame. */
  push(chunk: Buffer): Buffer[] {
    if (this.#closed) return [];
    const bytes = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    let strayFrom = 0;
    while (!this.#closed) {
      const header = readHeader(bytes, at, this.#inMessage);
      if (header === 'incomplete') break;
      if (header === undefined) {
        at++;
        continue;
      }
      const end = at + header.headerBytes + header.payloadBytes;
      if (end > bytes.length) break;
      this.#tell(bytes.subarray(strayFrom, at));
      frames.push(this.#take(header, bytes.subarray(at, end)));
      at = end;
      strayFrom = end;
    }
    this.#tell(bytes.subarray(strayFrom, at));
    this.#buffered = Buffer.from(bytes.subarray(at));
    return frames;
  }

  #take({ opcode, fin, headerBytes, payloadBytes }: Header, frame: Buffer): Buffer {
    this.#hasFrames = true;
    if (opcode < OPCODE.close) this.#inMessage = !fin;
    if (opcode !== OPCODE.close) return frame;
    this.#closed = true;
    const hasValidCode = payloadBytes >= 2 && isCloseCode(frame.readUInt16BE(headerBytes));
    return payloadBytes === 0 || hasValidCode ? frame : EMPTY_CLOSE;
  }

  #tell(stray: Buffer): void {
    if (stray.length > 0 && this.#told++ < MAX_TOLD) this.#onStray(stray, !this.#hasFrames);
  }
}

/** The header at a place; undefined when there is none, `incomplete` when more bytes have to come to tell. */
function readHeader(bytes: Buffer, at: number, inMessage: boolean): Header | 'incomplete' | undefined {
  if (at >= bytes.length) return 'incomplete';
  const first = bytes[at]!;
  const opcode = first & 0x0f;
  const fin = (first & FIN) !== 0;
  const control = opcode >= OPCODE.close;
  if ((first & RESERVED_BITS) !== 0 || opcode > OPCODE.pong) return undefined;
  if (opcode > OPCODE.binary && !control) return undefined;
  if (control && !fin) return undefined;
  if (!control && (opcode === OPCODE.continuation) !== inMessage) return undefined;
  if (at + 1 >= bytes.length) return 'incomplete';
  const second = bytes[at + 1]!;
  if ((second & MASK_BIT) !== 0) return undefined;
  if (second < 126) return { opcode, fin, headerBytes: 2, payloadBytes: second };
  // A control frame has at most 125 bytes.
  if (control) return undefined;
  const headerBytes = second === 126 ? 4 : 10;
  if (at + headerBytes > bytes.length) return 'incomplete';
  const payloadBytes = second === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return payloadBytes <= MAX_PAYLOAD_BYTES ? { opcode, fin, headerBytes, payloadBytes } : undefined;
}

/** Codes that may stand in a close frame (RFC 6455 §7.4). */
function isCloseCode(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)
  );
}
