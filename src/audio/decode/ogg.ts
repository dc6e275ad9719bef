/** The packets of the first stream in an Ogg file (RFC 3533). Knows nothing of what they hold. */

const HEAD = 27;
const CONTINUED = 1;
const LAST = 4;
/** A longer packet is none of an audio codec; it is made to keep us busy. */
const MAX_PACKET_BYTES = 1024 * 1024;

interface Page {
  readonly flags: number;
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly lengths: Uint8Array;
  /** Of its first byte of content, and behind its last. */
  readonly start: number;
  readonly end: number;
}

/** Read once, from its beginning to its end; what it says of itself is known then. Nothing of it throws. */
export class OggStream {
  readonly #bytes: Uint8Array;
  #granule = 0n;
  #last: Page | undefined;
  #damage: string | undefined;
  /** Parts of a packet that is not at its end yet. */
  #parts: Uint8Array[] = [];
  #partBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Position of the last page that ends a packet, in units of the codec. */
  get granule(): bigint {
    return this.#granule;
  }

  /** Whether the stream says that it ends here. */
  get hasEnd(): boolean {
    return this.#last !== undefined && (this.#last.flags & LAST) !== 0;
  }

  /** What is missing in between or at the end; undefined when nothing is. */
  get damage(): string | undefined {
    return this.#damage;
  }

  /** In order, without empty ones; none when this is no Ogg. */
  *packets(): Generator<Uint8Array> {
    let serial: number | undefined;
    for (let at = 0; at < this.#bytes.length; ) {
      const page = pageAt(this.#bytes, at);
      if (page === undefined) {
        this.#damage ??= 'it is cut off or damaged';
        at = nextPage(this.#bytes, at + 1);
        continue;
      }
      at = page.end;
      serial ??= page.serial;
      if (page.serial === serial) yield* this.#packetsOf(page);
      else this.#damage ??= 'it holds further streams, which are not read';
    }
  }

  *#packetsOf(page: Page): Generator<Uint8Array> {
    const isNext = this.#last === undefined || this.#last.sequence === page.sequence - 1;
    if (!isNext) this.#damage ??= 'pages are missing in it';
    const continues = (page.flags & CONTINUED) !== 0;
    if (!continues || !isNext) this.#forget();
    // The rest of a packet whose beginning is lost.
    let isLost = continues && this.#parts.length === 0;
    let position = page.start;
    for (const length of page.lengths) {
      if (this.#partBytes < MAX_PACKET_BYTES)
        this.#parts.push(this.#bytes.subarray(position, position + length));
      this.#partBytes += length;
      position += length;
      if (length === 255) continue;
      const packet = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
      if (!isLost && packet.length > 0) yield packet;
      isLost = false;
      this.#forget();
    }
    if (page.granule >= 0n) this.#granule = page.granule;
    this.#last = page;
  }

  #forget(): void {
    this.#parts = [];
    this.#partBytes = 0;
  }
}

/** Undefined where no whole page begins. */
function pageAt(bytes: Uint8Array, at: number): Page | undefined {
  if (at + HEAD > bytes.length || !isCapture(bytes, at)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const start = at + HEAD + view.getUint8(26);
  if (start > bytes.length) return undefined;
  const lengths = bytes.subarray(at + HEAD, start);
  const end = lengths.reduce((sum, length) => sum + length, start);
  if (end > bytes.length) return undefined;
  return {
    flags: view.getUint8(5),
    granule: view.getBigInt64(6, true),
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    lengths,
    start,
    end,
  };
}

function isCapture(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;
}

/** Where the next page may begin; the end when there is none. */
function nextPage(bytes: Uint8Array, from: number): number {
  const next = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('OggS', from, 'latin1');
  return next === -1 ? bytes.length : next;
}
