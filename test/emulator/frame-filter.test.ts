import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameFilter } from '../../src/emulator/frame-filter.ts';
import { closeFrame, OPCODE, serverFrame } from '../support/raw-receiver.ts';

interface Filtered {
  readonly frames: string[];
  readonly strays: string[];
  readonly first: boolean[];
}

/** Pushes the bytes in pieces of these sizes, in turn. */
function filter(bytes: Buffer, sizes: readonly number[]): Filtered {
  const strays: string[] = [];
  const first: boolean[] = [];
  const frames: string[] = [];
  const made = new FrameFilter((stray, isFirst) => {
    strays.push(stray.toString('hex'));
    first.push(isFirst);
  });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    frames.push(...made.push(bytes.subarray(at, at + size)).map((frame) => frame.toString('hex')));
    at += size;
  }
  return { frames, strays, first };
}

/** A payload in which, as in its length, no frame can begin. */
const NO_HEADER = Buffer.alloc(40, 0xff);

const whole = (bytes: Buffer): Filtered => filter(bytes, [bytes.length || 1]);
const sizesArb = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** Bytes of which none can begin a frame: printable text, line breaks, and bytes with reserved bits. */
const strayArb = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.constantFrom(0x0a, 0x0d, 0xf1, 0xff)), {
    minLength: 1,
    maxLength: 30,
  })
  .map((bytes) => Buffer.from(bytes));

const payloadArb = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const controlArb = fc
  .tuple(fc.constantFrom(OPCODE.ping, OPCODE.pong), fc.uint8Array({ maxLength: 125 }))
  .map(([opcode, bytes]) => [serverFrame(opcode, Buffer.from(bytes))]);
const messageArb = fc
  .tuple(fc.constantFrom(OPCODE.text, OPCODE.binary), fc.array(payloadArb, { minLength: 1, maxLength: 4 }))
  .map(([opcode, parts]) =>
    parts.map((part, index) =>
      serverFrame(index === 0 ? opcode : OPCODE.continuation, part, { fin: index === parts.length - 1 }),
    ),
  );
/** Frames of whole messages and control frames; strays may stand between any two. */
const mixArb = fc
  .array(fc.oneof(controlArb, messageArb), { maxLength: 8 })
  .map((groups) => groups.flat())
  .chain((frames) =>
    fc
      .array(fc.option(strayArb, { nil: undefined }), {
        minLength: frames.length + 1,
        maxLength: frames.length + 1,
      })
      .map((strays) => ({ frames, strays })),
  );

describe('the frame filter', () => {
  it('delivers exactly the frames, whatever stands between them and however the bytes are cut', () => {
    fc.assert(
      fc.property(mixArb, sizesArb, ({ frames, strays }, sizes) => {
        const pieces = strays.flatMap((stray, index) => [
          ...(stray === undefined ? [] : [stray]),
          ...(frames[index] === undefined ? [] : [frames[index]]),
        ]);
        const bytes = Buffer.concat(pieces);
        const expected = frames.map((frame) => frame.toString('hex'));
        const atOnce = whole(bytes);
        expect(atOnce.frames).toEqual(expected);
        expect(filter(bytes, sizes).frames).toEqual(expected);
        const told = strays.filter((stray) => stray !== undefined).map((stray) => stray.toString('hex'));
        expect(atOnce.strays).toEqual(told.slice(0, 3));
      }),
      { numRuns: 500 },
    );
  });

  it('delivers the same whatever the bytes are, however they are cut, and never more than came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), sizesArb, (data, sizes) => {
        const bytes = Buffer.from(data);
        const atOnce = whole(bytes);
        const cut = filter(bytes, sizes);
        expect(cut.frames).toEqual(atOnce.frames);
        expect(atOnce.frames.join('').length).toBeLessThanOrEqual(2 * bytes.length);
        expect(cut.strays.length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 1_000 },
    );
  });

  it('says whether a stray came before any frame', () => {
    const ping = serverFrame(OPCODE.ping);
    expect(whole(Buffer.concat([Buffer.from('hello'), ping, Buffer.from('again')])).first).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    ['a masked frame', serverFrame(OPCODE.text, NO_HEADER, { masked: true })],
    ['reserved bits', serverFrame(OPCODE.text, NO_HEADER, { reserved: 0x40 })],
    ['an opcode of nobody', serverFrame(3, NO_HEADER)],
    ['a control opcode of nobody', serverFrame(11, NO_HEADER)],
    ['a continuation of nothing', serverFrame(OPCODE.continuation, NO_HEADER)],
    ['a ping in fragments', serverFrame(OPCODE.ping, NO_HEADER, { fin: false })],
    ['a ping of 126 bytes', serverFrame(OPCODE.ping, Buffer.alloc(126, 0xff))],
    [
      'a message above 1 MiB',
      Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x10, 0, 1]), Buffer.alloc(64, 0xff)]),
    ],
    ['a length of 2^63', Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ])('takes %s for no frame, and finds the next', (_what, bytes) => {
    const ping = serverFrame(OPCODE.ping, 'after');
    const { frames } = whole(Buffer.concat([bytes, Buffer.from([0xff, 0xff]), ping]));
    expect(frames.at(-1)).toBe(ping.toString('hex'));
    expect(frames).not.toContain(bytes.toString('hex'));
  });

  it('takes no masked frame for one with a longer header', () => {
    expect(whole(serverFrame(OPCODE.text, Buffer.alloc(40), { masked: true })).frames).toEqual([]);
  });

  it('takes control frames between the fragments of a message', () => {
    const frames = [
      serverFrame(OPCODE.text, 'be', { fin: false }),
      serverFrame(OPCODE.ping, 'between'),
      serverFrame(OPCODE.pong),
      serverFrame(OPCODE.continuation, 'g', { fin: false }),
      serverFrame(OPCODE.continuation, 'in'),
    ];
    expect(whole(Buffer.concat(frames)).frames).toEqual(frames.map((frame) => frame.toString('hex')));
  });

  it('takes a text inside a message in fragments for no frame', () => {
    const begin = serverFrame(OPCODE.text, 'be', { fin: false });
    const inside = serverFrame(OPCODE.text, 'no');
    const end = serverFrame(OPCODE.continuation, 'gin');
    expect(whole(Buffer.concat([begin, inside, end])).frames).toEqual(
      [begin, end].map((frame) => frame.toString('hex')),
    );
  });

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 1024 * 1024])('takes a message of %i bytes', (length) => {
    const frame = serverFrame(OPCODE.binary, Buffer.alloc(length, 0xff));
    expect(whole(frame).frames).toEqual([frame.toString('hex')]);
    expect(whole(frame).strays).toEqual([]);
  });

  it('lets nothing follow a close frame', () => {
    const close = closeFrame(1011, 'enough');
    const after = serverFrame(OPCODE.ping);
    for (const sizes of [[1], [1_000]]) {
      const { frames, strays } = filter(
        Buffer.concat([Buffer.from('x'), close, after, Buffer.from('tail')]),
        sizes,
      );
      expect(frames).toEqual([close.toString('hex')]);
      expect(strays).toEqual([Buffer.from('x').toString('hex')]);
    }
  });

  it.each([1000, 1001, 1003, 1007, 1014, 3000, 4999])('passes a close with %i as it is', (code) => {
    const close = closeFrame(code, 'bye');
    expect(whole(close).frames).toEqual([close.toString('hex')]);
    const short = closeFrame(code);
    expect(whole(short).frames).toEqual([short.toString('hex')]);
  });

  it.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000])(
    'makes a close with %i, which is none, one without a code',
    (code) => {
      expect(whole(closeFrame(code, 'bye')).frames).toEqual(['8800']);
      expect(whole(serverFrame(OPCODE.close, 'x')).frames).toEqual(['8800']);
    },
  );

  it('passes a close without a code', () => {
    expect(whole(closeFrame()).frames).toEqual(['8800']);
  });
});
