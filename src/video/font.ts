/**
 * A bitmap font of our own: ASCII in five by seven dots. Accents fall away, and what is not ASCII after that is a box. Drawn here
 * because pictures must have the same bytes on every machine, which no installed font has.
 */

/** Width and height of a glyph in dots, without the gap beside it. */
export const GLYPH = { columns: 5, rows: 7 } as const;

/** Five columns a glyph, the lowest bit on top; from the space to the tilde, eight in a line. */
const TABLE = [
  '0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0005030000',
  '001c224100 0041221c00 2a1c7f1c2a 08083e0808 0050300000 0808080808 0060600000 2010080402',
  '3e5149453e 00427f4000 7249494946 2141494d33 1814127f10 2745454539 3c4a494931 4121110907',
  '3649494936 464949291e 0036360000 0056360000 0814224100 1414141414 0041221408 0201590906',
  '3e415d594e 7c1211127c 7f49494936 3e41414122 7f4141413e 7f49494941 7f09090901 3e41415173',
  '7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f021c027f 7f0408107f 3e4141413e',
  '7f09090906 3e4151215e 7f09192946 2649494932 01017f0101 3f4040403f 1f2040201f 3f4038403f',
  '6314081463 0304780403 6159494d43 007f414100 0204081020 0041417f00 0402010204 4040404040',
  '0003070800 2054547840 7f28444438 3844444428 384444287f 3854545418 00087e0902 0c52524c3e',
  '7f08040478 00447d4000 2040403d00 7f10284400 00417f4000 7c04780478 7c08040478 3844444438',
  '7c14141408 081414147c 7c08040408 4854545424 04043f4424 3c4040207c 1c2040201c 3c4030403c',
  '4428102844 0c5050503c 4464544c44 0008364100 0000770000 0041360800 0201020402',
]
  .join(' ')
  .split(' ')
  .map((glyph) => Uint8Array.from(Buffer.from(glyph, 'hex')));
const BOX = Uint8Array.of(0x7f, 0x41, 0x41, 0x41, 0x7f);
const FIRST = 0x20;

/** Letters with accents, taken apart, have these behind the letter. */
const ACCENTS = /\p{Mark}/gu;

/** The glyphs of a text, each as its columns. */
export function glyphsOf(text: string): readonly Uint8Array[] {
  return Array.from(
    text.normalize('NFD').replace(ACCENTS, ''),
    (character) => TABLE[character.codePointAt(0)! - FIRST] ?? BOX,
  );
}
