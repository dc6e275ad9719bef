/** `video_separate_h264.data`: one participant's video as it comes from the platform. Not emulated. */
import type { EventEntry } from './event.ts';

export const videoSeparateH264Event: EventEntry = {
  name: 'video_separate_h264.data',
  artifact: { ref: 'video_separate', config: 'video_separate_h264', required: true },
  transports: ['websocket'],
};
