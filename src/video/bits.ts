/** Bits as H.264 writes them: fixed lengths and Exp-Golomb codes (ITU-T H.264, 7.2 and 9.1), ended as a NAL unit is. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #length = 0;
  /** Bits of the byte that is being written. */
  #bits = 0;
  #byte = 0;

  /** `capacity`: bytes, at most. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** u(n): `count` bits, the highest first. */
  fixed(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#byte = (this.#byte << 1) | ((value >>> bit) & 1);
      if (++this.#bits === 8) this.#push();
    }
    return this;
  }

  /** ue(v): small numbers are short. */
  unsigned(...values: readonly number[]): this {
    for (const value of values) {
      const length = 32 - Math.clz32(value + 1);
      this.fixed(0, length - 1).fixed(value + 1, length);
    }
    return this;
  }

  /** Zeros up to the next whole byte. */
  align(): this {
    return this.#bits === 0 ? this : this.fixed(0, 8 - this.#bits);
  }

  /** One whole byte; the writer is aligned. */
  byte(value: number): void {
    this.#bytes[this.#length++] = value;
  }

  /** The NAL unit: `header`, then what was written with its end, so that nothing in it looks like a start code (7.4.1). */
  unit(header: number): Uint8Array {
    this.fixed(1, 1).align();
    const escaped = new Uint8Array(1 + Math.ceil(this.#length * 1.5));
    escaped[0] = header;
    let length = 1;
    let zeros = 0;
    for (const byte of this.#bytes.subarray(0, this.#length)) {
      if (zeros >= 2 && byte <= 3) {
        escaped[length++] = 3;
        zeros = 0;
      }
      escaped[length++] = byte;
      zeros = byte === 0 ? zeros + 1 : 0;
    }
    return escaped.subarray(0, length);
  }

  #push(): void {
    this.#bytes[this.#length++] = this.#byte;
    this.#bits = 0;
    this.#byte = 0;
  }
}
