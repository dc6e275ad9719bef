/** `video_separate_png.data` and `video_separate_h264.data`: one participant's pictures. Not emulated. */
import type { EventEntry } from './event.ts';

export const videoSeparatePngEvent: EventEntry = {
  name: 'video_separate_png.data',
  artifact: { ref: 'video_separate', config: 'video_separate_png', required: true },
  transports: ['websocket'],
};

export const videoSeparateH264Event: EventEntry = {
  name: 'video_separate_h264.data',
  artifact: { ref: 'video_separate', config: 'video_separate_h264', required: true },
  transports: ['websocket'],
};
