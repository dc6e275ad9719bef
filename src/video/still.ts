/**
 * A still picture as H.264 (Constrained Baseline): one frame of raw samples (I_PCM macroblocks), then frames of a few bytes that
 * say "as before". No encoder is needed for that, and nothing is lost. The frames have lengths before their units, as in MP4.
 */
import { PICTURE_SIZE } from '../protocol/video-separate-png.ts';
import { BitWriter } from './bits.ts';
import type { Card } from './title-card.ts';

const MACROBLOCK = 16;
const COLUMNS = PICTURE_SIZE.width / MACROBLOCK;
const ROWS = Math.ceil(PICTURE_SIZE.height / MACROBLOCK);
const RAW_BYTES = COLUMNS * ROWS * MACROBLOCK * MACROBLOCK * 1.5;
/** Rows that are in the last macroblocks and not in the picture; they are counted in pairs. */
const CROPPED_PAIRS = (ROWS * MACROBLOCK - PICTURE_SIZE.height) / 2;

/** Constrained Baseline, level 3.1. */
const PROFILE = [0x42, 0xc0, 0x1f] as const;
export const STILL_CODEC = 'avc1.42c01f';

/** NAL unit headers: what it is, and that others are made of it. */
const UNIT = { sequence: 0x67, picture: 0x68, key: 0x65, repeat: 0x41 } as const;

/** Values of ue(v) in slices (7.4.3, 7.4.5). */
const SLICE = { repeat: 5, key: 7 } as const;
const RAW_MACROBLOCK = 25;
const NO_DEBLOCKING = 1;
/** `frame_num` has four bits. */
const FRAME_NUMBERS = 16;

export interface Still {
  /** The `avcC` box's content. */
  readonly description: Uint8Array;
  /** The picture itself. */
  readonly key: Uint8Array;
  /** The same picture again; `number` counts from the last key frame, which is 0. */
  repeat(number: number): Uint8Array;
}

export function stillOf(card: Card): Still {
  const sequence = new BitWriter(64)
    .fixed((PROFILE[0] << 16) | (PROFILE[1] << 8) | PROFILE[2], 24)
    // Its id, the bits of frame_num over 4, output in the order of decoding, one reference.
    .unsigned(0, 0, 2, 1)
    .fixed(0, 1)
    .unsigned(COLUMNS - 1, ROWS - 1)
    // Frames, not fields; 8x8 inference; cropped.
    .fixed(0b111, 3)
    .unsigned(0, 0, 0, CROPPED_PAIRS)
    .fixed(0, 1)
    .unit(UNIT.sequence);
  const picture = new BitWriter(64)
    .unsigned(0, 0)
    // CAVLC, no field order; one slice group, one reference a list; no weights; three offsets of 0.
    .fixed(0, 2)
    .unsigned(0, 0, 0)
    .fixed(0, 3)
    .unsigned(0, 0, 0)
    // Slices say themselves whether they are deblocked.
    .fixed(0b100, 3)
    .unit(UNIT.picture);
  return {
    description: Uint8Array.of(
      1,
      ...PROFILE,
      0xff,
      0xe1,
      ...lengthOf(sequence, 2),
      ...sequence,
      1,
      ...lengthOf(picture, 2),
      ...picture,
    ),
    key: withLength(keyUnit(card)),
    repeat: (number) => withLength(repeatUnit(number % FRAME_NUMBERS)),
  };
}

function keyUnit({ canvas, palette }: Card): Uint8Array {
  const colours = palette.map(limited);
  const bits = new BitWriter(RAW_BYTES + 4 * COLUMNS * ROWS + 64);
  // First macroblock, kind, parameters; frame_num; idr_pic_id; no flags of references; quality as it is.
  bits.unsigned(0, SLICE.key, 0).fixed(0, 4).unsigned(0).fixed(0, 2).unsigned(0, NO_DEBLOCKING);
  const plane = (component: number, left: number, top: number, step: number): void => {
    for (let y = top; y < top + MACROBLOCK; y += step)
      for (let x = left; x < left + MACROBLOCK; x += step)
        bits.byte(colours[canvas.at(x, Math.min(y, PICTURE_SIZE.height - 1))]![component]!);
  };
  for (let top = 0; top < ROWS * MACROBLOCK; top += MACROBLOCK) {
    for (let left = 0; left < PICTURE_SIZE.width; left += MACROBLOCK) {
      bits.unsigned(RAW_MACROBLOCK).align();
      plane(0, left, top, 1);
      plane(1, left, top, 2);
      plane(2, left, top, 2);
    }
  }
  return bits.unit(UNIT.key);
}

function repeatUnit(frameNumber: number): Uint8Array {
  return (
    new BitWriter(64)
      .unsigned(0, SLICE.repeat, 0)
      .fixed(frameNumber, 4)
      // The references as they are, in their order, and as they slide; quality as it is.
      .fixed(0, 3)
      .unsigned(0, NO_DEBLOCKING)
      // Every macroblock is skipped.
      .unsigned(COLUMNS * ROWS)
      .unit(UNIT.repeat)
  );
}

/** Luma and both chromas of a colour (ITU-R BT.601, limited range): none of them is ever 0. */
function limited([red = 0, green = 0, blue = 0]: readonly number[]): readonly number[] {
  return [
    Math.round(16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255),
    Math.round(128 + (-37.797 * red - 74.203 * green + 112 * blue) / 255),
    Math.round(128 + (112 * red - 93.786 * green - 18.214 * blue) / 255),
  ];
}

function withLength(unit: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + unit.length);
  bytes.set(lengthOf(unit, 4));
  bytes.set(unit, 4);
  return bytes;
}

function lengthOf({ length }: Uint8Array, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => (length >>> (8 * (bytes - 1 - index))) & 0xff);
}
