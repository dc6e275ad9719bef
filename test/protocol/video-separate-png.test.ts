import { describe, expect, it } from 'vitest';
import {
  readRealtimeEvent,
  videoSeparatePngDataSchema,
  videoSeparatePngDataStrictSchema,
} from '../../src/protocol/index.ts';
import { Picture } from '../../src/video/picture.ts';

const ref = (id: string) => ({ id, metadata: {} });
const png = Buffer.from(new Picture({ id: 100, name: 'Ada', type: 'webcam', index: 0 }).at(1));
const message = (changes: object = {}) => ({
  event: 'video_separate_png.data',
  data: {
    data: {
      buffer: png.toString('base64'),
      timestamp: { relative: 1, absolute: '2025-01-29T23:49:58.570998+00:00' },
      type: 'webcam',
      participant: { id: 100, name: 'Ada', is_host: true, platform: 'desktop', extra_data: {} },
      ...changes,
    },
    realtime_endpoint: ref('e'),
    video_separate: ref('v'),
    recording: ref('r'),
    bot: ref('b'),
  },
});

describe('video_separate_png.data', () => {
  it('is an event like the others', () => {
    expect(readRealtimeEvent(message())).toEqual({ kind: 'event', event: message() });
    expect(videoSeparatePngDataStrictSchema.safeParse(message({ type: 'screenshare' })).success).toBe(true);
  });

  it('keeps unknown fields when read, and refuses them when written', () => {
    expect(videoSeparatePngDataSchema.safeParse(message({ codec: 'png' })).success).toBe(true);
    expect(videoSeparatePngDataStrictSchema.safeParse(message({ codec: 'png' })).success).toBe(false);
  });

  it.each([
    ['another type', { type: 'camera' }],
    ['no type', { type: undefined }],
    ['base64 without padding', { buffer: 'iVBORw0KGgo' }],
    ['URL-safe base64', { buffer: 'iVBORw0KGgr_-___' }],
    ['what is no PNG', { buffer: Buffer.from('\u0089PNG\r\n\u001a\u000b....', 'latin1').toString('base64') }],
    ['an empty buffer', { buffer: '' }],
  ])('refuses %s', (_, changes) => {
    expect(readRealtimeEvent(message(changes)).kind).toBe('invalid');
  });

  it.each([0, 1, 2, 3, 255])('takes any byte (%i) behind the signature', (byte) => {
    const buffer = Buffer.from([...png.subarray(0, 8), byte]).toString('base64');
    expect(readRealtimeEvent(message({ buffer })).kind).toBe('event');
  });
});
